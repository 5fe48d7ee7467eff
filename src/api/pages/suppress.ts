import { hidingParts, suppressionsSql } from '../../detect/ask.ts'
import { endSuppression, suppress } from '../../detect/decide.ts'
import { sql } from '../../lib/sql.ts'
import type { Context } from '../context.ts'
import type { Answer } from '../contract.ts'
import { notFound, Problem } from '../problem.ts'
import { hasFindings } from './finding-rows.ts'

interface Input {
  rule?: string | undefined
  actor?: string | undefined
  resource?: string | undefined
  until: string
  reason: string
}

/** A suppression records the reader who made it. */
export async function suppressOf(input: Input, context: Context): Promise<Answer> {
  if (!hasFindings(context)) throw notFound()
  const { rule = null, actor = null, resource = null, until, reason } = input
  if (rule === null && actor === null && resource === null)
    throw new Problem(
      422,
      'Wrong input',
      'A rule, an actor or a resource is wanted, so that not everything is hidden.',
    )
  if (Date.parse(until) <= context.now().getTime())
    throw new Problem(422, 'Wrong input', 'until: a time to come is wanted.')
  const who = { name: context.reader.name, nowMs: context.now().getTime() }
  const one = { rule, actor, resource, endsAt: until, why: reason }
  const id = await suppress(context.lake, one, who)
  const [hides] = await context.objects<{ findings: number }>(
    sql(new URL('../sql/suppressed-count.sql', import.meta.url), hidingParts('asked', 'finding_state')),
    { rule, actor, resource, until },
  )
  const findings = hides?.findings ?? 0
  return { kind: 'json', value: { id, hides: findings }, seen: { rows: findings, about: id } }
}

interface Suppression {
  id: string
  rule: string | null
  actor: string | null
  resource: string | null
  until: string
  ended: boolean
  reason: string | null
  by: string | null
  made: string
  hides: number
  alone: number
}

export async function suppressionsOf({ limit }: { limit: number }, context: Context): Promise<Answer> {
  const { number } = context.version
  if (!hasFindings(context))
    return { kind: 'json', value: { version: number, rows: [], hidden: 0, total: 0 } }
  const found = await standing(context, null, limit)
  const [{ total, hidden } = { total: 0, hidden: 0 }] = found
  const titleOf = (rule: string | null) => (rule === null ? null : (context.rules().get(rule)?.title ?? null))
  const rows = found.map(({ total: _, hidden: __, ...row }) => ({ ...row, title: titleOf(row.rule) }))
  return { kind: 'json', value: { version: number, rows, hidden, total }, seen: { rows: rows.length } }
}

export async function suppressionEndOf({ id }: { id: string }, context: Context): Promise<Answer> {
  const [found] = hasFindings(context) ? await standing(context, id, 1) : []
  if (!found) throw notFound()
  const who = { name: context.reader.name, nowMs: context.now().getTime() }
  if (!found.ended) await endSuppression(context.lake, { ...found, why: found.reason }, who)
  return { kind: 'json', value: { shows: found.alone }, seen: { rows: found.alone, about: id } }
}

async function standing(context: Context, id: string | null, max: number) {
  return await context.objects<Suppression & { hidden: number; total: number }>(
    sql(new URL('../sql/suppressions.sql', import.meta.url), { suppressions: suppressionsSql() }),
    { id, max },
  )
}
