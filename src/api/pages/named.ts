import { UserError } from '../../lib/errors.ts'
import { findQuery, type NamedQuery, namedQueries, parametersOf } from '../../query/named.ts'
import type { Reader } from '../../query/reader.ts'
import type { Context } from '../context.ts'
import type { Answer, OpenRows } from '../contract.ts'
import type { Scoped } from '../shapes.ts'
import { rowsOf } from './export.ts'
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

export async function namedAnswer(input: Input | LocalInput, context: Context): Promise<Answer | OpenRows> {
  const questions = questionsFor(context.reader, context.logTypes)
  if (questions === undefined)
    throw new UserError(
      'the named questions read logs, which the role auditor does not show: ask `review`, `review_notice` and `access_log` in SQL',
    )
  const query = findQuery(input.name, questions)
  const given = Object.entries(input.parameters).flatMap(([name, value]) =>
    value === null ? [] : [`${name}=${value}`],
  )
  const values = parametersOf(query, given)
  if ('rows' in input) {
    const sql = input.limit === undefined ? query.sql : `${query.sql}limit ${input.limit + 1}\n`
    return await rowsOf(context, sql, { ...input, parameters: values })
  }
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
