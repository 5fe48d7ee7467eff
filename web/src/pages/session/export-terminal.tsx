import { Download } from 'lucide-react'
import { useRef, useState } from 'react'
import { address, type Output } from '../../api/client.ts'
import { reach } from '../../api/reach.ts'
import { useSaving } from '../../parts/save-file.ts'
import { Button } from '../../ui/button.tsx'
import { Float } from '../../ui/float.tsx'

/** The terminal as a file: a recording where its output has times, and text always; masked as the page shows it. */
export function ExportTerminal({
  id,
  delivery,
  unmask,
}: {
  id: string
  delivery: Output<'session'>['output']['delivery']
  unmask: boolean
}) {
  const anchor = useRef<HTMLDivElement>(null)
  const [open, setOpen] = useState(false)
  const { busy, save } = useSaving()
  const choose = (format: 'cast' | 'text') => {
    setOpen(false)
    void save(() => reach(address('session-export', { id, format, ...(unmask && { unmask: true }) })))
  }
  const masks = unmask ? 'without masks' : 'with masks'
  return (
    <div ref={anchor}>
      <Button
        look="icon"
        title="Export…"
        aria-label={busy ? 'Exporting…' : 'Export…'}
        onClick={() => setOpen(true)}
        off={busy ? 'The export is running' : undefined}
        aria-haspopup="dialog"
      >
        <Download size={14} />
      </Button>
      {open && (
        <Float anchor={anchor} onClose={() => setOpen(false)} label="Export the terminal">
          {delivery !== 'uploaded' && (
            <button type="button" className="item" onClick={() => choose('cast')}>
              Recording <small>for asciinema, with times to the second, {masks}</small>
            </button>
          )}
          <button type="button" className="item" onClick={() => choose('text')}>
            Text{' '}
            <small>
              {masks}
              {delivery === 'uploaded' && '; a recording needs times, and uploaded output has none'}
            </small>
          </button>
        </Float>
      )}
    </div>
  )
}
