import { sql } from '../../lib/sql.ts'
import type { Context } from '../context.ts'
import type { Answer } from '../contract.ts'
import { numberAfter } from './cursors.ts'
import { findingCounts } from './finding-rows.ts'
import { type ListedReview, reviewsOf } from './review-of.ts'
import { whyOf } from './risk.ts'
import type { SubjectRow } from './subject.ts'
import { behindOf } from './summaries.ts'

interface Input {
  from: string
  to: string
  kind: string
  state: string
  who?: string | undefined
  order: 'due' | 'risk' | 'newest'
  after?: string | undefined
  limit: number
}

export async function subjectRows(
  context: Context,
  { from, to, kind = 'all', who }: { from: string; to: string; kind?: string; who?: string | undefined },
): Promise<SubjectRow[]> {
  return await context.objects<SubjectRow>(sql(new URL('../sql/sessions.sql', import.meta.url)), {
    since: from,
    until: to,
    kind,
    who: who ?? null,
  })
}

/** Approximate memory of a row in bytes. */
const ROW_BYTES = 800

/** The same, read once for all lists of the span in any order and state. */
export async function keptSubjectRows(
  context: Context,
  { from, to, kind = 'all', who }: Parameters<typeof subjectRows>[1],
): Promise<readonly SubjectRow[]> {
  const reads = ['session_summary', 'conversation_summary']
  return await context.kept(['subjects', from, to, kind, who], reads, async (within) => {
    const value = await subjectRows(within, { from, to, kind, who })
    return { value, bytes: value.length * ROW_BYTES }
  })
}

export async function sessionsOf(input: Input, context: Context): Promise<Answer> {
  const rows = await keptSubjectRows(context, input)
  const [reviews, findings] = await Promise.all([
    reviewsOf(context, rows),
    findingCounts(context, input.from, input.to),
  ])
  const all = rows.map((row) => {
    const found = findings(row)
    const { why, risk } = whyOf({
      kind: row.kind,
      outcome: row.outcome,
      acting_as: row.acting_as,
      begunMs: row.begun_ms,
      changes: row.changes ?? 0,
      errors: row.errors ?? 0,
      output_lines: row.output_lines ?? 0,
      document: row.document,
      findings: found.all,
      severe: found.severe,
      tools: row.tools,
      guardrail: row.guardrail,
    })
    return { row, why, risk, findings: found.all, review: reviews.get(row.id) ?? null }
  })
  const is = (state: string) => all.filter(({ review }) => stateOf(review, state))
  const chosen = input.state === 'all' ? all : is(input.state)
  chosen.sort(
    (a, b) =>
      (input.order === 'risk' ? b.risk - a.risk : 0) ||
      (input.order === 'due' ? dueMs(a.review) - dueMs(b.review) || b.risk - a.risk : 0) ||
      (b.row.begun_ms ?? 0) - (a.row.begun_ms ?? 0),
  )
  const before = numberAfter(input.after)
  const page = chosen.slice(before, before + input.limit)
  return {
    kind: 'json',
    seen: { rows: page.length },
    value: {
      version: context.version.number,
      behind: await behindOf(context),
      rows: page.map(({ row, why, risk, findings: count, review }) => ({
        id: row.id,
        kind: row.kind,
        who: row.who,
        acting_as: row.acting_as,
        where: row.place,
        started: row.started,
        ended: row.ended,
        minutes: row.minutes,
        outcome: row.outcome,
        errorcode: row.errorcode,
        account: row.account,
        region: row.region,
        reason: row.reason,
        output_lines: row.output_lines ?? 0,
        calls: row.calls ?? 0,
        changes: row.changes ?? 0,
        errors: row.errors ?? 0,
        findings: count,
        risk,
        why,
        review,
      })),
      total: chosen.length,
      states: {
        mine: is('mine').length,
        open: is('open').length,
        overdue: is('overdue').length,
        decided: is('decided').length,
        unassigned: is('unassigned').length,
        left_out: is('left-out').length,
      },
      next: before + page.length < chosen.length ? String(before + page.length) : null,
    },
  }
}

/** A decided review has no due date, and sorts last. */
function dueMs(review: ListedReview | null): number {
  if (!review || review.decision !== null || review.due === null) return Number.MAX_SAFE_INTEGER
  return Date.parse(review.due)
}

function stateOf(review: ListedReview | null, state: string): boolean {
  if (state === 'left-out') return review === null
  if (!review) return false
  const open = review.state !== 'closed' && review.state !== 'withdrawn'
  if (state === 'mine') return review.mine && open
  if (state === 'open') return open
  if (state === 'overdue') return open && review.overdue
  if (state === 'decided') return review.state === 'closed'
  return open && review.reviewer === null
}
