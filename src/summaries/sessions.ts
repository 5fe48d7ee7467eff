import type { Changes } from '../follow/contract.ts'
import { sql } from '../lib/sql.ts'
import { spanOf, within } from './span.ts'
import { sessions } from './tables.ts'
import { type Followed, newRows } from './turn.ts'

const url = (name: string) => new URL(`./sql/${name}.sql`, import.meta.url)

/** Minutes before and after a session in which other calls are counted. */
const AROUND_MINUTES = 15

/**
 * Computes the sessions again that new rows belong to. The rows needed lie between the first and the last row
 * of these sessions, whose times are in their summaries, and a little around that.
 *
 * @returns the SELECT of their rows; undefined when there are none
 */
export async function sessionRows(changes: Changes, tables: Followed): Promise<string | undefined> {
  const { engine, version } = changes
  await engine.run(sql(url('known-sessions'), { rows: await changes.whole(sessions) }))
  const output = newRows(changes, tables.sessionLog)
  const calls = newRows(changes, tables.cloudtrail)
  await engine.run(sql(url('touched-sessions'), { output, calls }))
  const span = await spanOf(engine, 'select from_time, until_time from touched', AROUND_MINUTES)
  if (!span) return undefined
  return sql(url('sessions'), {
    trail: await changes.whole(tables.cloudtrail, within('eventtime', span)),
    log: await changes.whole(tables.sessionLog, within('eventtime', span)),
    version: String(version.number),
  })
}
