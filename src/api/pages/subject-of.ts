import { sql } from '../../lib/sql.ts'
import type { Subject } from '../../review/population.ts'
import type { Context } from '../context.ts'
import { notFound } from '../problem.ts'

const SUBJECT = sql(new URL('../sql/subject.sql', import.meta.url))

/**
 * The session or run that a review id or its own id names, limited to what this reader may see.
 *
 * @throws Problem the same for an unknown id and for one that the reader may not see
 */
export async function subjectNamed(context: Context, name: string): Promise<Subject> {
  const [row] = await context.objects<Subject>(SUBJECT, named(name))
  if (!row) throw notFound()
  return row
}

/** The same without the reader's limits: for their own session, where they were asked about it. */
export async function subjectRead({ version, readAll }: Context, name: string): Promise<Subject | undefined> {
  const [row] = await readAll<Subject>(version, SUBJECT, named(name))
  return row
}

function named(name: string): { id: string; kind: string | null } {
  const [, kind, id = name] = /^(session|run|ask):(.+)$/.exec(name) ?? []
  return { id, kind: kind ?? null }
}
