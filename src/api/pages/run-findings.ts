import { sql } from '../../lib/sql.ts'
import type { TextRole } from '../../scan/index.ts'
import type { Context } from '../context.ts'
import { hasFindings } from './finding-rows.ts'

/** A finding on a model call. */
export interface RunFinding {
  /** The run that the call belongs to. */
  conversation: string
  id: string
  title: string
  /** JSON of what matched: [{field, value}]. */
  matched: string | null
  requestid: string
}

/** A passage that a finding is about; the positions are in the text as shown. */
export interface Flag {
  kind: string
  from: number
  to: number
  score: number
}

/** Findings on model calls of runs that overlap a span of time. */
export async function findingsOfRuns(context: Context, since: string, until: string): Promise<RunFinding[]> {
  if (!hasFindings(context)) return []
  return await context.objects<RunFinding>(sql(new URL('../sql/findings-of-runs.sql', import.meta.url)), {
    since,
    until,
  })
}

/** Number of findings by run. */
export function countedByRun(found: readonly RunFinding[]): ReadonlyMap<string, number> {
  const ids = new Map<string, Set<string>>()
  for (const { conversation, id } of found)
    ids.set(conversation, (ids.get(conversation) ?? new Set()).add(id))
  return new Map([...ids].map(([conversation, own]) => [conversation, own.size]))
}

/** The column that holds the text of a role, as detection names it. */
const FIELD: Partial<Record<TextRole, string>> = {
  user: 'prompt',
  document: 'tool_results',
  answer: 'completion',
}

/**
 * Where in a shown text the passages of findings are. A finding stores a long passage shortened, and a secret
 * only by its kind; the secret's placeholder is flagged instead.
 */
export function flagsOf(text: string, role: TextRole, found: readonly RunFinding[]): Flag[] {
  return found.flatMap(({ title, matched }) => {
    const all = JSON.parse(matched ?? '[]') as { field: string; value?: string }[]
    const score = Number(all.find(({ field }) => field === 'score')?.value ?? 0)
    const value = all.find(({ field }) => field === FIELD[role])?.value?.replace(/…$/, '')
    if (!value) return []
    const secret = /^\[([\w-]+)\]$/.exec(value)?.[1]
    const from = text.indexOf(secret === undefined ? value : `[${secret}:`)
    if (from < 0) return []
    const to = secret === undefined ? from + value.length : text.indexOf(']', from) + 1
    return [{ kind: title, from, to, score }]
  })
}
