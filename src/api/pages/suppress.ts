import { randomBytes } from 'node:crypto'
import { appendRows } from '../../detect/append.ts'
import { suppression } from '../../detect/tables.ts'
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

/** A suppression is its maker's: the reader's name stands with it. */
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
  const id = randomBytes(4).toString('hex')
  await appendRows(context.lake, 'findings suppress', suppression, [
    {
      ...{ id, made_at: context.now().toISOString(), made_by: context.reader.name },
      ...{ rule, actor, resource, ends_at: until, why: reason },
    },
  ])
  const [hides] = await context.objects<{ findings: number }>(
    sql(new URL('../sql/suppressed-count.sql', import.meta.url)),
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
}

export async function suppressionsOf({ limit }: { limit: number }, context: Context): Promise<Answer> {
  const { number } = context.version
  if (!hasFindings(context)) return { kind: 'json', value: { version: number, rows: [], total: 0 } }
  const found = await standing(context, null, limit)
  const total = found[0]?.total ?? 0
  const titleOf = (rule: string | null) => (rule === null ? null : (context.rules().get(rule)?.title ?? null))
  const rows = found.map(({ total: _, ...row }) => ({ ...row, title: titleOf(row.rule) }))
  return { kind: 'json', value: { version: number, rows, total }, seen: { rows: rows.length } }
}

/** It ends before every finding, so that it hides none; who made it, and why, stay in the rows before. */
export async function suppressionEndOf({ id }: { id: string }, context: Context): Promise<Answer> {
  const [found] = hasFindings(context) ? await standing(context, id, 1) : []
  if (!found) throw notFound()
  if (!found.ended)
    await appendRows(context.lake, 'findings unsuppress', suppression, [
      {
        ...{ id, made_at: context.now().toISOString(), made_by: context.reader.name },
        ...{ rule: found.rule, actor: found.actor, resource: found.resource },
        ...{ ends_at: new Date(0).toISOString(), why: found.reason },
      },
    ])
  return { kind: 'json', value: { shows: found.hides }, seen: { rows: found.hides, about: id } }
}

async function standing(context: Context, id: string | null, most: number) {
  return await context.objects<Suppression & { total: number }>(
    sql(new URL('../sql/suppressions.sql', import.meta.url)),
    { id, most },
  )
}
