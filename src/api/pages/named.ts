import { UserError } from '../../lib/errors.ts'
import { findQuery, type NamedQuery, namedQueries, parametersOf } from '../../query/named.ts'
import type { Reader } from '../../query/reader.ts'
import type { Context } from '../context.ts'
import type { Answer, OpenRows } from '../contract.ts'
import type { Scoped } from '../shapes.ts'
import { openRowsOf } from './export.ts'
import { firstRows, ownSql, versionOf } from './query.ts'

/**
 * The named questions read logs. There are none for auditors, who see no row of them: each would answer that
 * nothing happened.
 */
function questionsFor({ role }: Reader, logTypes: Context['logTypes']): NamedQuery[] | undefined {
  return role === 'auditor' ? undefined : namedQueries(logTypes)
}

export async function namedList(
  { name: only }: { name?: string | undefined },
  { logTypes, version, reader }: Context,
): Promise<Answer> {
  const there = questionsFor(reader, logTypes) ?? []
  const wanted = there.filter(({ name }) => only === undefined || name === only)
  const queries = wanted.map(({ name, title, doc, names, sql, limit }) => ({
    name,
    title,
    doc,
    parameters: [...names].map(([parameter, meaning]) => ({ name: parameter, doc: meaning })),
    sql: limit === undefined ? sql : `${sql}limit ${limit}\n`,
  }))
  return { kind: 'json', value: { version: version.number, queries } }
}

interface Input {
  name: string
  parameters: Record<string, string | null>
  limit: number
  since?: string | undefined
  until?: string | undefined
  version?: number | undefined
}

/** From the command line. */
interface LocalInput extends Scoped {
  name: string
  parameters: Record<string, string | null>
  limit?: number | undefined
  rows: true
}

/** A question that has a name, with the values of its parameters. */
function questionNamed(
  { name, parameters }: Pick<Input, 'name' | 'parameters'>,
  context: Context,
): { query: NamedQuery; values: Record<string, string | null> } {
  const questions = questionsFor(context.reader, context.logTypes)
  if (questions === undefined)
    throw new UserError(
      'the named questions read logs, which the role auditor does not show: ask `review`, `review_notice` and `access_log` in SQL',
    )
  const query = findQuery(name, questions)
  const given = Object.entries(parameters).flatMap(([parameter, value]) =>
    value === null ? [] : [`${parameter}=${value}`],
  )
  return { query, values: parametersOf(query, given) }
}

/** The rows of the answer as they come, for the command line. */
export async function namedRows(input: LocalInput, context: Context): Promise<OpenRows> {
  const { query, values } = questionNamed(input, context)
  const sql = input.limit === undefined ? query.sql : `${query.sql}limit ${input.limit + 1}\n`
  return await openRowsOf({ ...input, sql, parameters: values }, context)
}

export async function namedAnswer(input: Input, context: Context): Promise<Answer> {
  const { query, values } = questionNamed(input, context)
  const version = await versionOf(context, input.version)
  const begun = performance.now()
  const how = ownSql(context)
  const { length, ...answer } = await context.ask(
    query.sql,
    (rows) => firstRows(rows, input.limit, context.reader),
    {
      values,
      version,
      span: { since: input.since, until: input.until },
      ...how,
    },
  )
  return {
    kind: 'json',
    seen: { rows: length, unmasked: !how.masked },
    value: {
      version: version.number,
      name: query.name,
      ...answer,
      ms: Math.round(performance.now() - begun),
    },
  }
}
