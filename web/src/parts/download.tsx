import { useRef, useState } from 'react'
import { Problem } from '../api/client.ts'
import { Button } from '../ui/button.tsx'
import { Float } from '../ui/float.tsx'
import { say } from '../ui/toast.tsx'

const FORMATS = [
  ['csv', 'CSV', 'byte for byte as in the lake'],
  ['csv-safe', 'CSV for spreadsheets', 'cells that look like formulas begin with an apostrophe'],
  ['ndjson', 'NDJSON', 'one object a line'],
  ['parquet', 'Parquet', 'with types'],
] as const

/**
 * Exports every row behind a page as a file; the page shows only the first ones, or sums of them.
 *
 * @param from asks the server for the file in a format
 */
export function Download({ from, name }: { from: (format: string) => Promise<Response>; name: string }) {
  const anchor = useRef<HTMLDivElement>(null)
  const [open, setOpen] = useState(false)
  const [busy, setBusy] = useState(false)
  const fetchIt = async (format: string) => {
    setOpen(false)
    setBusy(true)
    try {
      const response = await from(format)
      if (!response.ok) throw new Problem(response.status, await response.json().catch(() => ({})), null)
      const link = document.createElement('a')
      link.href = URL.createObjectURL(await response.blob())
      link.download = `${name.toLowerCase().replaceAll(' ', '-')}.${format === 'csv-safe' ? 'csv' : format}`
      link.click()
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
    } catch (error) {
      say(
        error instanceof Problem
          ? `${error.title}: ${error.detail}`
          : `Not exported: ${(error as Error).message}`,
      )
    } finally {
      setBusy(false)
    }
  }
  return (
    <div ref={anchor}>
      <Button
        onClick={() => setOpen(true)}
        off={busy ? 'The export is running' : undefined}
        aria-haspopup="dialog"
      >
        {busy ? 'Exporting…' : 'Export all…'}
      </Button>
      {open && (
        <Float anchor={anchor} onClose={() => setOpen(false)} label="Export all rows">
          {FORMATS.map(([format, title, what]) => (
            <button key={format} type="button" className="item" onClick={() => fetchIt(format)}>
              {title} <small>{what}</small>
            </button>
          ))}
        </Float>
      )}
    </div>
  )
}
