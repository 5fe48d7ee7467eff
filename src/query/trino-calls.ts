import { UserError } from '../lib/errors.ts'
import type { Node } from './statement.ts'

/**
 * Calls of Trino's functions that no macro can accept, as calls of DuckDB's: lambdas, any number of
 * arguments, aggregates with a FILTER.
 */

type Rewrite = (node: Node, given: Node[]) => Node | undefined

/** Functions that DuckDB lacks: translated in every question. */
export const CALLS: Readonly<Record<string, Rewrite>> = {
  transform: ofLambda((node, given) => call(node, 'list_transform', given)),
  any_match: ofLambda((node, given) => anyOf(node, given)),
  all_match: ofLambda((node, given) => call(node, 'all_of', [call(node, 'list_transform', given)], 'trino')),
  none_match: ofLambda((node, given) => ({
    class: 'OPERATOR',
    type: 'OPERATOR_NOT',
    children: [anyOf(node, given)],
  })),
  /** `reduce(list, start, step, finish)` */
  reduce: ofLambda((node, [items, start, step, finish]) =>
    items && start && step && finish ? reduced(node, items, [start, step, finish]) : undefined,
  ),
  /** `reduce_agg(value, start, step, combine)`: one list has all values, so nothing is left to combine. */
  reduce_agg: ofLambda((node, [item, start, step]) => {
    if (!item || !start || !step) return undefined
    const items = call(node, 'list_filter', [call(node, 'list', [item]), isThere()])
    return outside(node, call(node, 'list_reduce', [items, step, start]))
  }),
  /** `map_filter(map, (key, value) -> …)` and its like iterate over the map's entries. */
  map_filter: ofLambda((node, given) => {
    const [map, one] = overEntries(node, given)
    return map && one && call(node, 'map_from_entries', [call(node, 'list_filter', [map, one])])
  }),
  transform_values: ofLambda((node, given) => ofEntries(node, given, (body) => [entry('key'), body])),
  transform_keys: ofLambda((node, given) => ofEntries(node, given, (body) => [body, entry('value')])),
  zip_with: ofLambda((node, [a, b, lambda]) => {
    const one = a && b && withFields(lambda, ['first', 'second'])
    return one && call(node, 'list_transform', [call(node, 'pairs', [a, b], 'trino'), one])
  }),
  map_zip_with: ofLambda((node, [a, b, lambda]) => {
    const one = a && b && withFields(lambda, ['key', 'first', 'second'])
    return one && fromPairs(node, call(node, 'both', [a, b], 'trino'), one, (body) => [entry('key'), body])
  }),
  zip: (node, given) => call(node, 'list_zip', given),
  map_agg: (node, [key, value]) => key && value && ofList(node, 'map_of', pairOf(node, key, value)),
  multimap_agg: (node, [key, value]) => key && value && ofList(node, 'multimap_of', pairOf(node, key, value)),
  approx_distinct: (node, [item]) => item && call(node, 'approx_count_distinct', [item]),
  every: (node, given) => call(node, 'bool_and', given),
  bitwise_and_agg: (node, given) => call(node, 'bit_and', given),
  bitwise_or_agg: (node, given) => call(node, 'bit_or', given),
  bitwise_xor_agg: (node, given) => call(node, 'bit_xor', given),
}

/** Functions that DuckDB has with another meaning: translated where Athena's meaning is asked for. */
export const OTHER_MEANING: Readonly<Record<string, Rewrite>> = {
  concat: (node, given) =>
    given.slice(1).reduce((left, right) => joined(node, left, right), given[0] as Node),
  greatest: (node, given) => call(node, 'array_max', [call(node, 'list_value', given)]),
  least: (node, given) => call(node, 'array_min', [call(node, 'list_value', given)]),
  // DuckDB's pass over rows without a value for the first.
  max_by: (node, given) => call(node, given.length === 2 ? 'arg_max_null' : 'arg_max', given),
  min_by: (node, given) => call(node, given.length === 2 ? 'arg_min_null' : 'arg_min', given),
  format: (node, [format, ...given]) => format && printed(node, format, given),
}

/** `contains` of an address, and paths of SQL/JSON, show by themselves whose meaning is asked for. */
export function showsTrino(name: string, given: readonly Node[]): boolean {
  if (name === 'contains') return given.length === 2 && given.some(isAddress)
  if (name === 'json_value' || name === 'json_exists')
    return /^\s*(?:lax|strict)\s/.test(textOf(given[1]) ?? '')
  return false
}

function isLambda(node: Node | undefined): node is Node {
  return node?.class === 'LAMBDA'
}

function isAddress({ cast_type: type }: Node): boolean {
  return /"ipaddress"/i.test(JSON.stringify(type ?? null))
}

/** Only with a lambda at the end is it Trino's function. */
function ofLambda(rewrite: Rewrite): Rewrite {
  return (node, given) => (isLambda(given.at(-1)) ? rewrite(node, given) : undefined)
}

function anyOf(node: Node, given: Node[]): Node {
  return call(node, 'any_of', [call(node, 'list_transform', given)], 'trino')
}

function reduced(node: Node, items: Node, [start, step, finish]: [Node, Node, Node]): Node {
  const found = call(node, 'list_reduce', [items, step, start])
  const one = call(node, 'list_transform', [call(node, 'list_value', [found]), finish])
  return call(node, 'list_extract', [one, constant(1)])
}

/** `value -> value is not null` */
function isThere(): Node {
  const body = {
    class: 'OPERATOR',
    type: 'OPERATOR_IS_NOT_NULL',
    alias: '',
    query_location: 0,
    children: [item()],
  }
  return { class: 'LAMBDA', type: 'LAMBDA', alias: '', query_location: 0, lhs: item(), expr: body }
}

