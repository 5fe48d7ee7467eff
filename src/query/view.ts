import { type Dirent, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { sentence, UserError } from '../lib/errors.ts'
import { type Header, headerOf } from './header.ts'
import { isPortable } from './portable/statement.ts'

/** A named question that is asked like a table: one .sql file. */
export interface View extends Header {
  /** `main`, which a question may omit, or the folder of the file. */
  schema: string
  /** The file's name. */
  name: string
  /** One SELECT, with its comments, line by line as in the file. */
  sql: string
  /** The file's path, for error messages. */
  file: string
  /** SQL for every engine, for a view without a file of its own. */
  portable?: string
}

/** The name as a question writes it: `session`, `loglakeblog.from_bedrock_readready`. */
export function viewName({ schema, name }: Pick<View, 'schema' | 'name'>): string {
  return schema === MAIN ? name : `${schema}.${name}`
}

const MAIN = 'main'
const TAKEN = ['main', 'temp', 'system', 'memory', 'information_schema', 'pg_catalog']

/**
 * The views of a folder: each .sql file is one, and those in a subfolder are in a schema of its name.
 *
 * @throws UserError that names the file, when it cannot be read or its name is not valid for a view
 */
export function viewsIn(folder: string): View[] {
  return entries(folder).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return schemaIn(path, entry.name)
    return isSql(entry) ? [viewOf(path, MAIN)] : []
  })
}

function schemaIn(folder: string, name: string): View[] {
  const files = entries(folder).filter(isSql)
  if (files.length === 0) return []
  checkName(name, `${folder}: a schema is named by its folder`)
  if (TAKEN.includes(name)) throw new UserError(`${folder}: "${name}" is a schema of DuckDB's own`)
  return files.map((entry) => viewOf(join(folder, entry.name), name))
}

function viewOf(file: string, schema: string): View {
  const name = basename(file, '.sql')
  checkName(name, `${file}: a view is named by its file`)
  const sql = read(file, () => readFileSync(file, 'utf8'))
  return { schema, name, sql, file, ...headerOf(sql) }
}

function checkName(name: string, what: string): void {
  if (/^[a-z][a-z0-9_]{0,62}$/.test(name)) return
  throw new UserError(`${what}, in small letters, digits and _, a letter first`)
}

function entries(folder: string): Dirent[] {
  const found = read(folder, () => readdirSync(folder, { withFileTypes: true }))
  return found.sort((a, b) => (a.name < b.name ? -1 : 1))
}

function isSql(entry: Dirent): boolean {
  return !entry.isDirectory() && entry.name.endsWith('.sql') && !isPortable(entry.name)
}

function read<Found>(path: string, reading: () => Found): Found {
  try {
    return reading()
  } catch (thrown) {
    throw new UserError(`${path}: views cannot be read: ${sentence(thrown)}`, { cause: thrown })
  }
}
