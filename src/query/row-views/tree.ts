/**
 * A view whose rows come one to one from one table's rows is a chain of SELECTs without joins, groups,
 * windows and limits. Here its tree is read as such a chain, and written again with further columns of the
 * table passed through all of its SELECTs, which say which row each row is of.
 */
import { below, type Node, named } from '../statement.ts'

/** Why a view cannot be followed, and the node at which it shows. */
export class NotRowwise extends Error {
  readonly why: string
  readonly node: Node
  /** The view that asks it, where that is another one. */
  view: string | undefined
  constructor(why: string, node: Node) {
    super(why)
    this.why = why
    this.node = node
  }
}

/** One SELECT of the chain; the innermost one reads the table. */
export interface Level {
  select: Node
  /** The name that its columns may be prefixed with, and new names of the first columns below it. */
  alias: string
  columnNames: readonly string[]
  /** The SELECT that it reads; undefined for the table. */
  below: Level | undefined
  /** The name of the table that the innermost one reads. */
  table: string
}

export interface Finding {
  /** The tree of a view by name; undefined for a table. */
  view(name: string): Promise<Node | undefined>
  isAggregate(name: string): boolean
}

type Named = ReadonlyMap<string, { node: Node; columnNames: readonly string[]; named: Named }>

/**
 * @param node the SELECT of a view
 * @throws NotRowwise
 */
export async function levelsOf(node: Node, find: Finding, outer: Named = new Map()): Promise<Level> {
  checkSelect(node)
  checkExpressions([node.select_list, node.where_clause ?? []], find.isAggregate)
  let scope = outer
  for (const { name, query } of named(node)) {
    const inner = (query.query as { node?: Node } | undefined)?.node
    if (!inner) continue
    const columnNames = (query.aliases ?? []) as string[]
    scope = new Map(scope).set(name, { node: inner, columnNames, named: scope })
  }
  const from = node.from_table as Node
  const columnNames = (from.column_name_alias ?? []) as string[]
  if (from.sample) throw new NotRowwise('takes a sample', node)
  if (from.type === 'SUBQUERY') {
    const inner = await levelsOf((from.subquery as { node: Node }).node, find, scope)
    return { select: node, alias: String(from.alias), columnNames, below: inner, table: inner.table }
  }
  if (from.type === 'JOIN') throw new NotRowwise('joins several tables', firstOf(from.right as Node, from))
  if (from.type !== 'BASE_TABLE')
    throw new NotRowwise('reads something else than a table', firstOf(from, node))
  const table = String(from.table_name).toLowerCase()
  const schema = String(from.schema_name ?? '').toLowerCase()
  const alias = String(from.alias || from.table_name)
  const cte = schema === '' ? scope.get(table) : undefined
  if (cte) {
    const inner = await levelsOf(cte.node, find, cte.named)
    const names = columnNames.length > 0 ? columnNames : cte.columnNames
    return { select: node, alias, columnNames: names, below: inner, table: inner.table }
  }
  const name = schema === '' || schema === 'main' ? table : `${schema}.${table}`
  const view = await find.view(name)
  if (!view) return { select: node, alias, columnNames, below: undefined, table: name }
  const inner = await levelsOf(view, find).catch((thrown) => {
    if (thrown instanceof NotRowwise) thrown.view ??= name
    throw thrown
  })
  return { select: node, alias, columnNames, below: inner, table: inner.table }
}

const ODD =
  /^(unnest|unlist|generate_subscripts|nextval|currval|getenv|query|query_table|glob|duckdb_\w+|pragma_\w+|sqlite_\w+|read_\w+)$/i

/** Refuses an expression that reads other rows, or makes several of one. */
function checkExpressions(node: Node | readonly unknown[], isAggregate: (name: string) => boolean): void {
  const { class: kind, function_name: called, columns } = node as Node
  if (kind === 'SUBQUERY') throw new NotRowwise('asks a question within the question', node as Node)
  if (kind === 'WINDOW')
    throw new NotRowwise('compares rows with one another (a window function)', node as Node)
  if (kind === 'STAR' && columns === true)
    throw new NotRowwise('names columns by a pattern (COLUMNS)', node as Node)
  if (kind === 'FUNCTION') {
    const name = String(called).toLowerCase()
    if (isAggregate(name)) throw new NotRowwise(`adds rows up (${name})`, node as Node)
    if (ODD.test(name)) throw new NotRowwise(`uses ${name}`, node as Node)
  }
  for (const inner of below(node)) checkExpressions(inner, isAggregate)
}

