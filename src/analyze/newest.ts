import { UserError } from '../lib/errors.ts'
import { sql } from '../lib/sql.ts'
import type { Read } from './read.ts'
import { spanMs } from './settings.ts'

/**
 * A window of time. By default it ends after the newest event of the lake, and has the length of `window`.
 */
export async function windowIn(
  read: Read,
  window: string,
  given: { since?: string | undefined; until?: string | undefined },
): Promise<{ since: string; until: string }> {
  const newest = given.until === undefined ? await behindNewest(read) : undefined
  const until = plain(given.until ?? newest ?? '')
  const since = plain(given.since ?? new Date(Date.parse(until) - spanMs(window)).toISOString())
  if (Date.parse(since) >= Date.parse(until))
    throw new UserError(
      newest === undefined
        ? '--since is not before --until: no event can be in between'
        : `--since is ${since}, and the lake has no event from then on: its newest is before ${until}`,
    )
  return { since, until }
}

/** Counted from here, "the last day" is not empty in a lake that gets no more logs. */
async function behindNewest(read: Read): Promise<string> {
  const [row] = await read<{ newest: string | null }>(sql(new URL('./sql/newest.sql', import.meta.url)))
  if (row?.newest == null) throw new UserError('there are no events of CloudTrail in the lake')
  return new Date(Date.parse(row.newest) + 1000).toISOString()
}

function plain(time: string): string {
  return time.replace('.000Z', 'Z')
}
