import { versionNumbered } from '../../lake/numbered.ts'
import type { LakeVersion } from '../../lake/version.ts'
import { UserError } from '../../lib/errors.ts'
import type { Answer as Rows } from '../../query/answer.ts'
import type { Reader } from '../../query/reader.ts'
import { jsonText, type Plain, plainValue } from '../../query/values.ts'
import type { Context } from '../context.ts'
import type { Answer } from '../contract.ts'
import { seesEveryRow, visibleFiles } from '../rights.ts'
import { type RawJson, raw } from '../seen.ts'

interface Input {
  sql: string
  parameters: Record<string, string | null>
  limit: number
  since?: string | undefined
  until?: string | undefined
  version?: number | undefined
}

/** A person's own SQL: only operators see text that people wrote to models, and the places of files. */
export function ownSql({ reader }: Pick<Context, 'reader'>): { masked: boolean; explain: boolean } {
  const isOperator = reader.role === 'operator' && reader.mayUnmask
  return { masked: !isOperator, explain: reader.role === 'operator' && seesEveryRow(reader) }
}

export async function versionOf(context: Context, number: number | undefined): Promise<LakeVersion> {
  return number === undefined ? context.version : await versionNumbered(context.lake, number)
}

/** A query without parameters gets no values: DuckDB rejects a value that no parameter uses. */
export function valuesOf({ parameters }: { parameters: Record<string, string | null> }) {
  return Object.keys(parameters).length === 0 ? {} : { values: parameters }
}

/** DuckDB does not name unused values or parameters without a value. */
export function blameValues(
  thrown: unknown,
  { parameters }: { parameters: Record<string, string | null> },
): never {
  const isAboutValues =
    thrown instanceof UserError &&
    /bind parameter index|Expected \d+ parameters|not provided for/.test(thrown.message)
  if (!isAboutValues) throw thrown
  const given = Object.keys(parameters).map((name) => `$${name}`)
  throw new UserError(
    `a value is wanted for each $name of the question and for no other: given ${given.length === 0 ? 'is none' : `are ${given.join(', ')}`}`,
    { cause: thrown },
  )
}

export async function queryOf(input: Input, context: Context): Promise<Answer> {
  const version = await versionOf(context, input.version)
  const begun = performance.now()
  const how = ownSql(context)
  const options = {
    version,
    span: { since: input.since, until: input.until },
    ...valuesOf(input),
    ...how,
  }
  const value = await context
    .ask(input.sql, (rows) => firstRows(rows, input.limit, context.reader), options)
    .catch((thrown) => blameValues(thrown, input))
  const { length, ...answer } = value
  return {
    kind: 'json',
    seen: { rows: length, unmasked: !how.masked },
    value: { version: version.number, ...answer, ms: Math.round(performance.now() - begun) },
  }
}

/** Characters of an answer; further rows are cut, and an export has them all. */
const LONGEST = 20_000_000

export async function firstRows(rows: Rows, limit: number, reader: Reader) {
  const lines: string[] = []
  let more = false
  let length = 0
  for await (const row of rows.rows()) {
    if (lines.length === limit || length > LONGEST) {
      more = true
      break
    }
    const line = `[${row.map((value) => jsonText(exact(plainValue(value)))).join(',')}]`
    lines.push(line)
    length += line.length
  }
  return {
    columns: rows.columns.map((name, at) => ({ name, type: String(rows.types[at]) })),
    rows: raw(`[${lines.join(',')}]`) as RawJson,
    more,
    files: visibleFiles(reader, rows.files),
    length: lines.length,
  }
}

/** A whole number that JavaScript cannot represent exactly is sent as text. */
function exact(value: Plain): Plain {
  return typeof value === 'bigint' ? String(value) : value
}
