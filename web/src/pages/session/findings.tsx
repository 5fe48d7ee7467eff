import type { Output } from '../../api/client.ts'
import { ms } from '../../time/format.ts'
import { plain } from '../../ui/plain.ts'

export function Findings({
  session: { findings },
  onOpen,
  onSeek,
}: {
  session: Output<'session'>
  onOpen: (id: string) => void
  onSeek: (at: number) => void
}) {
  if (findings.length === 0) return null
  return (
    <div className="session-findings">
      {findings.map(({ id, title, severity, time }) => (
        <button
          key={id}
          type="button"
          className={`tag ${severity === 'high' || severity === 'critical' ? 'red' : 'amber'}`}
          onClick={() => {
            onOpen(id)
            const at = ms(time)
            if (at !== undefined) onSeek(at)
          }}
        >
          {severity}: {plain(title)}
        </button>
      ))}
    </div>
  )
}
