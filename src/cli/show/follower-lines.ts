import { grouped, visible } from '../../lib/terminal.ts'
import type { FollowerReport } from '../../run/report.ts'
import { align, type Cell, counted } from './layout.ts'
import type { Paint } from './output.ts'
import { duration } from './source-lines.ts'

/** A line for each follower: rows read and written, how far it is behind, and why it failed. */
export function followerLines(
  reports: readonly FollowerReport[],
  { dim, red }: Paint,
  nowMs: number,
): string[] {
  return align(
    reports.map(({ name, status, rows, written, behind, failure = '', retryMs = nowMs }): Cell[] => {
      const first = [visible(name), status === 'failed' ? red(status) : status]
      if (status === 'failed') {
        const left = Math.max(0, retryMs - nowMs) / 1000
        return [...first, red(`again in ${duration(left)}: ${visible(failure.split('\n')[0] ?? '')}`)]
      }
      return [
        ...first,
        `${grouped(rows)} read`,
        `${grouped(written)} made`,
        behind?.rows ? `${counted(behind.rows, 'row')} behind` : dim('nothing behind'),
      ]
    }),
  )
}
