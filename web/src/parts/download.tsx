import { useRef, useState } from 'react'
import { Button } from '../ui/button.tsx'
import { Float } from '../ui/float.tsx'
import { useSaving } from './save-file.ts'

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
 * @param evidence asks it for the signed bundle of the same rows; absent where there is none
 */
export function Download({
  from,
  name,
  evidence,
}: {
  from: (format: string) => Promise<Response>
  name: string
  evidence?: (() => Promise<Response>) | undefined
}) {
  const anchor = useRef<HTMLDivElement>(null)
  const [open, setOpen] = useState(false)
  const { busy, save } = useSaving()
  const called = name.toLowerCase().replaceAll(' ', '-')
  const choose = (ask: () => Promise<Response>, file?: string) => {
    setOpen(false)
    void save(ask, file)
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
            <button
              key={format}
              type="button"
              className="item"
              onClick={() =>
                choose(() => from(format), `${called}.${format === 'csv-safe' ? 'csv' : format}`)
              }
            >
              {title} <small>{what}</small>
            </button>
          ))}
          {evidence && (
            <button type="button" className="item" onClick={() => choose(evidence)}>
              Evidence <small>a signed bundle with the rows, their objects' hashes and proofs</small>
            </button>
          )}
        </Float>
      )}
    </div>
  )
}
