import { plural } from '../time/format.ts'

/** What is not in the summaries yet, as a sentence; undefined if everything is. */
export function behindText({ rows, ms }: { rows: number | null; ms: number }): string | undefined {
  // Who does not see every row is told no number.
  if (rows === null) return ms > 0 ? 'The newest logs may not be in these numbers yet' : undefined
  return rows > 0 ? `${plural(rows, 'row')} of logs are not in these numbers yet` : undefined
}
