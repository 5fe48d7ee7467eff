import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { UserError } from '../lib/errors.ts'
import { didYouMean } from '../lib/nearest.ts'
import { type Header, headerOf } from './header.ts'
import { isPortable } from './portable/statement.ts'

/**
 * A question with a name: one .sql file. Its head comment has a line for each `$parameter`; a parameter
 * without a value is NULL, and the SQL defines what that means.
 */
export interface NamedQuery extends Header {
  /**
   * The file's name, prefixed with its log type where others have the same name: `errors`,
   * `cloudwatch_log/errors`.
   */
  name: string
  /** Without the final LIMIT. */
  sql: string
  /** Maximum number of rows worth reading, from the final LIMIT. */
  limit?: number
  file: string
}

/** The queries in the folders of these log types, and those over several tables, by name. */
export function namedQueries(types: readonly { name: string; queries: URL }[]): NamedQuery[] {
  const found = [
    ...queriesIn(new URL('./queries/', import.meta.url), 'across'),
    ...types.flatMap(({ name, queries }) => queriesIn(queries, name)),
  ]
  const taken = (name: string) => found.filter((one) => one.name === name).length > 1
  const named = found.map(({ folder, ...query }) =>
    taken(query.name) ? { ...query, name: `${folder}/${query.name}` } : query,
  )
  return named.sort((a, b) => (a.name < b.name ? -1 : 1))
}

function queriesIn(folder: URL, name: string): (NamedQuery & { folder: string })[] {
  // A user's own log type may have no queries.
  if (!existsSync(folder)) return []
  const files = readdirSync(folder).filter((file) => file.endsWith('.sql') && !isPortable(file))
  return files.map((file) => {
    const place = new URL(file, folder)
    const text = readFileSync(place, 'utf8')
    return {
      ...headerOf(text),
      name: basename(file, '.sql'),
      ...withoutLimit(text),
      file: fileURLToPath(place),
      folder: name,
    }
  })
}

/** Removes the LIMIT on the last line, so that a caller can set another and can report when it cuts. */
function withoutLimit(text: string): Pick<NamedQuery, 'sql' | 'limit'> {
  const [end, digits] = /\nlimit (\d+)\s*;?\s*$/i.exec(text) ?? []
  if (end === undefined) return { sql: text }
  return { sql: `${text.slice(0, -end.length)}\n`, limit: Number(digits) }
}

/** @throws UserError that suggests the query with the nearest name */
export function findQuery(name: string, queries: readonly NamedQuery[]): NamedQuery {
  const query = queries.find((one) => one.name === name.toLowerCase())
  if (query) return query
  const names = queries.map((one) => one.name)
  const within = names.filter((one) => one.includes(name.toLowerCase()))
  const near = within.length > 0 ? `: there is ${within.join(', ')}` : didYouMean(name, names)
  throw new UserError(`there is no query "${name}"${near || ' (`loglake queries` lists them)'}`)
}

/**
 * Values for a query's parameters, from `name=value`; missing ones are NULL.
 *
 * @throws UserError when the query has no such parameter
 */
export function parametersOf(
  { name: query, names }: NamedQuery,
  given: readonly string[],
): Record<string, string | null> {
  const values: Record<string, string | null> = Object.fromEntries(
    [...names.keys()].map((key) => [key, null]),
  )
  for (const text of given) {
    const [, name = '', value] = /^([^=]*)=([\s\S]*)$/.exec(text) ?? []
    if (value === undefined) throw new UserError(`a parameter is written name=value, not "${text}"`)
    if (!names.has(name)) {
      const all = [...names.keys()]
      const there = all.length === 0 ? ': it has none' : `: there is ${all.join(', ')}`
      throw new UserError(`the query ${query} has no parameter "${name}"${didYouMean(name, all) || there}`)
    }
    values[name] = value
  }
  return values
}
