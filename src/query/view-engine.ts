import { SQL_TYPE, type TableDefinition } from '../lake/table.ts'
import type { Engine } from '../lib/duckdb.ts'
import { sentence, UserError } from '../lib/errors.ts'
import { identifier } from '../lib/sql.ts'
import { createFunctions, createWords, needsWords } from './own-functions.ts'
import { parseTree } from './statement.ts'
import { type View, viewName } from './view.ts'

/**
 * Creates the views and loglake's functions in an engine, over empty tables with the lake's columns. DuckDB
 * resolves names each time a view is asked, so it finds the table that the asking connection has under that
 * name.
 *
 * @param isOrdered whether the views are already in order of dependency
 * @returns the views in order of dependency: each comes after those that it asks
 * @throws UserError with file and line, when a view is not a SELECT, asks something that does not exist, or
 * takes a name in use
 */
export async function createViews(
  engine: Engine,
  tables: Iterable<TableDefinition>,
  views: readonly View[],
  isOrdered = false,
): Promise<View[]> {
  await createFunctions(engine)
  if (views.some((view) => needsWords(view.sql))) await createWords(engine)
  const taken = new Set<string>()
  for (const table of tables) {
    await engine.run(`create table ${emptyTable(table)}`)
    taken.add(table.name)
  }
  for (const view of views) {
    const name = viewName(view)
    if (taken.has(name)) throw new UserError(`${view.file}: there is another "${name}" already`)
    taken.add(name)
  }
  const ordered = isOrdered ? [...views] : await inOrder(engine, views)
  for (const view of ordered) await createView(engine, view)
  return ordered
}

/** A table's name and columns, as CREATE TABLE takes them. */
export function emptyTable({ name, columns }: TableDefinition): string {
  const fields = columns.map((column) => `${identifier(column.name)} ${SQL_TYPE[column.type]}`)
  return `${identifier(name)} (${fields.join(', ')})`
}

async function createView(engine: Engine, view: View): Promise<void> {
  const name = `${identifier(view.schema)}.${identifier(view.name)}`
  await engine.run(`create schema if not exists ${identifier(view.schema)}`)
  // The text begins on the statement's first line, so that DuckDB's line numbers are the file's.
  await engine.run(`create view ${name} as ${view.sql}`).catch((thrown) => blameView(view, thrown))
}

/** `Binder Error: …\n\nLINE 7: …` → `views/mine.sql:7: …` */
function blameView({ file }: View, thrown: unknown): never {
  const text = sentence(thrown)
  const line = /^LINE (\d+):/m.exec(text)?.[1]
  const message = text.replace(/\n+LINE \d+:[\s\S]*$/, '').replace(/\n+/g, ' ')
  throw new UserError(`${file}${line === undefined ? '' : `:${line}`}: ${message}`, { cause: thrown })
}

/** Orders views after the views that they ask. */
async function inOrder(engine: Engine, views: readonly View[]): Promise<View[]> {
  const byName = new Map(views.map((view) => [viewName(view), view]))
  const ordered = new Set<View>()
  const visit = async (view: View, above: readonly View[]): Promise<void> => {
    if (ordered.has(view)) return
    if (above.includes(view)) {
      const circle = [...above.slice(above.indexOf(view)), view].map(viewName).join(', ')
      throw new UserError(`${view.file}: views ask each other in a circle: ${circle}`)
    }
    for (const name of await askedTables(engine, view)) {
      const needed = byName.get(name)
      if (needed) await visit(needed, [...above, view])
    }
    ordered.add(view)
  }
  for (const view of views) await visit(view, [])
  return [...ordered]
}

/**
 * What views ask, by view: several engines and the descriptions of columns want it, and parsing takes
 * milliseconds.
 */
const known = new WeakMap<Asking, Promise<ReadonlySet<string>>>()

/**
 * The tables and views that a view or another SELECT asks, by name.
 *
 * @throws UserError when it is not one SELECT
 */
export function askedTables(engine: Engine, view: Asking): Promise<ReadonlySet<string>> {
  const asked = known.get(view) ?? readAskedTables(engine, view)
  known.set(view, asked)
  return asked
}

async function readAskedTables(engine: Engine, view: Asking): Promise<ReadonlySet<string>> {
  // What is left out names no table.
  const [[json] = []] = await engine.rows(
    'select json_serialize_sql($1::varchar, skip_null := true, skip_empty := true, skip_default := true)',
    [view.sql],
  )
  const tree = parseTree(String(json)) as Serialized
  if (tree.error) throw new UserError(`${placeOf(view, tree)}: ${tree.error_message}`)
  if (tree.statements?.length !== 1)
    throw new UserError(`${view.file}: one SELECT is wanted, and these are ${tree.statements?.length ?? 0}`)
  const found = { tables: new Set<string>(), named: new Set<string>() }
  walk(tree.statements, found)
  return new Set([...found.tables].filter((name) => !found.named.has(name)))
}

type Asking = Pick<View, 'sql' | 'file'>

interface Serialized {
  error: boolean
  error_message?: string
  /** Position of the mistake, in characters. */
  position?: string
  statements?: unknown[]
}

function placeOf({ file, sql }: Asking, { position }: Serialized): string {
  return position === undefined ? file : `${file}:${sql.slice(0, Number(position)).split('\n').length}`
}

/** Collects every table that a statement names, and every CTE. */
function walk(node: unknown, found: { tables: Set<string>; named: Set<string> }): void {
  if (typeof node !== 'object' || node === null) return
  const { type, schema_name = '', table_name, cte_map } = node as Record<string, unknown>
  if (type === 'BASE_TABLE') {
    const [schema, name] = [String(schema_name).toLowerCase(), String(table_name).toLowerCase()]
    found.tables.add(schema === '' ? name : viewName({ schema, name }))
  }
  for (const { key } of (cte_map as { map?: { key: string }[] } | undefined)?.map ?? [])
    found.named.add(key.toLowerCase())
  for (const inner of Object.values(node)) walk(inner, found)
}
