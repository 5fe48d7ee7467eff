/** SQL that other engines run: the files beside ours that `scripts/portable-sql.py` makes, and their parameters. */
import { existsSync, readFileSync } from 'node:fs'
import { UserError } from '../../lib/errors.ts'

export const DIALECTS = ['trino', 'spark'] as const
/** Athena's words are Trino's. */
export type Dialect = (typeof DIALECTS)[number]

/** Whether a file is one of ours for another engine, and none that DuckDB is to read. */
export function isPortable(file: string): boolean {
  return DIALECTS.some((dialect) => file.endsWith(`.${dialect}.sql`))
}

/** The SQL of a file in another engine's words, without its head comment; undefined when there is none. */
export function portableSql(file: string, dialect: Dialect): string | undefined {
  const beside = file.replace(/\.sql$/, `.${dialect}.sql`)
  if (beside === file || !existsSync(beside)) return undefined
  return readFileSync(beside, 'utf8').replace(/^(?:--[^\n]*\n)+/, '')
}

/**
 * The same with values in the place of its `$name` parameters: text is quoted as the dialect has it, what is not given is NULL.
 *
 * @throws UserError when a value cannot be written
 */
export function withValues(
  sql: string,
  values: Readonly<Record<string, string | null>>,
  dialect: Dialect,
): string {
  // Texts, names in quotes and comments are stepped over.
  return sql.replace(
    /'(?:[^'\\]|''|\\[\s\S])*'|"(?:[^"]|"")*"|`[^`]*`|--[^\n]*|\$([a-z_]\w*)/gi,
    (whole, name?: string) => {
      if (name === undefined || !Object.hasOwn(values, name)) return whole
      const value = values[name]
      return value === null || value === undefined ? 'CAST(NULL AS VARCHAR)' : quoted(value, dialect)
    },
  )
}

/** A text as a literal. Spark takes a backslash in one for an escape, Trino for itself. */
function quoted(text: string, dialect: Dialect): string {
  if (text.includes('\0')) throw new UserError('a text with a NUL character cannot be put into SQL')
  const escaped = dialect === 'spark' ? text.replaceAll('\\', '\\\\') : text
  return dialect === 'spark' ? `'${escaped.replaceAll("'", "\\'")}'` : `'${escaped.replaceAll("'", "''")}'`
}
