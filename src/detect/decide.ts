import { randomBytes } from 'node:crypto'
import type { DuckDBValue } from '@duckdb/node-api'
import type { Lake } from '../lake/lake.ts'
import { appendRows } from './append.ts'
import { noteTime } from './note-time.ts'
import { findingNote, suppression } from './tables.ts'

/** Decisions of people on findings: each adds a row, and the newest counts. */

export const STATES = ['open', 'taken', 'closed'] as const
export const VERDICTS = ['true', 'false', 'benign', 'duplicate'] as const

export interface Decision {
  state: (typeof STATES)[number] | undefined
  /** Closes a finding. */
  verdict: string | undefined
  reason: string | undefined
  /** Empty for nobody. */
  assignee: string | undefined
}

/** What is wrong with a decision, for each caller to say in its own words. */
type DecisionFault = 'closed without a verdict' | 'verdict without a reason' | 'verdict without an end'

export function faultOf({ state, verdict, reason = '' }: Decision): DecisionFault | undefined {
  if (verdict === undefined) return state === 'closed' ? 'closed without a verdict' : undefined
  if (state !== undefined && state !== 'closed') return 'verdict without an end'
  return reason.trim() === '' ? 'verdict without a reason' : undefined
}

/** A finding, and when the newest note on it was made. */
export interface Decided {
  id: string
  decided_ms: number | null
}

export async function decide(
  lake: Lake,
  by: string,
  findings: readonly Decided[],
  { state, verdict, reason, assignee }: Decision,
  { name, nowMs }: { name: string; nowMs: number },
): Promise<void> {
  const newest = findings.map(({ decided_ms }) => decided_ms)
  const madeAt = new Date(noteTime(nowMs, newest)).toISOString()
  await appendRows(
    lake,
    by,
    findingNote,
    findings.map(({ id: finding }) => ({
      finding,
      made_at: madeAt,
      made_by: name,
      state: state ?? (verdict === undefined ? null : 'closed'),
      verdict: verdict ?? null,
      // Taking a finding assigns it.
      assignee: assignee ?? (state === 'taken' ? name : null),
      reason: reason ?? null,
    })),
  )
}

/** What a suppression is of, and why. */
interface Suppressed {
  rule: DuckDBValue
  actor: DuckDBValue
  resource: DuckDBValue
  why: DuckDBValue
}

/** @returns its id */
export async function suppress(
  lake: Lake,
  { rule, actor, resource, why, endsAt }: Suppressed & { endsAt: DuckDBValue },
  { name, nowMs }: { name: string; nowMs: number },
): Promise<string> {
  const id = randomBytes(4).toString('hex')
  const made = { id, made_at: new Date(nowMs).toISOString(), made_by: name }
  await appendRows(lake, 'findings suppress', suppression, [
    { ...made, rule, actor, resource, ends_at: endsAt, why },
  ])
  return id
}

/** Sets its end before every finding, so that it hides none; earlier rows keep who made it and why. */
export async function endSuppression(
  lake: Lake,
  { id, rule, actor, resource, why }: Suppressed & { id: string },
  { name, nowMs }: { name: string; nowMs: number },
): Promise<void> {
  const made = { id, made_at: new Date(nowMs).toISOString(), made_by: name }
  await appendRows(lake, 'findings unsuppress', suppression, [
    { ...made, rule, actor, resource, ends_at: new Date(0).toISOString(), why },
  ])
}
