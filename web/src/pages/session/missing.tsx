import type { Output } from '../../api/client.ts'
import { number, plural } from '../../time/format.ts'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/states.tsx'
import type { TerminalProps } from './terminal.tsx'

export function Missing({ session, rows, unmask, mayUnmask, onUnmask, pieces, onMore }: TerminalProps) {
  const masked = pieces.reduce(
    (sum, piece) => sum + piece.masked.reduce((all, { count }) => all + count, 0),
    0,
  )
  const covered = rows.some((row) => row.kind === 'line' && row.overwrites)
  if (session.output.missing.length === 0 && masked === 0 && !covered && !unmask && !onMore) return null
  const last = rows.findLast((row) => row.kind === 'line')
  return (
    <div className="strip">
      {session.output.missing.map((sentence) => (
        <span key={sentence} className="amber">
          {sentence}
        </span>
      ))}
      {onMore && last && (
        <span className="amber">
          The first {number(last.number + 1)} of {plural(session.output.lines, 'line')} are here; search
          covers only these.{' '}
          <Button look="quiet" onClick={onMore}>
            Load more
          </Button>
        </span>
      )}
      {covered && <span className="amber">Some output overwrites other output: compare with Raw.</span>}
      {masked > 0 && !unmask && (
        <span>
          {plural(masked, 'value')} masked{' '}
          {mayUnmask && (
            <Button look="quiet" onClick={onUnmask}>
              Show; it is recorded
            </Button>
          )}
        </span>
      )}
      {unmask && <span className="amber">Shown without masks, and recorded.</span>}
    </div>
  )
}

export function NoOutput({ session: { session } }: { session: Output<'session'> }) {
  if (session.outcome === 'refused')
    return (
      <Empty title="This session was refused">
        {session.errorcode ?? 'AWS'} kept it from opening, so there is no output. Next to it are the person's
        other calls.
      </Empty>
    )
  const forwards = /PortForwarding|SSH/i.test(session.document ?? '')
  return (
    <Empty title="No output was logged">
      {forwards
        ? `Session Manager logs none for ${session.document}, which forwards a port and has no output.`
        : 'Session Manager logs output only if its preferences ask for it, and never for ports and SSH.'}
    </Empty>
  )
}
