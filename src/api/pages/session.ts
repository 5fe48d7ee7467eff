import { sql } from '../../lib/sql.ts'
import type { Subject } from '../../review/population.ts'
import type { Context } from '../context.ts'
import type { Answer } from '../contract.ts'
import { listedFindings } from './finding-rows.ts'
import { reviewOfSubject } from './review-of.ts'
import { whyOf } from './risk.ts'
import { type SessionRow, sessionRow } from './session-of.ts'

interface Pieces {
  pieces: number
  lines: number
  streamed: number
  gaps: { from: string; to: string; seconds: number }[] | null
}

export async function sessionOf({ id }: { id: string }, context: Context): Promise<Answer> {
  const row = await sessionRow(context, id)
  const found = await listedFindings(context, row)
  const [pieces] =
    row.f_sessionid === null
      ? []
      : await context.objects<Pieces>(sql(new URL('../sql/session-pieces.sql', import.meta.url)), {
          f_sessionid: row.f_sessionid,
          since: row.from_time,
          until: row.until_time,
        })
  const [neighbours] = await context.objects<{ newer: string | null; older: string | null }>(
    sql(new URL('../sql/session-neighbours.sql', import.meta.url)),
    { id: row.id, who: row.who, begun: row.begun },
  )
  const { why, risk } = whyOf({
    kind: 'session',
    outcome: row.outcome,
    acting_as: row.role_name,
    begunMs: row.begun === null ? null : Date.parse(row.begun),
    changes: row.api_changes ?? 0,
    errors: row.api_errors ?? 0,
    output_lines: row.output_lines,
    document: row.document,
    findings: found.length,
    severe: found.filter(({ severity }) => severity === 'high' || severity === 'critical').length,
    tools: null,
    guardrail: 0,
  })
  const delivered = deliveryOf(pieces)
  return {
    kind: 'json',
    seen: { rows: 1, about: row.id },
    value: {
      version: context.version.number,
      session: {
        id: row.id,
        kind: 'session',
        who: row.who,
        acting_as: row.role_name,
        where: row.instance,
        started: row.begun,
        ended: row.ended,
        minutes: row.minutes,
        outcome: row.outcome,
        errorcode: row.errorcode,
        account: row.recipientaccountid,
        region: row.awsregion,
        reason: row.reason,
        output_lines: row.output_lines,
        calls: row.api_calls ?? 0,
        changes: row.api_changes ?? 0,
        errors: row.api_errors ?? 0,
        findings: found.length,
        risk,
        why,
        review: await reviewOfSubject(context, subjectOf(row)),
        sessionid: row.sessionid,
        document: row.document,
        address: row.sourceipaddress,
        arn: row.useridentity_arn,
        access_key: row.useridentity_accesskeyid,
        source_identity: row.useridentity_sessioncontext_sourceidentity,
        terminated_by: row.terminated_by,
        resumed: row.resumed ?? 0,
        run_as: row.runasuser,
      },
      output: {
        delivery: delivered,
        timed: delivered === 'streamed',
        pieces: pieces?.pieces ?? 0,
        lines: pieces?.lines ?? 0,
        from: row.output_from,
        until: row.output_until,
        missing: missingOf(row, pieces),
        gaps: pieces?.gaps ?? [],
      },
      findings: found,
      neighbours: neighbours ?? { newer: null, older: null },
    },
  }
}

/** The session, as the review rules see it. */
function subjectOf(row: SessionRow): Subject {
  const { id, who, role_name: acting_as, outcome, begun: started, ended } = row
  return { id, kind: 'session', who, acting_as, outcome, started, ended }
}

function deliveryOf(pieces: Pieces | undefined): 'streamed' | 'uploaded' | 'both' | 'none' {
  if (!pieces || pieces.pieces === 0) return 'none'
  if (pieces.streamed === pieces.pieces) return 'streamed'
  return pieces.streamed === 0 ? 'uploaded' : 'both'
}

/** Documents of Session Manager that never log output. */
const SILENT = /PortForwarding|StartSSHSession/i

function missingOf(row: SessionRow, pieces: Pieces | undefined): string[] {
  if (row.outcome === 'refused') return ['The session was refused, so that there is no output.']
  if (row.outcome === 'unannounced')
    return [
      'No log has the StartSession of this output: who opened it, and when, is known from the output alone.',
    ]
  if ((pieces?.pieces ?? 0) > 0)
    return row.ended === null ? ['No log tells of the end: more output may come.'] : []
  if (SILENT.test(row.document ?? ''))
    return ['No output was logged. Session Manager logs none for port forwarding and SSH.']
  return [
    'No output was logged: either nothing was shown, or session logging is not set up for this account and Region, or it has not arrived yet.',
  ]
}
