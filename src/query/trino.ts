import type { Engine } from '../lib/duckdb.ts'
import { UserError } from '../lib/errors.ts'
import { unnestHint } from './hints.ts'
import { ownFunctions } from './own-functions.ts'
import { below, deserialized, type Node, type Statement } from './statement.ts'
import { CALLS, OTHER_MEANING, showsTrino } from './trino-calls.ts'

/**
 * Translates Trino's syntax that no macro can accept, mainly lambdas, in the statement's tree. In a question
 * to `cloudtrail_lake` or to a view of the schema `athena`, functions that DuckDB has under the same name get
 * Trino's meaning; elsewhere with the schema `trino` before them. Nothing else changes.
 *
 * @throws UserError when `->>` has an `and` or a comparison on its left, which is always a mistake
 */
export async function inOwnWords(engine: Engine, statement: Statement): Promise<Statement> {
  const put = { changed: false, isTrinos: asksTrino(statement.tree) }
  const tree = rewritten(statement.tree, put) as Node
  return put.changed ? { ...statement, tree, select: await deserialized(engine, tree) } : statement
}

interface Put {
  changed: boolean
  /** Whether every function has Trino's meaning. */
  isTrinos: boolean
}

function asksTrino(node: Node | readonly unknown[]): boolean {
  const { type, schema_name: schema, table_name: table } = node as Node
  if (type === 'BASE_TABLE') {
    const asked = [schema, table].map((part) => String(part).toLowerCase())
    if (asked[0] === 'athena' || asked[1] === 'cloudtrail_lake') return true
  }
  return below(node).some(asksTrino)
}

function rewritten(value: unknown, put: Put): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((inner) => rewritten(inner, put))
  const node = Object.fromEntries(
    Object.entries(value).map(([field, inner]) => [field, rewritten(inner, put)]),
  ) as Node
  if (node.type === 'TABLE_FUNCTION') checkUnnest(node)
  if ((node.class !== 'FUNCTION' && node.class !== 'WINDOW') || node.catalog !== '') return node
  if (node.schema !== '' && String(node.schema).toLowerCase() !== 'trino') return node
  const other = ownFunction(node, put.isTrinos)
  if (other === undefined) return node
  put.changed = true
  return { ...other, alias: node.alias, query_location: node.query_location }
}

/** The function translated for DuckDB; undefined when it needs no translation. */
function ownFunction(node: Node, isTrinos: boolean): Node | undefined {
  const name = String(node.function_name).toLowerCase()
  const given = node.children as Node[]
  if (name === '->>' && ['CONJUNCTION', 'COMPARISON'].includes(String(given[0]?.class))) throw loose()
  const hasPrefix = node.schema !== ''
  const called = CALLS[name]?.(node, given)
  if (called) return called
  if (!hasPrefix && !isTrinos) return showsTrino(name, given) ? { ...node, schema: 'trino' } : undefined
  const other = OTHER_MEANING[name]?.(node, given)
  if (other) return other
  return !hasPrefix && ownFunctions().has(`trino.${name}`) ? { ...node, schema: 'trino' } : undefined
}

/** DuckDB gives a structure as one column, and leaves further names of columns unsaid. */
function checkUnnest({ function: made, column_name_alias: names, with_ordinality: counts }: Node): void {
  const { function_name: name, children } = made as Node
  if (String(name).toLowerCase() !== 'unnest') return
  const lists = (children as Node[]).length
  const columns = counts === 'WITH_ORDINALITY' ? 2 : 1
  if (lists > 1 || (names as string[]).length > columns) throw new UserError(unnestHint(lists))
}

function loose(): UserError {
  return new UserError(
    "->> binds looser than = and `and`: put it in brackets, as in … and (requestparameters ->> 'bucketName') = 'logs'",
  )
}
