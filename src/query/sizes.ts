/**
 * Functions that create a large value from small arguments, such as `range(500000000)` and `repeat('x',
 * 10000000000)`. DuckDB allocates such values outside its memory limit, for up to 2,048 rows at once, and the
 * process ends. So the size is computed from the statement's tree before it runs:
 * docs/decisions/2026-11-29-large-values.md.
 */
import { UserError } from '../lib/errors.ts'
import { below, type Node } from './statement.ts'

/**
 * Most list elements, or characters, that a function may create from constants: 2,048 such lists take 160
 * MiB.
 */
const MAX_MADE = 10_000
/** Size assumed where it depends on data: the length of a text or of a list. */
const OF_DATA = 1000

type Size = (given: readonly Node[]) => number

const series: Size = (given) => {
  const [start, stop, step] = given.length === 1 ? [undefined, given[0], undefined] : given
  const times = [start, stop].map((bound) => bound && timestampOf(bound))
  if (step && isLongStep(step)) return OF_DATA
  const unit = step && secondsOf(step)
  if (times[0] !== undefined && times[1] !== undefined && (unit !== undefined || !step))
    return Math.abs(times[1] - times[0]) / 1000 / (unit ?? 86_400)
  const by = step ? constant(step) : 1
  if (by === undefined || by === 0) return Number.POSITIVE_INFINITY
  const [from, to] = [start ? constant(start) : 0, stop && constant(stop)]
  const length =
    from !== undefined && to !== undefined
      ? Math.abs(to - from)
      : (start ? max(start) : 0) + (stop ? max(stop) : 0)
  return length / Math.abs(by)
}
const nth =
  (index: number): Size =>
  (given) => {
    const size = given[index]
    return size ? max(size) : 0
  }
