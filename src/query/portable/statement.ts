/**
 * SQL for other engines: the files next to ours that `scripts/portable-sql.py` writes, and their parameters.
 */
import { existsSync, readFileSync } from 'node:fs'
import { UserError } from '../../lib/errors.ts'

export const DIALECTS = ['trino', 'spark'] as const
/** Athena uses Trino's dialect. */
export type Dialect = (typeof DIALECTS)[number]

/** Whether a file is a generated one for another engine, which DuckDB must not read. */
export function isPortable(file: string): boolean {
  return DIALECTS.some((dialect) => file.endsWith(`.${dialect}.sql`))
}

/** The SQL of a file in another engine's dialect, without its head comment; undefined when there is none. */
export function portableSql(file: string, dialect: Dialect): string | undefined {
  const beside = file.replace(/\.sql$/, `.${dialect}.sql`)
  if (beside === file || !existsSync(beside)) return undefined
  return readFileSync(beside, 'utf8').replace(/^(?:--[^\n]*\n)+/, '')
}

/**
 * Why a file of ours has no counterpart in other engines, as its head comment says; undefined when it does
 * not.
 */
export function whyNotPortable(file: string): string | undefined {
  const [, why] = /^-- portable: no, because ([^\n]+?)\.?$/m.exec(readFileSync(file, 'utf8')) ?? []
  return why
}

/**
 * The same SQL with values in place of its `$name` parameters: texts are quoted for the dialect, missing
 * values are NULL.
 *
 * @throws UserError when a value cannot be written
 */
export function withValues(
  sql: string,
  values: Readonly<Record<string, string | null>>,
  dialect: Dialect,
): string {
  return sql.replace(PARAMETER, (whole, name?: string) => {
    if (name === undefined || !Object.hasOwn(values, name)) return whole
    const value = values[name]
    return value === null || value === undefined ? 'CAST(NULL AS VARCHAR)' : quoted(value, dialect)
  })
}

/** The names of the `$name` parameters in SQL. */
export function parametersIn(sql: string): string[] {
  return [...sql.matchAll(PARAMETER)].flatMap(([, name]) => name ?? [])
}

/** A parameter, with its name; or a text, a quoted name or a comment, in which `$` begins none. */
const PARAMETER = /'(?:[^'\\]|''|\\[\s\S])*'|"(?:[^"]|"")*"|`[^`]*`|--[^\n]*|\$([a-z_]\w*)/gi

/** A text as a literal. In Spark, a backslash is an escape; in Trino, it is a plain character. */
function quoted(text: string, dialect: Dialect): string {
  if (text.includes('\0')) throw new UserError('a text with a NUL character cannot be put into SQL')
  const escaped = dialect === 'spark' ? text.replaceAll('\\', '\\\\') : text
  return dialect === 'spark' ? `'${escaped.replaceAll("'", "\\'")}'` : `'${escaped.replaceAll("'", "''")}'`
}
