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
