import { sql } from '../../lib/sql.ts'
import type { Context } from '../context.ts'
import { notFound } from '../problem.ts'

/** A row of `session_summary`, times as ISO 8601. */
export interface SessionRow {
  id: string
  begun: string | null
  started: string | null
  ended: string | null
  minutes: number | null
  outcome: string
  errorcode: string | null
  who: string | null
  acting_as: string | null
  role_name: string | null
  useridentity_arn: string | null
  sourceipaddress: string | null
  recipientaccountid: string | null
  awsregion: string | null
  instance: string | null
  sessionid: string | null
  f_sessionid: string | null
  document: string | null
  reason: string | null
  terminated_by: string | null
  resumed: number | null
  runasuser: string | null
  output_lines: number
  output_events: number
  output_from: string | null
  output_until: string | null
  api_calls: number | null
  api_changes: number | null
  api_errors: number | null
  useridentity_accesskeyid: string | null
  useridentity_sessioncontext_sourceidentity: string | null
  eventid: string | null
  from_time: string
  until_time: string
}

/** Approximate bytes of a row. A page needs the row of a session three times, and it is read once. */
const BYTES = 4000

/** @throws Problem the same for an unknown session and for one that the reader may not see */
export async function sessionRow(context: Context, id: string): Promise<SessionRow> {
  return await context.kept(['session', id], ['session_summary'], async (within) => {
    const [value] = await within.objects<SessionRow>(sql(new URL('../sql/session.sql', import.meta.url)), {
      id,
    })
    if (!value) throw notFound()
    return { value, bytes: BYTES }
  })
}
