import { sql } from '../../lib/sql.ts'
import type { EvidenceRow } from '../../review/digest.ts'
import type { AccessLine } from '../access-log.ts'
import type { Context } from '../context.ts'

/** What a reviewer has looked at, according to the access log: facts without a score. */
export interface Checklist {
  rows_offered: number
  rows_opened: number
  lines: number
  last_line: number | null
  findings: number
  findings_opened: number
  unmasked: boolean
  seconds: number
}

interface SeenInput {
  rows_opened?: string[]
  findings_opened?: string[]
  last_line?: number
  seconds?: number
}

export async function checklistOf(
  context: Context,
  reviewId: string,
  subjectId: string,
  rows: readonly EvidenceRow[],
): Promise<Checklist> {
  const lines = await linesAbout(context, [reviewId, subjectId])
  const opened = new Set<string>()
  const findings = new Set<string>()
  let last: number | null = null
  let seconds = 0
  for (const { operation, input } of lines) {
    if (operation !== 'review-seen') continue
    const seen = JSON.parse(input) as SeenInput
    for (const id of seen.rows_opened ?? []) opened.add(id)
    for (const id of seen.findings_opened ?? []) findings.add(id)
    if (seen.last_line !== undefined) last = Math.max(last ?? 0, seen.last_line)
    seconds += seen.seconds ?? 0
  }
  const offered = new Set(rows.map(({ id }) => id))
  return {
    rows_offered: rows.length,
    rows_opened: [...opened].filter((id) => offered.has(id)).length,
    lines: rows.reduce((sum, row) => sum + linesIn(row), 0),
    last_line: last,
    findings: findings.size,
    findings_opened: findings.size,
    unmasked: lines.some(({ unmasked }) => unmasked),
    seconds,
  }
}

function linesIn({ table, json }: EvidenceRow): number {
  return table === 'session_log' ? Number((JSON.parse(json) as { lines?: number }).lines ?? 0) : 0
}

/**
 * Access log lines about a session for this reader: those in the table, and those that wait for their commit.
 */
async function linesAbout(context: Context, about: readonly string[]): Promise<AccessLine[]> {
  const { reader, version, readAll, accessLog } = context
  const waiting = accessLog
    .pending()
    .filter((line) => line.subject === reader.subject && line.about !== null && about.includes(line.about))
  if (version.catalog.tables.access_log === undefined) return waiting
  const stored = await readAll<AccessLine>(
    version,
    sql(new URL('../sql/access-about.sql', import.meta.url)),
    {
      subject: reader.subject,
      about: JSON.stringify(about),
    },
  )
  const known = new Set(stored.map(({ id }) => id))
  return [...stored, ...waiting.filter(({ id }) => !known.has(id))]
}
