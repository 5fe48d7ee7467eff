/**
 * A view that a route can follow: each of its rows is made of one row of one table. It is asked in two ways:
 * which rows of the table it has, and what its columns are of given rows, which may be others than the lake
 * has: masked ones.
 */
import type { TableDefinition } from '../../lake/table.ts'
import { type Engine, openEngine } from '../../lib/duckdb.ts'
import { sentence, UserError } from '../../lib/errors.ts'
import { identifier } from '../../lib/sql.ts'
import { functionsScript, needsWords } from '../own-functions.ts'
import { deserialized, type Node, serialized } from '../statement.ts'
import { type View, viewName } from '../view.ts'
import { emptyTable } from '../view-engine.ts'
import { ROW, viewColumns } from './columns.ts'
import { namedIn, neededOf, readOf, traced } from './trace.ts'
import { type Level, levelsOf, NotRowwise, type Rewriting, rewritten, SOURCE } from './tree.ts'

export interface RowView {
  name: string
  /** The table that its rows are of. */
  table: TableDefinition
  /** Its columns, as a table's: nested values are JSON. */
  definition: TableDefinition
  /** By the name of a column, the table's column that it is, unchanged; all others are computed. */
  unchanged: ReadonlyMap<string, string>
  /** The table's columns that its columns are made of. */
  needed: ReadonlySet<string>
  /** Those of them that the computed ones can be made of. */
  read: ReadonlySet<string>
  /** Creates loglake's functions in an engine, before the engine is locked. */
  prepare(engine: Engine): Promise<void>
  /**
   * A FROM item of the rows of another one, which are the table's, that the view has and that match a
   * condition on it.
   */
  rowsOf(from: string, where: string): string
  /**
   * The same rows with the view's columns, and the table's behind them, each under the name that `beside`
   * gives it.
   */
  sentOf(from: string, where: string): string
  beside(column: string): string
  /**
   * A FROM item of its columns for all rows of another one, and of `ROW`, which that has beside the table's
   * columns.
   */
  valuesOf(from: string): string
}

/**
 * @throws UserError with the view's file and line, when its rows do not come one to one from the rows of one
 * table
 */
export async function rowViewOf(
  name: string,
  views: readonly View[],
  tables: readonly TableDefinition[],
): Promise<RowView> {
  const view = views.find((one) => viewName(one) === name)
  if (!view) throw new Error(`there is no view ${name}`)
  const engine = await openEngine({ threads: 1, memory: '256MiB' })
  try {
    const level = await chainOf(engine, view, views)
    const table = tables.find((one) => one.name === level.table)
    if (!table) throw new UserError(`${view.file}: it reads ${level.table}, which is no table`)
    await engine.run(`create table ${emptyTable({ ...table, name: SOURCE })}`)
    return await built(engine, { name, view, level, table }).catch((thrown) => {
      if (thrown instanceof UserError) throw thrown
      const why = sentence(thrown).split('\n')[0]
      throw new UserError(`${view.file}: ${why}`, { cause: thrown })
    })
  } finally {
    engine.close()
  }
}

async function chainOf(engine: Engine, view: View, views: readonly View[]): Promise<Level> {
  const aggregates = new Set((await engine.rows(AGGREGATES)).map(([name]) => String(name).toLowerCase()))
  const treeOf = async (one: View): Promise<Node> => {
    const { error, error_message: message, statements } = await serialized(engine, one.sql)
    const node = (statements?.[0] as { node?: Node } | undefined)?.node
    if (error || !node || statements?.length !== 1)
      throw new UserError(`${one.file}: ${message ?? 'one SELECT is wanted'}`)
    return node
  }
  const called = (name: string) => views.find((one) => viewName(one) === name)
  try {
    return await levelsOf(await treeOf(view), {
      async view(name) {
        const found = called(name)
        return found && (await treeOf(found))
      },
      isAggregate: (name) => aggregates.has(name),
    })
  } catch (thrown) {
    if (!(thrown instanceof NotRowwise)) throw thrown
    const asked = (thrown.view === undefined ? undefined : called(thrown.view)) ?? view
    throw new UserError(`${placeOf(asked, thrown.node)}: it ${thrown.why}`, { cause: thrown })
  }
}

const AGGREGATES = `select function_name from duckdb_functions() group by function_name
  having bool_and(function_type = 'aggregate')`

function placeOf({ file, sql }: View, { query_location: at }: Node): string {
  return typeof at === 'number' ? `${file}:${sql.slice(0, at).split('\n').length}` : file
}

interface Building {
  name: string
  view: View
  level: Level
  table: TableDefinition
}

