import { literal, sql } from '../../lib/sql.ts'
import type { EventRef } from '../entry.ts'
import type { Read } from '../read.ts'
import { conditionOf, type Own, ownOf, type Selection } from '../selection.ts'

/** Like calls of one principal, on one day, in one Region, with one outcome. */
export interface Group {
  principal: string
  account: string
  region: string
  service: string
  call: string
  errorcode: string | null
  denied: boolean
  readonly: boolean
  events: number
  first_time: string
  last_time: string
  /** The first of its events. */
  ids: readonly EventRef[]
  addresses: readonly string[] | null
  /** The principal has never made this call in the days before. */
  is_new: boolean
  /** Rare: all fields below have values. */
  is_rare: boolean
  agent: string | null
  errormessage: string | null
  parameters: string | null
}

const DAY_MS = 86_400_000
const MAX_IDS = 5
/** Events above which a group is never rare. */
const FEW = 2

/** The groups of a selection, in the order of principal and time. */
export async function groupsOf(read: Read, selection: Selection, own: Own, days: number): Promise<Group[]> {
  const since = new Date(Date.parse(selection.since) - days * DAY_MS).toISOString()
  const parts = {
    since: literal(selection.since),
    calls: conditionOf(selection, since),
    own: ownOf(own),
  }
  return await read<Group>(
    sql(new URL('../sql/groups.sql', import.meta.url), {
      call: sql(new URL('../sql/call.sql', import.meta.url), parts),
      max: String(MAX_IDS),
      few: String(FEW),
    }),
  )
}
