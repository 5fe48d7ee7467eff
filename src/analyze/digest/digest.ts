import { literal, sql } from '../../lib/sql.ts'
import type { Read } from '../read.ts'
import { conditionOf, type Own, ownOf, type Selection } from '../selection.ts'
import { type Severity, severityOf } from './severity.ts'

/**
 * What stands out in a window, found by counting: no model reads anything. Every line names its events, so
 * that a reader can check it.
 */
export interface Digest {
  selection: Selection
  /** Days with events before the window, which it is compared with. */
  past: { days: number; wanted: number; events: number }
  events: number
  principals: number
  services: number
  regions: number
  accounts: number
  /** Our own events that were left out, by what identified them. */
  own: OwnCount
  lines: readonly Line[]
  /** Number of lines above the maximum, by kind; they are not listed. */
  more: Readonly<Partial<Record<Kind, number>>>
}

export interface OwnCount {
  role: number
  agent: number
  job: number
  place: number
}

export type Kind = 'new' | 'rare' | 'denied' | 'destructive' | 'loud'

export const KINDS: readonly Kind[] = ['destructive', 'denied', 'loud', 'new', 'rare']

export interface Line {
  kind: Kind
  /** What the line is about. */
  about: 'principal' | 'call' | 'service' | 'region'
  severity: Severity
  /** Empty when the line is not about a single one. */
  principal: string
  service: string
  call: string
  region: string
  account: string
  errorcode: string | null
  readonly: boolean
  events: number
  /** The number before: per day; for `loud`, in the same hour of a day; for `rare`, in total. */
  usual: number
  first_time: string
  last_time: string
  /** The first of the events. */
  ids: readonly string[]
}

export interface DigestOptions {
  /** Days before the window. */
  days?: number
  own: Own
  /** Most lines of each kind. */
  lines?: number
  /** Ids of a line. */
  ids?: number
  /** An hour with fewer calls is never loud. */
  loud?: number
}

/** The settings of digests, from `analyze` in loglake.yaml. */
export interface DigestRules extends Pick<DigestOptions, 'own'> {
  /** The length of the window, as in `24h`. */
  window: string
  days: number
}

/** Calls that delete, end, disable or revoke something. */
const DESTRUCTIVE =
  '^(Delete|BatchDelete|Terminate|Remove|Stop|Disable|Deregister|Detach|Revoke|Purge|Reset|Cancel|Disassociate|Deactivate|Release|Reject|Schedule(Key)?Deletion|Archive|Leave)'

const DAYS = 14
const LINES = 20
const IDS = 5
const LOUD = 50
const DAY_MS = 86_400_000

export async function digestOf(read: Read, selection: Selection, options: DigestOptions): Promise<Digest> {
  const { days = DAYS, own, lines = LINES, ids = IDS, loud = LOUD } = options
  const since = new Date(Date.parse(selection.since) - days * DAY_MS).toISOString()
  const parts = {
    since: literal(selection.since),
    calls: conditionOf(selection, since),
    own: ownOf(own),
  }
  const [extent] = await read<Extent>(sql(new URL('../sql/extent.sql', import.meta.url), parts))
  const found = await read<Omit<Line, 'severity'>>(
    sql(new URL('../sql/digest.sql', import.meta.url), {
      call: sql(new URL('../sql/call.sql', import.meta.url), parts),
      since: parts.since,
      max: String(ids),
      loud: String(loud),
      destructive: literal(DESTRUCTIVE),
    }),
  )
  const all = found.map((line): Line => ({ ...line, severity: severityOf(line) }))
  const kept = KINDS.flatMap((kind) => ranked(all.filter((line) => line.kind === kind)).slice(0, lines))
  const more: Partial<Record<Kind, number>> = {}
  for (const kind of KINDS) {
    const left = all.filter((line) => line.kind === kind).length - lines
    if (left > 0) more[kind] = left
  }
  const { own_role, own_agent, own_job, own_place, past_days, past_events, ...counts } = extent as Extent
  return {
    selection,
    past: { days: past_days, wanted: days, events: past_events },
    ...counts,
    own: { role: own_role, agent: own_agent, job: own_job, place: own_place },
    lines: kept,
    more,
  }
}

interface Extent {
  events: number
  principals: number
  services: number
  regions: number
  accounts: number
  past_events: number
  past_days: number
  own_role: number
  own_agent: number
  own_job: number
  own_place: number
}

const RANK: readonly Severity[] = ['high', 'medium', 'low', 'informational']

function ranked(lines: readonly Line[]): Line[] {
  return [...lines].sort((a, b) => RANK.indexOf(a.severity) - RANK.indexOf(b.severity) || b.events - a.events)
}

/** The total of our own events that were left out. */
export function ownEvents({ role, agent, job, place }: OwnCount): number {
  return role + agent + job + place
}