async function built(engine: Engine, { name, view, level, table }: Building): Promise<RowView> {
  const passed = table.columns.map((_, at) => `lake_row.${at}`)
  const readBy = (one: Level) => new Set(readOf(one, namesOf(table)).map(({ name: column }) => column))
  const plain: Rewriting = { pass: [ROW], filtered: false, lenient: false, readBy }
  const members = await textOf(engine, level, { ...plain, pass: passed, filtered: true })
  const isCalling = CALLS.test(members('')) || needsWords(members(''))
  const prepare = async (other: Engine) => {
    if (isCalling) await other.run(functionsScript())
  }
  await prepare(engine)
  const source = `(select *, 0 as ${ROW} from ${SOURCE})`
  const strict = await textOf(engine, level, plain)
  const described = (await engine.rows(`describe ${strict(source)}`)).slice(0, -1)
  await checkPlan(engine, strict(source), view)
  // A value may not be computable of a masked one, as a number of a placeholder.
  const lenient = await textOf(engine, level, { ...plain, lenient: true })
  const isLenient = await engine.rows(`describe ${lenient(source)}`).then(
    () => true,
    () => false,
  )
  const columns = viewColumns(
    described.map(([column, type]) => ({ name: String(column), type: String(type) })),
    traced(level, namesOf(table)),
    table,
  )
  const fields = columns.map(({ name: column, sql }) => `${sql} as ${identifier(column)}`)
  const made = (text: string, passing: readonly string[]) => {
    const names = [...columns.map((one) => identifier(one.name)), ...passing]
    return `(select ${[...fields, ...passing].join(', ')} from (${text}) as made (${names.join(', ')}))`
  }
  const row = passed.map(identifier)
  const own = namesOf(table).map((column, at) => `${row[at]} as ${identifier(column)}`)
  const given = namesOf(table).map((column, at) => `${identifier(column)} as ${row[at]}`)
  const sent = isLenient
    ? await textOf(engine, level, { ...plain, pass: passed, filtered: true, lenient: true })
    : members
  const renamed = (from: string) => `(select *, ${given.join(', ')} from ${from} as given)`
  const found: RowView = {
    name,
    table,
    definition: { name, doc: view.title, columns: columns.map(({ column }) => column) },
    unchanged: new Map(columns.flatMap(({ name: column, of }) => (of ? [[column, of] as const] : []))),
    needed: neededOf(level, namesOf(table)),
    read: namedIn(level, namesOf(table)),
    prepare,
    rowsOf(from, where) {
      const text = members(renamed(from))
      return `(select ${own.join(', ')} from (select ${row.join(', ')} from ${made(text, row)} as added where (${where}\n)) as kept)`
    },
    sentOf: (from, where) => `(select * from ${made(sent(renamed(from)), row)} as added where (${where}\n))`,
    beside: (column) => passed[namesOf(table).indexOf(column)] as string,
    valuesOf: (from) => made((isLenient ? lenient : strict)(from), [ROW]),
  }
  // Both are planned here, so that a route that begins has no mistake in it.
  await engine.rows(`describe ${found.rowsOf(SOURCE, 'true').slice(1, -1)}`)
  await engine.rows(`describe ${found.sentOf(SOURCE, 'true').slice(1, -1)}`)
  await engine.rows(`describe ${found.valuesOf(source).slice(1, -1)}`)
  return found
}

/** Functions of loglake's own, beside those that `needsWords` knows. */
const CALLS = /\btrino\b/i

function namesOf({ columns }: TableDefinition): string[] {
  return columns.map(({ name }) => name)
}

/** The text of a chain, cut where its rows come from. */
async function textOf(engine: Engine, level: Level, how: Rewriting): Promise<(from: string) => string> {
  const node = rewritten(level, how)
  const text = await deserialized(engine, { error: false, statements: [{ node, named_param_map: [] }] })
  const [before, after, ...more] = text.replace(/;\s*$/, '').split(SOURCE)
  if (after === undefined || more.length > 0) throw new UserError(`it may not have ${SOURCE} in it`)
  return (from) => `${before}${from}${after}`
}

/** Steps of a plan that leave each row by itself. */
const ROWWISE = new Set(['PROJECTION', 'FILTER', 'SEQ_SCAN'])

/** Whatever a function stands for: the plan shows whether rows meet. */
async function checkPlan(engine: Engine, select: string, { file }: View): Promise<void> {
  await engine.run('pragma disable_optimizer')
  const [[, plan] = []] = await engine.rows(`explain (format json) ${select}`)
  await engine.run('pragma enable_optimizer')
  const steps = Array.from(String(plan).matchAll(/"name":\s*"([^"]+)"/g), ([, step = '']) => step.trim())
  const odd = steps.find((step) => !ROWWISE.has(step))
  if (odd !== undefined)
    throw new UserError(`${file}: its rows do not come one to one from those of a table (${odd})`)
}