/** Refuses a SELECT whose rows are not those that it reads, each once or not at all. */
function checkSelect(node: Node): void {
  if (node.type !== 'SELECT_NODE')
    throw new NotRowwise(
      node.type === 'RECURSIVE_CTE_NODE'
        ? 'repeats itself (WITH RECURSIVE)'
        : 'puts several SELECTs together',
      firstOf((node.right ?? node) as Node, node),
    )
  const groups = node.group_expressions as Node[]
  if (groups.length > 0 || node.aggregate_handling !== 'STANDARD_HANDLING')
    throw new NotRowwise('groups rows', groups[0] ?? firstOf(node.select_list as never, node))
  for (const [key, why] of [
    ['having', 'groups rows'],
    ['qualify', 'compares rows with one another (QUALIFY)'],
    ['sample', 'takes a sample'],
  ] as const)
    if (node[key])
      throw new NotRowwise(why, firstOf(node[key] as Node, firstOf(node.select_list as never, node)))
  for (const modifier of node.modifiers as Node[])
    if (modifier.type !== 'ORDER_MODIFIER')
      throw new NotRowwise(
        modifier.type === 'DISTINCT_MODIFIER'
          ? 'leaves out repeats (DISTINCT)'
          : 'takes some rows only (LIMIT)',
        firstOf(modifier, firstOf(node.select_list as never, node)),
      )
}

/** The first node below that tells its place. */
function firstOf(node: Node | readonly unknown[], otherwise: Node): Node {
  if (typeof (node as Node).query_location === 'number') return node as Node
  for (const inner of below(node)) {
    const found = firstOf(inner, otherwise)
    if (found !== otherwise) return found
  }
  return otherwise
}

/** All levels, the outermost first. */
export function allLevels(level: Level): Level[] {
  return [level, ...(level.below ? allLevels(level.below) : [])]
}

/** The name of the table that a rewritten chain reads, where its text is cut to insert the rows. */
export const SOURCE = 'lake_source_of_rows'

export interface Rewriting {
  /** Columns of the source that every SELECT passes on, behind its own. */
  pass: readonly string[]
  /** Whether rows are left out as the view does; without, every row of the source is there. */
  filtered: boolean
  /** Whether a value that cannot be computed is null. */
  lenient: boolean
  /** The names of the columns that a level reads, in lower case. */
  readBy(level: Level): ReadonlySet<string>
}

/** The chain as one SELECT over `SOURCE`. */
export function rewritten(level: Level, how: Rewriting): Node {
  const { select, alias, columnNames, below: inner } = level
  const from = inner
    ? { ...EMPTY_FROM, type: 'SUBQUERY', subquery: { node: rewritten(inner, how), named_param_map: [] } }
    : {
        ...EMPTY_FROM,
        type: 'BASE_TABLE',
        schema_name: '',
        table_name: SOURCE,
        catalog_name: '',
        at_clause: null,
      }
  return {
    ...select,
    modifiers: [],
    cte_map: { map: [] },
    select_list: [...items(select.select_list as Node[], level, how), ...how.pass.map(reference)],
    from_table: { ...from, alias, column_name_alias: columnNames },
    where_clause: how.filtered ? select.where_clause : null,
  }
}

const EMPTY_FROM = { sample: null }

/**
 * The items of a SELECT. One that names another one by its alias has its expression: DuckDB knows no alias in
 * a TRY.
 */
function items(list: readonly Node[], level: Level, how: Rewriting): Node[] {
  const aliases = new Map<string, Node>()
  const read = how.lenient ? how.readBy(level) : new Set<string>()
  return list.map((one) => {
    const made = item(how.lenient ? (unaliased(one, aliases, read) as Node) : one, how)
    const name = String(one.alias).toLowerCase()
    if (one.alias && !read.has(name)) aliases.set(name, { ...made, alias: '' })
    return made
  })
}

function unaliased(node: unknown, aliases: ReadonlyMap<string, Node>, read: ReadonlySet<string>): unknown {
  if (typeof node !== 'object' || node === null) return node
  if (Array.isArray(node)) return node.map((one) => unaliased(one, aliases, read))
  const { class: kind, column_names: names, alias } = node as Node
  if (kind === 'COLUMN_REF') {
    const [name = '', ...fields] = (names as string[]).map((one) => one.toLowerCase())
    const meant = fields.length === 0 && !read.has(name) ? aliases.get(name) : undefined
    return meant ? { ...meant, alias } : node
  }
  return Object.fromEntries(
    Object.entries(node).map(([key, inner]) => [key, unaliased(inner, aliases, read)]),
  )
}

/** A star stands for its own columns alone. */
function item(one: Node, { pass, lenient }: Rewriting): Node {
  if (one.class !== 'STAR') return lenient ? tried(one) : one
  const replaced = (one.replace_list as { key: string; value: Node }[]).map(({ key, value }) => ({
    key,
    value: lenient ? tried(value) : value,
  }))
  return { ...one, exclude_list: [...(one.exclude_list as string[]), ...pass], replace_list: replaced }
}

/** A column by itself cannot fail. */
function tried(one: Node): Node {
  if (one.class === 'COLUMN_REF' || one.type === 'OPERATOR_TRY') return one
  return { class: 'OPERATOR', type: 'OPERATOR_TRY', alias: one.alias, children: [{ ...one, alias: '' }] }
}

function reference(name: string): Node {
  return { class: 'COLUMN_REF', type: 'COLUMN_REF', alias: '', column_names: [name] }
}
