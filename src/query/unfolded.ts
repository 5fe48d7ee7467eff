/**
 * The size of a question once each name is replaced by its definition. DuckDB does so when it pushes a
 * condition down through nested SELECTs, reads an alias in the same SELECT, or copies a WITH that is NOT
 * MATERIALIZED: 25 steps that each name the previous one twice become 33 million nodes, and the planner
 * cannot be cancelled. So the size is computed before planning.
 */
import { UserError } from '../lib/errors.ts'
import { below, type Node, named, type Statement } from './statement.ts'

/**
 * Most nodes: DuckDB plans this many in about a second. The largest of loglake's own questions has a
 * hundredth.
 */
const MAX_NODES = 100_000
/** Factor for a macro, which may use its argument several times. */
const OF_MACRO = 3

/** The columns of a query: the number of nodes behind each. */
interface Columns {
  by: ReadonlyMap<string, number>
  /** All columns without an entry. */
  other: number
}
interface Query extends Columns {
  /** The number of the query's own nodes. */
  nodes: number
}
interface Scope extends Facts {
  with: ReadonlyMap<string, Query>
  columns: Columns
}

/** Facts that the tree lacks. */
interface Facts {
  isMacro(name: string): boolean
  /** Whether a CTE is copied to each place that names it. */
  copied: boolean
}

const PLAIN: Columns = { by: new Map(), other: 1 }

/** Refuses a question that would take too long to plan. */
export function checkUnfolded(
  { tree, select }: Pick<Statement, 'tree' | 'select'>,
  isMacro: Facts['isMacro'],
): void {
  if (select.length > MAX_NODES && countOf(tree) > MAX_NODES) {
    throw new UserError(
      'the question is too long: it may have 100,000 values and names, so ask a long list of values in parts',
    )
  }
  // DuckDB serialises `NOT MATERIALIZED` as if it were absent. Any `materialized` in the text that does not
  // follow `as` counts as one.
  const copied = /materialized/i.test(select.replaceAll(/\bas\s+materialized\b/gi, ''))
  if (sizeOf(tree, { with: new Map(), columns: PLAIN, isMacro, copied }) > MAX_NODES) throw tooLarge()
}

/** The nodes of a question as it is written. */
function countOf(node: Node | readonly unknown[]): number {
  const own = (node as Node).class === undefined ? 0 : 1
  return below(node).reduce((sum, one) => sum + countOf(one), own)
}

function tooLarge(): UserError {
  return new UserError(
    'the question is too large to plan: its names stand for other names, level by level, each of them used more than once; use fewer steps',
  )
}

function sizeOf(node: Node | readonly unknown[], scope: Scope): number {
  const { type, class: kind } = node as Node
  if (kind === undefined && typeof type === 'string') {
    if (type.endsWith('_NODE')) return queryOf(node as Node, scope).nodes
    if (['BASE_TABLE', 'SUBQUERY', 'JOIN'].includes(type)) return tableOf(node as Node, scope).nodes
  }
  if (kind === 'COLUMN_REF') return columnOf(node as Node, scope.columns)
  const inner = below(node).reduce((sum, one) => sum + sizeOf(one, scope), 0)
  if (inner > MAX_NODES) throw tooLarge()
  if (kind === undefined) return inner
  const name = String((node as Node).function_name ?? '').toLowerCase()
  return 1 + (kind === 'FUNCTION' && scope.isMacro(name) ? OF_MACRO * inner : inner)
}

/** In `t.s.field`, each part may be the column. */
function columnOf({ column_names: names }: Node, { by, other }: Columns): number {
  const sizes = (names as string[]).map((name) => by.get(name.toLowerCase()) ?? 0)
  return Math.max(...sizes) || other
}

function queryOf(node: Node, outer: Scope): Query {
  const scope = withNamed(node, outer)
  const { cte_map: _, ...rest } = node
  if (node.type === 'SELECT_NODE') return selectOf(rest, scope)
  if (node.type === 'RECURSIVE_CTE_NODE') {
    const first = queryOf(node.left as Node, scope)
    const own = new Map(scope.with).set(String(node.cte_name).toLowerCase(), { ...first, nodes: 1 })
    const next = queryOf(node.right as Node, { ...scope, with: own })
    return { ...anyOf([first, next]), nodes: first.nodes + next.nodes }
  }
  // In a UNION, the second SELECT has other names for the same columns.
  const parts = below(rest).flatMap((inner) => (Array.isArray(inner) ? below(inner) : [inner]))
  const isQuery = ({ type }: Node) => typeof type === 'string' && type.endsWith('_NODE')
  const queries = parts.filter((part): part is Node => !Array.isArray(part) && isQuery(part))
  const found = queries.map((query) => queryOf(query, scope))
  const others = parts.filter((part) => !queries.includes(part as Node))
  const nodes = others.reduce((sum, part) => sum + sizeOf(part, scope), 0)
  return { ...anyOf(found), nodes: found.reduce((sum, query) => sum + query.nodes, nodes) }
}

