import type { Engine } from '../lib/duckdb.ts'
import type { Statement } from './statement.ts'
import { type View, viewName } from './view.ts'
import { askedTables } from './view-engine.ts'

/** Finds the tables that a question can reach through any views: only these are created for it. */
export interface Needs {
  of(statement: Statement): Pick<ReadonlySet<string>, 'has'>
}

/** Words of a question about what tables there are. */
const ABOUT_ALL =
  /\b(show|describe|desc|summarize|information_schema|pg_\w+|duckdb_\w+|sqlite_\w+|pragma\w*)\b/i

/**
 * The tables and views that a question can reach, from the words in its text and in the texts of the views
 * that it names: a name that occurs in none of them cannot be asked. Undefined when it may ask all.
 */
export function namedIn(
  question: string,
  tables: Iterable<string>,
  views: readonly View[],
): Set<string> | undefined {
  if (ABOUT_ALL.test(question)) return undefined
  const found = new Set<string>()
  const names = [...tables]
  const look = (text: string) => {
    const words = new Set(text.toLowerCase().match(/[a-z0-9_]+/g))
    for (const name of names) if (words.has(name.toLowerCase())) found.add(name)
    for (const view of views) {
      if (found.has(viewName(view)) || !words.has(view.name.toLowerCase())) continue
      found.add(viewName(view))
      look(view.sql)
    }
  }
  look(question)
  return found
}

const EVERYTHING = { has: () => true }

/** Reads once which tables each view asks. */
export async function neededTables(engine: Engine, views: readonly View[]): Promise<Needs> {
  const direct = new Map<string, ReadonlySet<string>>()
  for (const view of views) direct.set(viewName(view), await askedTables(engine, view))
  const below = (name: string, seen: Set<string>): Set<string> => {
    if (seen.has(name)) return seen
    seen.add(name)
    for (const inner of direct.get(name) ?? []) below(inner, seen)
    return seen
  }
  return {
    of({ tree }) {
      const names = named(tree)
      if (names === undefined) return EVERYTHING
      // A CTE's name may also be a table's name elsewhere in the question: creating one more table costs
      // little.
      const found = new Set<string>()
      for (const name of names) below(name, found)
      return found
    },
  }
}

/** Undefined for SHOW TABLES, which shows all. */
function named(tree: unknown): Set<string> | undefined {
  const found = new Set<string>()
  return visit(tree, found) ? found : undefined
}

function visit(node: unknown, found: Set<string>): boolean {
  if (typeof node !== 'object' || node === null) return true
  const { type, schema_name, table_name, query } = node as Record<string, unknown>
  if (type === 'SHOW_REF' && (query ?? null) === null) return false
  if (type === 'BASE_TABLE') {
    const [schema, name] = [String(schema_name).toLowerCase(), String(table_name).toLowerCase()]
    found.add(schema === '' ? name : viewName({ schema, name }))
  }
  return Object.values(node).every((inner) => visit(inner, found))
}
