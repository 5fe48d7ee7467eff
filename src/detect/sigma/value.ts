import { identifier, literal } from '../../lib/sql.ts'
import { ANY, ONE, type Pattern, type Test } from './contract.ts'
import type { Target } from './fields.ts'
import { networkOf } from './network.ts'
import { isAscii, plainPartOf } from './pattern.ts'

/**
 * SQL of conditions on values. Every text of a rule becomes a literal through `text`, which quotes it; names
 * of columns come from the table, never from the rule.
 *
 * An expression is true where the value matches, and false or null where it does not: a negation must treat
 * null as false. No value in a row makes an expression fail, as broken JSON would: one scan runs all rules.
 */
export interface Names {
  /** A name for a lambda's parameter that no enclosing lambda has. */
  next(): string
}

export function newNames(): Names {
  let count = 0
  return { next: () => `v${++count}` }
}

/** A text as SQL; NUL, at which DuckDB would end the statement, is allowed. */
export function text(value: string): string {
  if (!value.includes('\0')) return literal(value)
  return `(${value.split('\0').map(literal).join(' || chr(0) || ')})`
}

/**
 * A condition on a target's value; for a list, some item meets it. `make` turns SQL of a text into SQL of a
 * condition.
 */
function some(target: Target, make: (value: string) => string, names: Names): string {
  if (target.kind === 'group') return anyOf(target.targets.map((one) => some(one, make, names)))
  if (target.kind === 'column') return make(columnText(target))
  const column = identifier(target.column)
  const plain = jsonText(target)
  const item = names.next()
  const inLists = `len(list_filter(sigma_leaves(${found(target)}), lambda ${item}: ${make(item)})) > 0`
  if (target.keys.length === 0)
    return `((not starts_with(${column}, '[') and ${make(plain)}) or (starts_with(${column}, '[') and ${inLists}))`
  const maybeList = `contains(${column}, '[') and coalesce(starts_with(${plain}, '['), true)`
  return `((not starts_with(${plain}, '[') and ${make(plain)}) or (${maybeList} and ${inLists}))`
}

/** A target's value as text, null where it is empty. */
export function textOf(target: Exclude<Target, { kind: 'json' }>): string {
  return target.kind === 'column' ? `nullif(${columnText(target)}, '')` : shownText(target)
}

/**
 * The different texts of a JSON value, of a list and of a path through lists those of all items; at least
 * one, or null.
 */
export function textsOf(target: Extract<Target, { kind: 'json' }>): string {
  const plain = jsonText(target)
  const column = identifier(target.column)
  const isList =
    target.keys.length === 0
      ? `starts_with(${column}, '[')`
      : `contains(${column}, '[') and coalesce(starts_with(${plain}, '['), true)`
  const items = `list_distinct(list_filter(sigma_leaves(${found(target)}), lambda text: text <> ''))`
  return `case when ${isList} then case when len(${items}) > 0 then ${items} else [null] end else [nullif(${plain}, '')] end`
}

/** A target's value for people: of a path that goes through lists, all values there. */
export function shownText(target: Target): string {
  if (target.kind === 'column') return columnText(target)
  if (target.kind === 'group')
    return `nullif(concat_ws(' ', ${target.targets.map(shownText).join(', ')}), '')`
  if (target.keys.length === 0) return jsonText(target)
  return `coalesce(${jsonText(target)}, nullif(array_to_string(sigma_leaves(${found(target)}), ', '), ''))`
}

function columnText({ column, type }: Extract<Target, { kind: 'column' }>): string {
  const name = identifier(column)
  if (type === 'string') return name
  if (type === 'timestamptz') return `sigma_time(${name})`
  if (type === 'double') return `sigma_number(${name})`
  return `${name}::varchar`
}

function jsonText({ column, keys }: Extract<Target, { kind: 'json' }>): string {
  const name = identifier(column)
  return keys.length === 0
    ? `sigma_text(${name})`
    : `try(json_extract_string(${name}, ${text(pointer(keys))}))`
}