/** Adds the CTEs to the scope; each sees those before it. */
function withNamed(node: Node, outer: Scope): Scope {
  let scope = outer
  for (const { name, query } of named(node)) {
    const inner = (query.query as { node?: Node } | undefined)?.node
    if (!inner) continue
    const made = queryOf(inner, scope)
    const names = query.aliases as string[] | undefined
    const known = { ...(names?.length ? anyOf([made]) : made), nodes: scope.copied ? made.nodes : 1 }
    scope = { ...scope, with: new Map(scope.with).set(name, known) }
  }
  return scope
}

function selectOf({ select_list: list, from_table: from, type: _, ...rest }: Node, scope: Scope): Query {
  const table = from ? tableOf(from as Node, scope) : { ...PLAIN, nodes: 0 }
  const by = new Map([...scope.columns.by, ...table.by])
  const columns: Columns = { by, other: Math.max(scope.columns.other, table.other) }
  const inside = { ...scope, columns }
  const made = new Map<string, number>()
  let nodes = table.nodes
  let unnamed = 1
  for (const item of (list ?? []) as Node[]) {
    const size = sizeOf(item, inside)
    nodes += size
    if (item.class === 'STAR') {
      // REPLACE and COLUMNS may build anything from any column.
      unnamed = Math.max(unnamed, table.other, table.other * size)
      for (const [name, of] of table.by) made.set(name, Math.max(made.get(name) ?? 0, of * size))
      continue
    }
    const alias = String(
      item.alias || (item.column_names as string[] | undefined)?.at(-1) || '',
    ).toLowerCase()
    if (alias === '') {
      unnamed = Math.max(unnamed, size)
      continue
    }
    made.set(alias, Math.max(made.get(alias) ?? 0, size))
    // Later items of the SELECT can use an alias, unless a column has its name.
    if (item.alias) by.set(alias, Math.max(by.get(alias) ?? 0, size))
  }
  nodes += sizeOf(rest, inside)
  if (nodes > MAX_NODES) throw tooLarge()
  return { by: made, other: unnamed, nodes }
}

function tableOf(node: Node, scope: Scope): Query {
  const renamed = (query: Query): Query =>
    (node.column_name_alias as unknown[] | undefined)?.length
      ? { ...anyOf([query]), nodes: query.nodes }
      : query
  if (String(node.type).endsWith('_NODE')) return queryOf(node, scope)
  switch (node.type) {
    case 'BASE_TABLE': {
      const known = scope.with.get(String(node.table_name).toLowerCase())
      return known && !node.schema_name ? renamed(known) : { ...PLAIN, nodes: 1 }
    }
    case 'SUBQUERY':
      return renamed(queryOf((node.subquery as { node: Node }).node, scope))
    case 'JOIN': {
      const { left: first, right: second, type: _, ...rest } = node
      const left = tableOf(first as Node, scope)
      // The right side may be LATERAL.
      const right = tableOf(second as Node, { ...scope, columns: both(scope.columns, left) })
      const columns = both(left, right)
      const condition = sizeOf(rest, { ...scope, columns: both(scope.columns, columns) })
      return { ...columns, nodes: left.nodes + right.nodes + condition }
    }
    default: {
      const inner = below(node)
      const sources = inner.filter(
        (one): one is Node => !Array.isArray(one) && 'type' in one && !('class' in one),
      )
      const found = sources.map((one) => tableOf(one, scope))
      const others = inner.filter((one) => !sources.includes(one as Node))
      const nodes = others.reduce((sum, one) => sum + sizeOf(one, scope), 1)
      const max = anyOf(found)
      return {
        by: new Map(),
        other: Math.max(max.other, nodes),
        nodes: found.reduce((sum, query) => sum + query.nodes, nodes),
      }
    }
  }
}

function both(one: Columns, two: Columns): Columns {
  const by = new Map(one.by)
  for (const [name, size] of two.by) by.set(name, Math.max(by.get(name) ?? 0, size))
  return { by, other: Math.max(one.other, two.other) }
}

/** Columns of unknown names, each as large as the largest. */
function anyOf(all: readonly Columns[]): Columns {
  return { by: new Map(), other: Math.max(1, ...all.flatMap(({ by, other }) => [other, ...by.values()])) }
}
