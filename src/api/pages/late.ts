import type { Status } from '../../status/status.ts'
import type { Context, Services } from '../context.ts'

/** What is late or missing, each a sentence. */
export interface Late {
  kind: 'source' | 'follower' | 'hole'
  name: string
  what: string
  since: string | null
}

const DAYS = 35
const known = new WeakMap<Services['status'], { key: string; status: Promise<Status> }>()

/** A source may be stopped without a commit. */
const KEPT_MS = 300_000

/** How the lake stands, worked out once as long as nothing but the access log grows, and for some minutes at most. */
export function statusAt(context: Context): Promise<Status> {
  const { access_log: _, ...tables } = context.version.catalog.tables
  const { cursors } = context.version.catalog
  const key = JSON.stringify([tables, cursors, Math.floor(context.now().getTime() / KEPT_MS)])
  const found = known.get(context.status)
  if (found?.key === key) return found.status
  const status = context.status(DAYS)
  known.set(context.status, { key, status })
  status.catch(() => known.delete(context.status))
  return status
}

/** A source that usually commits and has not for so many times as long is late. */
const FOLLOWER_LATE_MS = 10 * 60_000
const MOST = 20

export async function lateOf(context: Context): Promise<Late[]> {
  const { followers, holes, sources } = await statusAt(context)
  const found: Late[] = []
  for (const { name, stopped, objects, lastCommitMs } of sources) {
    const since = iso(lastCommitMs)
    if (stopped)
      found.push({ kind: 'source', name, what: 'It is stopped: `loglake resume` lets it go on.', since })
    if (objects.deadLetters > 0)
      found.push({
        kind: 'source',
        name,
        what: `${objects.deadLetters} of its messages led to no object.`,
        since,
      })
  }
  for (const { name, state, behind, seenMs } of followers) {
    if (state === 'let-go')
      found.push({
        kind: 'follower',
        name,
        what: 'It was let go, and reads nothing new.',
        since: iso(seenMs),
      })
    else if (behind.rows > 0 && behind.ms > FOLLOWER_LATE_MS)
      found.push({ kind: 'follower', name, what: `${behind.rows} rows wait for it.`, since: iso(seenMs) })
  }
  for (const { account, region, service, from, to } of holes)
    found.push({
      kind: 'hole',
      name: `${account} ${region}`,
      what: `No ${service} file from ${from}${from === to ? '' : ` to ${to}`}.`,
      since: `${from.length === 10 ? `${from}T00` : from}:00:00Z`,
    })
  return found.slice(0, MOST)
}

export function iso(ms: number | undefined): string | null {
  return ms === undefined || !Number.isFinite(ms) ? null : new Date(ms).toISOString()
}
