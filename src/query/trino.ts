import type { Engine } from '../lib/duckdb.ts'
import { UserError } from '../lib/errors.ts'
import { ownFunctions } from './own-functions.ts'
import { below, deserialized, type Node, type Statement } from './statement.ts'

/**
 * The statement in DuckDB's words: what Trino writes and no macro can take (lambdas above all) is put into the tree. A question to
 * `cloudtrail_lake` or a view of the schema `athena` has the functions that DuckDB has under the same name mean what they mean to
 * Trino. All else is left to the letter.
 *
 * @throws UserError when `->>` has an `and` or a comparison on its left, which is never meant
 */
export async function inOwnWords(engine: Engine, statement: Statement): Promise<Statement> {
  const names = asksTrino(statement.tree) ? namesOfTrino() : new Set<string>()
  const put = { changed: false }
  const tree = rewritten(statement.tree, names, put) as Node
  return put.changed ? { ...statement, tree, select: await deserialized(engine, tree) } : statement
}

function asksTrino(node: Node | readonly unknown[]): boolean {
  const { type, schema_name: schema, table_name: table } = node as Node
  if (type === 'BASE_TABLE') {
    const asked = [schema, table].map((part) => String(part).toLowerCase())
    if (asked[0] === 'athena' || asked[1] === 'cloudtrail_lake') return true
  }
  return below(node).some(asksTrino)
}

/** What the schema `trino` has of DuckDB's names. */
function namesOfTrino(): Set<string> {
  const ours = [...ownFunctions()].filter((name) => name.startsWith('trino.'))
  return new Set(ours.map((name) => name.slice('trino.'.length)))
}

function rewritten(value: unknown, names: ReadonlySet<string>, put: { changed: boolean }): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((inner) => rewritten(inner, names, put))
  const node = Object.fromEntries(
    Object.entries(value).map(([field, inner]) => [field, rewritten(inner, names, put)]),
  ) as Node
  if (node.class !== 'FUNCTION' || node.schema !== '' || node.catalog !== '') return node
  const other = ownFunction(node, names)
  if (other === undefined) return node
  put.changed = true
  return { ...other, alias: node.alias, query_location: node.query_location }
}

/** The function in DuckDB's words; undefined when it is in them already. */
function ownFunction(node: Node, names: ReadonlySet<string>): Node | undefined {
  const name = String(node.function_name).toLowerCase()
  const given = node.children as Node[]
  if (name === '->>' && ['CONJUNCTION', 'COMPARISON'].includes(String(given[0]?.class))) throw loose()
  const lambda = LAMBDAS[name]
  if (lambda && isLambda(given.at(-1))) return lambda(node, given)
  if (name === 'contains' && given.length === 2 && given.some(isAddress)) return { ...node, schema: 'trino' }
  return names.has(name) ? { ...node, schema: 'trino' } : undefined
}

function loose(): UserError {
  return new UserError(
    "->> binds looser than = and `and`: put it in brackets, as in … and (requestparameters ->> 'bucketName') = 'logs'",
  )
}

function isLambda(node: Node | undefined): node is Node {
  return node?.class === 'LAMBDA'
}

function isAddress({ cast_type: type }: Node): boolean {
  return /"ipaddress"/i.test(JSON.stringify(type ?? null))
}

/** Functions whose last argument is a lambda, which no macro can take. */
const LAMBDAS: Record<string, (node: Node, given: Node[]) => Node | undefined> = {
  transform: (node, given) => call(node, 'list_transform', given),
  any_match: (node, given) => call(node, 'any_of', [call(node, 'list_transform', given)], 'trino'),
  all_match: (node, given) => call(node, 'all_of', [call(node, 'list_transform', given)], 'trino'),
  none_match: (node, given) => ({
    class: 'OPERATOR',
    type: 'OPERATOR_NOT',
    children: [call(node, 'any_of', [call(node, 'list_transform', given)], 'trino')],
  }),
  /** `reduce(list, start, step, finish)` */
  reduce(node, [items, start, step, finish]) {
    if (!items || !start || !step || !isLambda(finish)) return undefined
    const found = call(node, 'list_reduce', [items, step, start])
    return call(node, 'list_extract', [
      call(node, 'list_transform', [call(node, 'list_value', [found]), finish]),
      constant(1),
    ])
  },
  /** `map_filter(map, (key, value) -> …)` and its like go over the map's entries. */
  map_filter: (node, given) => {
    const [map, one] = entries(node, given)
    return map && one && call(node, 'map_from_entries', [call(node, 'list_filter', [map, one])])
  },
  transform_values: (node, given) => ofEntries(node, given, (body) => [entry('key'), body]),
  transform_keys: (node, given) => ofEntries(node, given, (body) => [body, entry('value')]),
}

function ofEntries(node: Node, given: Node[], made: (body: Node) => [Node, Node]): Node | undefined {
  const [map, one] = entries(node, given)
  if (!map || !one) return undefined
  const [key, value] = made(one.expr as Node)
  const pair = call(node, 'struct_pack', [
    { ...key, alias: 'key' },
    { ...value, alias: 'value' },
  ])
  return call(node, 'map_from_entries', [call(node, 'list_transform', [map, { ...one, expr: pair }])])
}

const ENTRY = 'an_entry'

function entry(field: 'key' | 'value'): Node {
  return {
    class: 'COLUMN_REF',
    type: 'COLUMN_REF',
    alias: '',
    query_location: 0,
    column_names: [ENTRY, field],
  }
}

/** The entries of a map, and a lambda of key and value as one of an entry. */
function entries(node: Node, [map, lambda]: Node[]): [Node?, Node?] {
  const given = (lambda?.lhs as Node | undefined)?.children as Node[] | undefined
  if (!map || !lambda || given?.length !== 2) return []
  const [key, value] = given.map(({ column_names: names }) => (names as string[])[0])
  const named = (inner: unknown): unknown => {
    if (typeof inner !== 'object' || inner === null) return inner
    if (Array.isArray(inner)) return inner.map(named)
    const { class: kind, column_names: names } = inner as Node
    if (kind === 'COLUMN_REF') {
      const [first, ...rest] = names as string[]
      if (first === key) return { ...inner, column_names: [ENTRY, 'key', ...rest] }
      if (first === value) return { ...inner, column_names: [ENTRY, 'value', ...rest] }
    }
    return Object.fromEntries(Object.entries(inner).map(([field, one]) => [field, named(one)]))
  }
  const one = { ...lambda, lhs: { ...entry('key'), column_names: [ENTRY] }, expr: named(lambda.expr) }
  return [call(node, 'map_entries', [map]), one]
}

function call(like: Node, name: string, children: Node[], schema = ''): Node {
  return { ...like, function_name: name, schema, children, alias: '' }
}

function constant(value: number): Node {
  const type = { id: 'INTEGER', type_info: null }
  return {
    class: 'CONSTANT',
    type: 'VALUE_CONSTANT',
    alias: '',
    query_location: 0,
    value: { type, is_null: false, value },
  }
}