/** The format's text contains the width. */
const formatted: Size = ([format]) => {
  const text = format && textOf(format)
  // The size is unknown when the text is not a constant, or takes its width from an argument.
  if (text === undefined || /\{[^}]*\{|%[^a-z%]*\*/i.test(text)) return Number.POSITIVE_INFINITY
  return Math.max(0, ...[...text.matchAll(/\d+/g)].map(([digits]) => Number(digits)))
}

/** The size of each function's result, in elements or characters. */
export const MAKERS: Readonly<Record<string, Size>> = {
  range: series,
  generate_series: series,
  sequence: series,
  repeat: ([text, times]) => (times ? max(times) : 0) * (text ? (textOf(text)?.length ?? 1) : 1),
  lpad: nth(1),
  rpad: nth(1),
  bar: nth(3),
  list_resize: nth(1),
  array_resize: nth(1),
  bitstring: nth(1),
  ngrams: nth(1),
  to_base: nth(2),
  format: formatted,
  printf: formatted,
}

/** Refuses a question that would create a value too large for memory. */
export function checkSizes(tree: Node): void {
  weigh(tree)
}

/** The factor by which the functions around a node multiply its largest value. */
function weigh(node: Node | readonly unknown[]): number {
  // As a table, a series yields row by row.
  const isTable = !Array.isArray(node) && (node as Node).type === 'TABLE_FUNCTION'
  if (isTable) {
    const { function: called, type: _, ...rest } = node as Node
    return largest(childrenOf(called as Node).map(weigh), weigh(rest))
  }
  const inner = [...below(node)]
  const { class: kind, function_name: name } = node as Node
  if (kind !== 'FUNCTION') return largest(inner.map(weigh), 1)
  const children = childrenOf(node as Node)
  const bodies = children.filter((child) => child.class === 'LAMBDA').map(weigh)
  // An aggregate also has a filter and an order.
  const { children: _, ...around } = node as Node
  const beside = [...children.filter((child) => child.class !== 'LAMBDA'), ...below(around)]
  const others = largest(beside.map(weigh), 1)
  const made = MAKERS[String(name).toLowerCase()]?.(children) ?? 1
  const body = largest(bodies, 1)
  // A lambda's result is created for each element.
  const weight = Math.max(1, made) * others * (body > 1 ? body * (others > 1 ? 1 : OF_DATA) : 1)
  if (made > MAX_MADE || weight > MAX_MADE * OF_DATA || (made > 1 && made * others > MAX_MADE))
    throw tooLarge(String(name).toLowerCase(), made)
  return weight
}

/** A question may list more values than a call takes arguments. */
function largest(numbers: readonly number[], least = Number.NEGATIVE_INFINITY): number {
  return numbers.reduce((most, one) => Math.max(most, one), least)
}

function tooLarge(name: string, made: number): UserError {
  const size = Number.isFinite(made)
    ? `would make values of ${Math.ceil(made).toLocaleString('en-US')} elements or characters, or values within values`
    : 'would make values of a size that the question does not limit'
  const instead = ['range', 'generate_series', 'sequence'].includes(name)
    ? `; as a table, in FROM ${name === 'sequence' ? 'range' : name}(…), it may be of any length`
    : ''
  return new UserError(
    `the function ${name} ${size}: at most ${MAX_MADE.toLocaleString('en-US')} are made at once, as in least(n, 1000)${instead}`,
  )
}

function childrenOf(node: Node): Node[] {
  return Array.isArray(node.children) ? (node.children as Node[]) : []
}

/** The largest absolute value that a number can have; infinite when the question does not show it. */
function max(node: Node): number {
  const fixed = constant(node)
  if (fixed !== undefined) return Math.abs(fixed)
  if (node.class === 'CAST') return max(node.child as Node)
  if (node.class !== 'FUNCTION') return Number.POSITIVE_INFINITY
  const given = childrenOf(node).map(max)
  const [first = Number.POSITIVE_INFINITY, second] = given
  switch (String(node.function_name).toLowerCase()) {
    case '+':
    case '-':
      return given.reduce((sum, one) => sum + one, 0)
    case '*':
      return given.reduce((product, one) => product * one, 1)
    case '%':
      return second ?? first
    case 'least':
      return leastOf(childrenOf(node), given)
    case 'greatest':
      return largest(given)
    case 'abs':
    case 'floor':
    case 'ceil':
    case 'round':
      return first
    case 'length':
    case 'len':
    case 'strlen':
    case 'cardinality':
    case 'array_length':
    case 'json_array_length':
      return OF_DATA
    default:
      return Number.POSITIVE_INFINITY
  }
}

/** `least` bounds its result from above by its smallest constant; a negative size counts as none. */
function leastOf(children: readonly Node[], given: readonly number[]): number {
  const fixed = children.map(constant).filter((one) => one !== undefined)
  return fixed.length > 0 ? Math.max(0, -largest(fixed.map((one) => -one))) : largest(given)
}

/** A numeric literal in the question. */
function constant(node: Node): number | undefined {
  if (node.class === 'CAST') return constant(node.child as Node)
  if (node.class === 'FUNCTION' && childrenOf(node).length === 1) {
    const [inner] = childrenOf(node).map(constant)
    if (inner === undefined) return undefined
    // `interval 1 day` is parsed into a call of `trunc`.
    if (node.function_name === 'trunc') return Math.trunc(inner)
    return node.function_name === '-' ? -inner : undefined
  }
  if (node.class !== 'CONSTANT') return undefined
  const { is_null: isNull, value, type } = node.value as Node
  if (isNull === true) return 0
  if (typeof value === 'number') return value / 10 ** scaleOf(type as Node)
  if (typeof value === 'string') {
    // A NUL precedes numbers that JSON.parse would round.
    const number = Number(value.replace(/^\0/, ''))
    return Number.isNaN(number) ? undefined : number
  }
  return typeof value === 'object' ? Number.POSITIVE_INFINITY : undefined
}

function scaleOf({ id, type_info: info }: Node): number {
  return id === 'DECIMAL' ? Number((info as Node | null)?.scale ?? 0) : 0
}

function textOf(node: Node): string | undefined {
  if (node.class === 'CAST') return textOf(node.child as Node)
  const { value } = node.class === 'CONSTANT' ? (node.value as Node) : {}
  return typeof value === 'string' ? value : undefined
}

/** A date or time literal in the question, in milliseconds since 1970. */
function timestampOf(node: Node): number | undefined {
  const text = textOf(node)
  const timestamp = text === undefined ? Number.NaN : Date.parse(text)
  return Number.isNaN(timestamp) ? undefined : timestamp
}

const SECONDS: Readonly<Record<string, number>> = { hour: 3600, minute: 60, second: 1 }

/** Seconds in a step of hours, minutes or seconds. */
function secondsOf(node: Node): number | undefined {
  const [amount, unit = ''] = stepOf(node)
  const seconds = SECONDS[unit]
  return amount === undefined || amount === 0 || seconds === undefined
    ? undefined
    : Math.abs(amount) * seconds
}

/** With a step of a day or more, any series between two dates fits into memory. */
function isLongStep(node: Node): boolean {
  const [amount, unit = ''] = stepOf(node)
  return (
    amount !== undefined && Math.abs(amount) >= 1 && /^(day|week|month|quarter|year|decade|centur)/.test(unit)
  )
}

/** `interval 2 hours` and `interval '2 hours'`: the amount and its unit. */
function stepOf(node: Node): [amount: number | undefined, unit?: string] {
  const unitOf = (text: string) => text.toLowerCase().replace(/s$/, '')
  if (node.class === 'FUNCTION') {
    const name = /^to_([a-z]+)$/.exec(String(node.function_name).toLowerCase())?.[1]
    const [amount] = childrenOf(node)
    return name && amount ? [constant(amount), unitOf(name)] : [undefined]
  }
  const parts = /^\s*(-?\d+)\s*([a-z]+)\s*$/i.exec(textOf(node) ?? '')
  return parts ? [Number(parts[1]), unitOf(parts[2] as string)] : [undefined]
}
