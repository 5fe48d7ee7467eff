import { sql } from '../../lib/sql.ts'
import type { Subject } from '../../review/population.ts'
import type { Context } from '../context.ts'
import { notFound } from '../problem.ts'

/**
 * The session or run that a review, or its own id, names, as this reader may see it.
 *
 * @throws Problem the same whether there is none or the reader may not see it
 */
export async function subjectNamed(context: Context, name: string): Promise<Subject> {
  const [, kind, id = name] = /^(session|run|ask):(.+)$/.exec(name) ?? []
  const [row] = await context.objects<Subject>(sql(new URL('../sql/subject.sql', import.meta.url)), {
    id,
    kind: kind ?? null,
  })
  if (!row) throw notFound()
  return row
}
