import type { Digest } from '../../analyze/digest/digest.ts'
import { digestPage } from '../../analyze/report/digest-page.ts'
import type { Outgoing } from './send.ts'

export function digestOutgoing(made: Digest, text: string): Outgoing {
  const { title } = digestPage(made)
  const [first] = made.lines
  return {
    id: `${made.selection.since}-${made.selection.until}`,
    table: 'digest',
    title,
    severity: made.lines.some(({ severity }) => severity === 'high')
      ? 'high'
      : (first?.severity ?? 'informational'),
    text,
    short: `${title}: ${made.lines.length} lines. It is too long to be sent; \`loglake digest --since ${made.selection.since} --until ${made.selection.until}\` prints it.`,
  }
}
