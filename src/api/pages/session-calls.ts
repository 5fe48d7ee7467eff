import { sql } from '../../lib/sql.ts'
import type { Context } from '../context.ts'
import type { Answer } from '../contract.ts'
import { showing } from '../mask.ts'
import { shownRow, tableNamed } from '../mask-rows.ts'
import { sessionRow } from './session-of.ts'

interface Input {
  id: string
  limit: number
}

/** Characters shown; more are read, so that a match across the end is found whole. */
const SHOWN = { requestparameters: 2000 }

/**
 * Filters by time and key: the view `session_api_call`, which covers all sessions, costs a hundred times as
 * much.
 */
export async function sessionCallsOf({ id, limit }: Input, context: Context): Promise<Answer> {
  const session = await sessionRow(context, id)
  const { version } = context
  if (session.started === null)
    return {
      kind: 'json',
      value: { version: version.number, rows: [], total: 0 },
      seen: { about: session.id },
    }
  const table = tableNamed(context, 'cloudtrail')
  const show = showing(context, false)
  const rows = await context.objects(sql(new URL('../sql/session-calls.sql', import.meta.url)), {
    id: session.id,
    f_sessionid: session.f_sessionid,
    started: session.started,
    ended: session.ended ?? session.started,
    key: session.useridentity_accesskeyid,
    identity: session.useridentity_sessioncontext_sourceidentity,
    max: limit,
  })
  return {
    kind: 'json',
    seen: { rows: rows.length, about: session.id },
    value: {
      version: version.number,
      rows: rows.map((row) => shownRow(table, row, show, SHOWN)),
      total: Math.max(rows.length, rows.length === limit ? (session.api_calls ?? 0) : rows.length),
    },
  }
}