function item(): Node {
  return { ...entry('key'), column_names: [ENTRY] }
}

/** A macro over the list of an aggregate's values; FILTER and the like stay with the aggregate. */
function ofList(node: Node, macro: string, item: Node): Node {
  return outside(node, call(node, macro, [call(node, 'list', [item])], 'trino'))
}

/** The outermost call of what an aggregate became. */
function outside(node: Node, outer: Node): Node {
  const plain = { filter: null, distinct: false, order_bys: { type: 'ORDER_MODIFIER', orders: [] } }
  if (node.class !== 'FUNCTION')
    throw new UserError(`${String(node.function_name)} is no window function here: group the rows instead`)
  return { ...outer, ...plain }
}

function pairOf(node: Node, key: Node, value: Node): Node {
  return scalar(node, 'struct_pack', [
    { ...key, alias: 'key' },
    { ...value, alias: 'value' },
  ])
}

function ofEntries(node: Node, given: Node[], made: (body: Node) => [Node, Node]): Node | undefined {
  const [map, one] = overEntries(node, given)
  return map && one && fromPairs(node, map, one, made)
}

/** A map of what a lambda makes of each item of a list. */
function fromPairs(node: Node, items: Node, one: Node, made: (body: Node) => [Node, Node]): Node {
  const pair = pairOf(node, ...made(one.expr as Node))
  return call(node, 'map_from_entries', [call(node, 'list_transform', [items, { ...one, expr: pair }])])
}

const ENTRY = 'an_entry'

function entry(field: string): Node {
  return {
    class: 'COLUMN_REF',
    type: 'COLUMN_REF',
    alias: '',
    query_location: 0,
    column_names: [ENTRY, field],
  }
}

/** The entries of a map, and a lambda of key and value rewritten as one of an entry. */
function overEntries(node: Node, [map, lambda]: Node[]): [Node?, Node?] {
  const one = withFields(lambda, ['key', 'value'])
  return map && one ? [call(node, 'map_entries', [map]), one] : []
}

/** A lambda of several parameters, as one of an item with these fields. */
function withFields(lambda: Node | undefined, fields: readonly string[]): Node | undefined {
  const given = (lambda?.lhs as Node | undefined)?.children as Node[] | undefined
  if (!lambda || given?.length !== fields.length) return undefined
  const fieldOf = new Map(given.map(({ column_names: names }, at) => [(names as string[])[0], fields[at]]))
  const named = (inner: unknown): unknown => {
    if (typeof inner !== 'object' || inner === null) return inner
    if (Array.isArray(inner)) return inner.map(named)
    const { class: kind, column_names: names } = inner as Node
    if (kind === 'COLUMN_REF') {
      const [first, ...rest] = names as string[]
      const field = fieldOf.get(first)
      if (field !== undefined) return { ...inner, column_names: [ENTRY, field, ...rest] }
    }
    return Object.fromEntries(Object.entries(inner).map(([name, one]) => [name, named(one)]))
  }
  return { ...lambda, lhs: item(), expr: named(lambda.expr) }
}

function joined(node: Node, left: Node, right: Node): Node {
  return { ...scalar(node, '||', [left, right]), is_operator: true }
}

/** Java's conversions that DuckDB's `printf` has too, by the macro that makes an argument fit. */
const CONVERSIONS: Readonly<Record<string, string>> = {
  s: 'as_text',
  b: 'as_text',
  d: 'as_integer',
  x: 'as_integer',
  X: 'as_integer',
  o: 'as_integer',
  f: 'as_double',
  e: 'as_double',
  E: 'as_double',
  g: 'as_double',
}
const CONVERSION = /%([-+ 0,#]*)(\d*)((?:\.\d+)?)([A-Za-z%]|$)|%/g

function printed(node: Node, format: Node, given: readonly Node[]): Node {
  const text = textOf(format)
  if (text === undefined) throw new UserError('format takes a constant format: write it as a text in quotes')
  const made: Node[] = []
  const other = text.replace(CONVERSION, (found, flags = '', width = '', digits = '', letter = '') => {
    if (found === '%%') return found
    if (found === '%n') return '\n'
    const macro = CONVERSIONS[letter]
    const one = given[made.length]
    if (macro === undefined || (flags.includes(',') && letter !== 'd'))
      throw new UserError(
        `format does not know ${found} here: it knows %s %b %d %,d %x %X %o %f %e %g %n and %%`,
      )
    if (!one) throw new UserError(`format has no argument for ${found}`)
    made.push(scalar(node, macro, [one], 'trino'))
    return `%${flags}${width}${digits}${letter === 'b' ? 's' : letter}`
  })
  return call(node, 'printf', [{ ...format, value: { ...(format.value as Node), value: other } }, ...made])
}

function textOf(node: Node | undefined): string | undefined {
  const { value, is_null: isNull } = (node?.class === 'CONSTANT' ? node.value : {}) as Node
  return typeof value === 'string' && isNull === false ? value : undefined
}

/** A call in the place of another one, with its FILTER and the like. */
function call(like: Node, name: string, children: Node[], schema = ''): Node {
  return { ...like, function_name: name, schema, children, alias: '' }
}

/** A call within an aggregate's arguments. */
function scalar(like: Node, name: string, children: Node[], schema = ''): Node {
  return {
    ...call(like, name, children, schema),
    class: 'FUNCTION',
    type: 'FUNCTION',
    filter: null,
    distinct: false,
    is_operator: false,
    order_bys: { type: 'ORDER_MODIFIER', orders: [] },
  }
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