/** The JSON values that a path leads to, also through lists. */
function found({ column, keys }: Extract<Target, { kind: 'json' }>): string {
  return keys.reduce(
    (inner, key) => `sigma_step(${inner}, ${text(pointer([key]))})`,
    `[try(json_extract(${identifier(column)}, '$'))]`,
  )
}

/** https://www.rfc-editor.org/rfc/rfc6901 */
function pointer(keys: readonly string[]): string {
  return keys.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

export function anyOf(conditions: readonly string[]): string {
  if (conditions.length === 0) return 'false'
  return conditions.length === 1 ? (conditions[0] as string) : `(${conditions.join(' or ')})`
}

export function allOf(conditions: readonly string[]): string {
  if (conditions.length === 0) return 'true'
  return conditions.length === 1 ? (conditions[0] as string) : `(${conditions.join(' and ')})`
}

export function not(condition: string): string {
  return `(not coalesce(${condition}, false))`
}

/** Whether a target's value meets a test. `other` resolves the field that a test compares with. */
export function testSql(target: Target, test: Test, other: (field: string) => Target, names: Names): string {
  switch (test.kind) {
    case 'any':
      return alternatives(target, test.tests, other, names)
    case 'null':
      return isNull(target, names)
    case 'exists':
      return test.value ? exists(target) : not(exists(target))
    case 'fieldref':
      return some(
        target,
        (value) =>
          some(other(test.field), (second) => compareTexts(value, second, test.at, test.cased), names),
        names,
      )
    case 'boolean':
      if (target.kind === 'column' && target.type === 'boolean')
        return `${identifier(target.column)} = ${test.value}`
      break
    case 'number':
      if (isNumber(target)) return `${identifier(target.column)} = ${numberLiteral(test.value)}`
      break
    case 'compare':
      if (isNumber(target)) return `${identifier(target.column)} ${test.op} ${numberLiteral(test.value)}`
      break
    case 'time':
      if (target.kind === 'column' && target.type === 'timestamptz')
        return timeSql(identifier(target.column), test)
      break
  }
  return some(target, (value) => valueSql(value, test), names)
}

function isNumber(target: Target): target is Extract<Target, { kind: 'column' }> {
  return target.kind === 'column' && (target.type === 'long' || target.type === 'double')
}

/** Alternatives; whole texts are compared in one IN list. */
export function alternatives(
  target: Target,
  tests: readonly Test[],
  other: (field: string) => Target,
  names: Names,
): string {
  const exact = tests.filter(isExact)
  const conditions = tests
    .filter((test) => exact.length < 2 || !isExact(test))
    .map((test) => testSql(target, test, other, names))
  if (exact.length > 1) {
    const values = exact.map(({ pattern }) => text(pattern.join('').toLowerCase())).join(', ')
    conditions.unshift(some(target, (value) => `lower(${value}) in (${values})`, names))
  }
  return anyOf(conditions)
}

function isExact(test: Test): test is Extract<Test, { kind: 'text' }> {
  return (
    test.kind === 'text' &&
    !test.cased &&
    isAscii(test.pattern) &&
    test.pattern.every((piece) => typeof piece === 'string')
  )
}

function isNull(target: Target, names: Names): string {
  if (target.kind === 'group') return allOf(target.targets.map((one) => isNull(one, names)))
  if (target.kind === 'column') return `${identifier(target.column)} is null`
  const item = names.next()
  const column = identifier(target.column)
  const plain = target.keys.length === 0 ? column : jsonText(target)
  if (target.keys.length === 0) return `${column} is null`
  const inLists = `len(list_filter(sigma_leaves(${found(target)}), lambda ${item}: ${item} is not null)) > 0`
  return `(${plain} is null and ${not(`contains(${column}, '[') and ${inLists}`)})`
}

function exists(target: Target): string {
  if (target.kind === 'group') return anyOf(target.targets.map(exists))
  const column = identifier(target.column)
  if (target.kind === 'column' || target.keys.length === 0) return `${column} is not null`
  const inLists = `contains(${column}, '[') and len(${found(target)}) > 0`
  return `(try(json_type(${column}, ${text(pointer(target.keys))})) is not null or (${inLists}))`
}

/** A condition on a text. */
export function valueSql(value: string, test: Test): string {
  switch (test.kind) {
    case 'text':
      return patternSql(value, test.pattern, test.cased)
    case 'number':
      return Number.isInteger(test.value)
        ? `${value} in (${text(test.text)}, ${text(`${test.text}.0`)})`
        : `try_cast(${value} as double) = ${numberLiteral(test.value)}`
    case 'boolean':
      return `lower(${value}) = '${test.value}'`
    case 'compare':
      return `sigma_finite(${value}) ${test.op} ${numberLiteral(test.value)}`
    case 're':
      return expressionSql(value, test)
    case 'cidr':
      return cidrSql(value, test.network)
    case 'time':
      return timeSql(`try_cast(${value} as timestamptz)`, test)
    case 'any':
      return anyOf(test.tests.map((one) => valueSql(value, one)))
    case 'null':
    case 'exists':
    case 'fieldref':
      throw new Error(`${test.kind} is no condition on a text`)
  }
}

/** The text that every match contains is searched for first: a search for plain text is much cheaper. */
function expressionSql(value: string, { source, flags }: Extract<Test, { kind: 're' }>): string {
  // Flags before it, and no group around it: `\Q` without its end would quote the closing bracket, too.
  const matches = `regexp_matches(${value}, ${text(flags === '' ? source : `(?${flags})${source}`)})`
  const plain = flags.includes('i') ? undefined : plainPartOf(source)
  return plain === undefined ? matches : `(contains(${value}, ${text(plain)}) and ${matches})`
}

function timeSql(time: string, { part, op, value }: Extract<Test, { kind: 'time' }>): string {
  return `date_part('${part}', ${time}) ${op} ${value}`
}

function numberLiteral(value: number): string {
  return `${value}::double`
}

function cidrSql(value: string, network: string): string {
  const range = networkOf(network)
  if (!range) throw new Error(`no network: ${network}`)
  const { version, first, last } = range
  const inRange = `sigma_ip${version}(${value}) between '${first}' and '${last}'`
  if (version === 6) return inRange
  const octets = (digits: string) => digits.match(/\d{3}/g)?.map(Number) ?? []
  const [from, to] = [octets(first), octets(last)]
  const shared = from.slice(
    0,
    from.findIndex((octet, at) => octet !== to[at]),
  )
  if (first === last) return `${value} = '${from.join('.')}'`
  // Most addresses fail at their first digits: only the rest are compared with the range.
  return shared.length === 0
    ? inRange
    : `case when starts_with(${value}, '${shared.join('.')}.') then ${inRange} else false end`
}

function compareTexts(
  one: string,
  other: string,
  at: 'whole' | 'start' | 'end' | 'inside',
  cased: boolean,
): string {
  const [first, second] = cased ? [one, other] : [`lower(${one})`, `lower(${other})`]
  if (at === 'whole') return `${first} = ${second}`
  return `${at === 'start' ? 'starts_with' : at === 'end' ? 'ends_with' : 'contains'}(${first}, ${second})`
}

/** Equality, or the cheapest function that is equivalent to the wildcards. */
function patternSql(value: string, pattern: Pattern, cased: boolean): string {
  const first = pattern[0] === ANY
  const last = pattern.length > 1 && pattern.at(-1) === ANY
  const inner = pattern.slice(first ? 1 : 0, last ? -1 : undefined)
  if (inner.length === 0 && first) return `${value} is not null`
  const given = cased ? value : `lower(${value})`
  const fold = (plain: string) => {
    if (cased) return text(plain)
    return isAscii([plain]) ? text(plain.toLowerCase()) : `lower(${text(plain)})`
  }
  if (inner.every((piece) => typeof piece === 'string')) {
    const plain = fold(inner.join(''))
    if (first && last) return `contains(${given}, ${plain})`
    if (last) return `starts_with(${given}, ${plain})`
    if (first) return `ends_with(${given}, ${plain})`
    return `${given} = ${plain}`
  }
  const like = pattern.map((piece) => {
    if (piece === ANY) return '%'
    return piece === ONE ? '_' : piece.replace(/[\\%_]/g, '\\$&')
  })
  return `${given} like ${fold(like.join(''))} escape '\\'`
}
