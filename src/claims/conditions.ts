import type { Node } from '../query/statement.ts'
import type { Limit, Tables } from './contract.ts'

/**
 * Conditions that hold for all rows: those that the outermost WHERE joins with AND, on columns of its only
 * table. Joins, inner queries and FILTER give none, nor do statements with a subquery as a column, which
 * reads other rows.
 */
export function conditionsOf(node: Node, tables: Tables): { limits: Limit[]; conditioned: string[] } {
  const from = node.from_table as Node | undefined
  const none = { limits: [], conditioned: [] }
  if (node.type !== 'SELECT_NODE' || from?.type !== 'BASE_TABLE' || (from.sample ?? null) !== null)
    return none
  const ctes = ((node.cte_map as { map?: { key: string }[] } | undefined)?.map ?? []).map(({ key }) =>
    key.toLowerCase(),
  )
  const name = tableName(from)
  const columns = tables.get(name)
  if (!columns || ctes.includes(name)) return none
  if (((from.column_name_alias as unknown[]) ?? []).length > 0) return none
  if (JSON.stringify(node.select_list).includes('"class":"SUBQUERY"')) return none
  const limits: Limit[] = []
  const conditioned: string[] = []
  for (const one of conjuncts(node.where_clause as Node | null)) {
    const found = limitOf(one, columns)
    if (!found) continue
    conditioned.push(found.column)
    limits.push(...found.limits)
  }
  return { limits, conditioned }
}

/** A schema's before its name, in small letters. */
export function tableName({ schema_name, table_name }: Node): string {
  const [schema, name] = [schema_name, table_name].map((part) => String(part ?? '').toLowerCase())
  return schema === '' || schema === 'main' ? String(name) : `${schema}.${name}`
}

function conjuncts(node: Node | null): Node[] {
  if (!node) return []
  return node.type === 'CONJUNCTION_AND' ? (node.children as Node[]).flatMap(conjuncts) : [node]
}

const BOUNDS: Readonly<Record<string, Limit['how']>> = {
  COMPARE_EQUAL: 'is',
  COMPARE_GREATERTHANOREQUALTO: 'from',
  COMPARE_GREATERTHAN: 'from',
  COMPARE_LESSTHAN: 'to',
  COMPARE_LESSTHANOREQUALTO: 'to',
}

function limitOf(node: Node, columns: readonly string[]): { column: string; limits: Limit[] } | undefined {
  const { type } = node
  const children = (node.children as Node[] | undefined) ?? []
  const columnOf = (of: unknown) => {
    const inner = uncast(of as Node | undefined)
    const names = (inner?.column_names as string[] | undefined)?.map((name) => name.toLowerCase())
    const last = names?.at(-1)
    return inner?.class === 'COLUMN_REF' && last !== undefined && columns.includes(last) ? last : undefined
  }
  const how = BOUNDS[String(type)]
  if (how !== undefined) {
    const column = columnOf(node.left)
    const value = constant(node.right)
    return column === undefined || value === undefined
      ? undefined
      : { column, limits: [{ values: [value], how }] }
  }
  if (type === 'COMPARE_IN') {
    const column = columnOf(children[0])
    const values = children.slice(1).map(constant)
    const known = values.filter((value) => value !== undefined)
    return column === undefined || known.length !== values.length
      ? undefined
      : { column, limits: [{ values: known, how: 'is' }] }
  }
  if (type === 'COMPARE_BETWEEN') {
    const column = columnOf(node.input)
    const [from, to] = [constant(node.lower), constant(node.upper)]
    if (column === undefined || from === undefined || to === undefined) return undefined
    return {
      column,
      limits: [
        { values: [from], how: 'from' },
        { values: [to], how: 'to' },
      ],
    }
  }
  if (type === 'OPERATOR_IS_NULL' || type === 'OPERATOR_IS_NOT_NULL') {
    const column = columnOf(children[0])
    if (column === undefined) return undefined
    return { column: type === 'OPERATOR_IS_NULL' ? `no ${column}` : column, limits: [] }
  }
  if (['~~', '~~*'].includes(String(node.function_name))) {
    const column = columnOf(children[0])
    const [, text] = /^%?([^%_]*(?:_[^%_]+)*)%?$/.exec(constant(children[1]) ?? '') ?? []
    return column === undefined || !text ? undefined : { column, limits: [{ values: [text], how: 'is' }] }
  }
  return undefined
}

/** `timestamptz '…'` is a cast of a text, and so is `column::date` of a column. */
function uncast(node: Node | undefined): Node | undefined {
  return node?.class === 'CAST' ? uncast(node.child as Node) : node
}

function constant(node: unknown): string | undefined {
  const { class: kind, value } = uncast(node as Node | undefined) ?? {}
  const inner = (value as Node | undefined)?.value
  return kind === 'CONSTANT' && inner !== undefined && inner !== null ? String(inner) : undefined
}
