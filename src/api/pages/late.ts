import type { Status } from '../../status/status.ts'
import type { Context, Services } from '../context.ts'

/** What is late or missing, a sentence each. */
export interface Late {
  kind: 'source' | 'follower' | 'hole'
  name: string
  what: string
  since: string | null
}

const DAYS = 35
const known = new WeakMap<Services['status'], { key: string; atMs: number; status: Promise<Status> }>()

/** The state is cached no longer than this, since a source can stop without a commit. */
const KEPT_MS = 300_000

/**
 * The state of the lake, cached while only the access log grows, and for some minutes at most.
 *
 * @param staleMs how old it may be although the lake has grown since
 */
export function statusAt(
  { status, version, now }: Pick<Context, 'status' | 'version' | 'now'>,
  staleMs = 0,
): Promise<Status> {
  const { access_log: _, ...tables } = version.catalog.tables
  const key = JSON.stringify([tables, version.catalog.cursors])
  const atMs = now().getTime()
  const found = known.get(status)
  if (found && atMs - found.atMs < (found.key === key ? KEPT_MS : staleMs)) return found.status
  const fresh = status(DAYS)
  known.set(status, { key, atMs, status: fresh })
  fresh.catch(() => known.delete(status))
  return fresh
}

/** A follower that is further behind than this is late. */
const FOLLOWER_LATE_MS = 10 * 60_000
const MAX = 20
/** What is late is late by minutes: it is not worked out anew with each commit. */
const STALE_MS = 60_000

export async function lateOf(context: Context): Promise<Late[]> {
  const { followers, holes, sources } = await statusAt(context, STALE_MS)
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
  return found.slice(0, MAX)
}

export function iso(ms: number | undefined): string | null {
  return ms === undefined || !Number.isFinite(ms) ? null : new Date(ms).toISOString()
}
