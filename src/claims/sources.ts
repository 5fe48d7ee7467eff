import { type Node, named } from '../query/statement.ts'
import { tableName } from './conditions.ts'
import { COLUMN, type Given, MADE, type Made, type Query, type Rows, type Source } from './contract.ts'
import { either, originOf } from './expressions.ts'

const UNKNOWN: Query = { columns: [], isWhole: false, tables: new Set() }

/** The columns of a query, and whether its rows may be counted. */
export function queryOf(node: Node, given: Given): Query {
  const ctes = new Map(given.ctes)
  for (const { name, query } of named(node)) {
    const inner = (query.query as { node?: Node } | undefined)?.node
    ctes.set(name, inner ? queryOf(inner, { ...given, ctes }) : UNKNOWN)
  }
  const within = { ...given, ctes }
  if (node.type === 'SET_OPERATION_NODE') return unionOf(node, within)
  return node.type === 'SELECT_NODE' ? selectOf(node, within) : UNKNOWN
}

function selectOf(node: Node, given: Given): Query {
  const from = fromOf(node.from_table as Node, given)
  const columns: Made[] = []
  const scope = { sources: from.sources, before: columns, isWhole: from.isWhole, given }
  for (const one of node.select_list as Node[]) {
    if (one.class === 'STAR') columns.push(...starOf(one, from.sources))
    else columns.push({ name: nameOf(one), origin: originOf(one, scope) })
  }
  const modifiers = ((node.modifiers as Node[]) ?? []).map(({ type }) => String(type))
  const isCut = modifiers.some((type) => type.startsWith('LIMIT')) || (node.sample ?? null) !== null
  const text = JSON.stringify(node.select_list)
  const grouped =
    node.aggregate_handling === 'FORCE_AGGREGATES' || ((node.group_expressions as []) ?? []).length > 0
  const isAggregated = grouped || columns.some(({ origin }) => origin.kind === 'count')
  return {
    columns,
    isWhole:
      !isCut &&
      !/"function_name":"(?:unnest|generate_\w+|range)"/.test(text) &&
      (isAggregated || from.isWhole),
    tables: from.tables,
    keys:
      grouped || modifiers.includes('DISTINCT_MODIFIER')
        ? new Set(columns.filter(({ origin }) => origin.kind === 'column').map(({ name }) => name))
        : undefined,
  }
}

function unionOf(node: Node, given: Given): Query {
  const sides = [node.left, node.right, ...((node.children as Node[] | undefined) ?? [])].filter(
    Boolean,
  ) as Node[]
  const queries = sides.map((side) => queryOf(side, given))
  const [first, ...others] = queries
  if (!first || others.some(({ columns }) => columns.length !== first.columns.length)) return UNKNOWN
  const all = queries.flatMap(({ tables }) => [...tables])
  return {
    columns: first.columns.map(({ name, origin }, at) => ({
      name,
      origin: others.reduce((so, other) => either(so, other.columns[at]?.origin ?? MADE), origin),
    })),
    // The same table twice would count its rows twice.
    isWhole: queries.every(({ isWhole }) => isWhole) && new Set(all).size === all.length,
    tables: new Set(all),
  }
}

function nameOf(node: Node): string {
  const alias = String(node.alias ?? '')
  const names = node.column_names as string[] | undefined
  return (alias || names?.at(-1) || '').toLowerCase()
}

function starOf(node: Node, sources: readonly Source[]): Made[] {
  const relation = String(node.relation_name ?? '').toLowerCase()
  const plain =
    !node.columns &&
    [node.replace_list, node.rename_list].every(
      (list) => ((list as unknown[] | undefined) ?? []).length === 0,
    )
  const left = new Set(
    (JSON.stringify(node.exclude_list ?? []) + JSON.stringify(node.qualified_exclude_list ?? []))
      .toLowerCase()
      .match(/[a-z_]\w*/g),
  )
  const all = sources
    .filter(({ alias }) => relation === '' || alias === relation)
    .flatMap(({ columns }) => columns)
  return all
    .filter(({ name }) => !left.has(name))
    .map(({ name, origin }) => ({ name, origin: plain ? origin : MADE }))
}

function fromOf(node: Node, given: Given): Rows & { sources: Source[] } {
  const alias = String(node.alias ?? '').toLowerCase()
  const called = (columns: readonly Made[], name: string): Source[] => {
    const names = ((node.column_name_alias as string[] | undefined) ?? []).map((one) => one.toLowerCase())
    return [
      { alias: alias || name, columns: columns.map((one, at) => ({ ...one, name: names[at] ?? one.name })) },
    ]
  }
  const isSampled = (node.sample ?? null) !== null
  if (node.type === 'BASE_TABLE') {
    const name = tableName(node)
    const cte = given.ctes.get(name)
    if (cte) return { ...cte, isWhole: cte.isWhole && !isSampled, sources: called(cte.columns, name) }
    const columns = (given.tables.get(name) ?? []).map((column) => ({ name: column, origin: COLUMN }))
    return {
      isWhole: !isSampled,
      tables: new Set([name]),
      sources: called(columns, name.split('.').at(-1) ?? name),
    }
  }
  if (node.type === 'SUBQUERY') {
    const inner = (node.subquery as { node?: Node } | undefined)?.node
    const query = inner ? queryOf(inner, given) : UNKNOWN
    return { ...query, isWhole: query.isWhole && !isSampled, sources: called(query.columns, '') }
  }
  if (node.type === 'JOIN') return joinOf(node, given)
  if (node.type === 'TABLE_FUNCTION') {
    const names = ((node.column_name_alias as string[] | undefined) ?? []).map((one) => one.toLowerCase())
    return { ...UNKNOWN, sources: [{ alias, columns: names.map((name) => ({ name, origin: MADE })) }] }
  }
  return { ...UNKNOWN, sources: [] }
}

function joinOf(node: Node, given: Given): Rows & { sources: Source[] } {
  const left = fromOf(node.left as Node, given)
  const right = fromOf(node.right as Node, given)
  const using = ((node.using_columns as string[] | undefined) ?? []).map((name) => name.toLowerCase())
  const equal = [...using, ...equalColumns(node.condition as Node | null)]
  // A side whose keys are all asked for has at most one row for each of the other.
  const isOne = ({ keys }: Rows) =>
    keys !== undefined && keys.size > 0 && [...keys].every((key) => equal.includes(key))
  const keepsRows = ['SEMI', 'ANTI'].includes(String(node.join_type)) || isOne(left) || isOne(right)
  return {
    isWhole: left.isWhole && right.isWhole && keepsRows,
    tables: new Set([...left.tables, ...right.tables]),
    sources: [...left.sources, ...right.sources],
  }
}

function equalColumns(node: Node | null): string[] {
  if (!node) return []
  if (node.type === 'CONJUNCTION_AND') return (node.children as Node[]).flatMap(equalColumns)
  if (node.type !== 'COMPARE_EQUAL') return []
  return [node.left, node.right].flatMap((side) => {
    const names = (side as Node).column_names as string[] | undefined
    return names ? [String(names.at(-1)).toLowerCase()] : []
  })
}
