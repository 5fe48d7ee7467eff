import { identifier } from '../../lib/sql.ts'
import type { Condition, Detection, DetectionRule, FieldItem, KeywordItem, Test } from './contract.ts'
import { columnsOf, resolveField, type Target } from './fields.ts'
import { containing, fits, isAscii, plainText } from './pattern.ts'
import type { SigmaTable } from './tables.ts'
import {
  allOf,
  alternatives,
  anyOf,
  type Names,
  newNames,
  not,
  shownText,
  testSql,
  text,
  valueSql,
} from './value.ts'

/** A detection rule as SQL over the columns of its table. */
export interface Compiled {
  rule: DetectionRule
  /** True for a row that matches; false or null for any other. */
  condition: string
  /** The columns that the condition and its clues read. */
  columns: ReadonlySet<string>
  clues: readonly Clue[]
  /** Whether a row with this value in the gate column can match. */
  possible(gate: string | null): boolean
  /** Whether the rule can match rows with any gate value. */
  free: boolean
}

/** The values that made a rule match: shown where `condition` holds. */
export interface Clue {
  field: string
  column?: string
  condition: string
  value: string
}

const MAX_CLUES = 24
const MAX_VALUE = 1000

export function compileRule(rule: DetectionRule, table: SigmaTable): Compiled {
  const names = newNames()
  const columns = new Set<string>()
  const target = (field: string) => {
    const found = resolveField(table, field)
    for (const column of columnsOf(found)) columns.add(column)
    return found
  }
  const context: Context = { table, target, names, columns }
  const sqlOf = (condition: Condition): string => {
    if (condition.kind === 'not') return not(sqlOf(condition.of))
    if (condition.kind === 'name') return detectionSql(detectionOf(rule, condition.name), context)
    const parts = condition.of.map(sqlOf)
    return condition.kind === 'and' ? allOf(parts) : anyOf(parts)
  }
  const condition = sqlOf(rule.condition)
  const clues = cluesOf(rule, context)
  const judge = gateJudge(rule, table)
  const possible = (gate: string | null) => judge(gate) !== false
  return { rule, condition, columns, clues, possible, free: !table.gate || possible(UNHEARD_OF) }
}

/** A value that no event name has: a rule that can match it does not depend on the name. */
const UNHEARD_OF = '\u007f'

interface Context {
  table: SigmaTable
  target(field: string): Target
  names: Names
  columns: Set<string>
}

function detectionOf({ detections }: DetectionRule, name: string): Detection {
  const found = detections.get(name)
  if (!found) throw new Error(`there is no search identifier ${name}`)
  return found
}

function isDetection(item: Detection | FieldItem | KeywordItem): item is Detection {
  return item.kind === 'all' || item.kind === 'any'
}

function detectionSql({ kind, items }: Detection, context: Context): string {
  const parts = items.map((item) => partSql(item, context))
  return kind === 'all' ? allOf(parts) : anyOf(parts)
}

function partSql(item: Detection | FieldItem | KeywordItem, context: Context): string {
  if (item.kind === 'field') return fieldSql(item, context)
  if (item.kind === 'keyword') return keywordSql(item, context)
  return detectionSql(item, context)
}

function fieldSql({ field, all, negated, tests }: FieldItem, { target, names }: Context): string {
  const own = target(field)
  const met = all
    ? allOf(tests.map((test) => testSql(own, test, target, names)))
    : alternatives(own, tests, target, names)
  return negated ? not(met) : met
}

/** Searches a whole row: its texts, and the JSON of variable fields. */
function keywordSql({ all, negated, tests }: KeywordItem, { table, columns }: Context): string {
  const texts = table.columns.filter(({ type }) => type === 'string' || type === 'json')
  for (const { name } of texts) columns.add(name)
  const parts = tests.map((test) => {
    const inside = insideOf(test)
    return anyOf(
      texts.map(({ name, type }) => valueSql(identifier(name), type === 'json' ? inJson(inside) : inside)),
    )
  })
  const met = all ? allOf(parts) : anyOf(parts)
  return negated ? not(met) : met
}

/** A keyword matches inside a text. */
function insideOf(test: Test): Test {
  if (test.kind === 'any') return { kind: 'any', tests: test.tests.map(insideOf) }
  if (test.kind === 'text') return { ...test, pattern: containing(test.pattern) }
  if (test.kind === 'number') return { kind: 'text', pattern: containing([test.text]), cased: false }
  if (test.kind === 'boolean')
    return { kind: 'text', pattern: containing([String(test.value)]), cased: false }
  return test
}

/** A text as it is, which may be JSON itself, or as it is written inside JSON. */
function inJson(test: Test): Test {
  if (test.kind === 'any') return { kind: 'any', tests: test.tests.map(inJson) }
  if (test.kind !== 'text') return test
  const pattern = test.pattern.map((piece) =>
    typeof piece === 'string' ? JSON.stringify(piece).slice(1, -1) : piece,
  )
  const isSame = pattern.every((piece, at) => piece === test.pattern[at])
  return isSame ? test : { kind: 'any', tests: [test, { ...test, pattern }] }
}

/** The items that a match consists of, without the excluded ones. */
function cluesOf(rule: DetectionRule, context: Context): Clue[] {
  const clues = new Map<string, Clue>()
  const visit = (item: Detection | FieldItem | KeywordItem) => {
    if (isDetection(item)) {
      item.items.forEach(visit)
      return
    }
    const condition = partSql(item, context)
    if (clues.has(condition) || clues.size >= MAX_CLUES) return
    if (item.kind === 'keyword') {
      clues.set(condition, { field: '', condition, value: 'null' })
      return
    }
    const target = context.target(item.field)
    const column = columnsOf(target)[0]
    clues.set(condition, {
      field: item.field,
      ...(column === undefined ? {} : { column }),
      condition,
      value: `left(${shownText(target)}, ${MAX_VALUE})`,
    })
  }
  const walk = (condition: Condition, positive: boolean): void => {
    if (condition.kind === 'not') walk(condition.of, !positive)
    else if (condition.kind !== 'name') for (const one of condition.of) walk(one, positive)
    else if (positive) visit(detectionOf(rule, condition.name))
  }
  walk(rule.condition, true)
  return [...clues.values()]
}

/** Undefined when it depends on other columns. */
type Maybe = boolean | undefined

type Judge = (gate: string | null) => Maybe

/** The result of a rule's condition for a value of the gate column, as far as that value decides it. */
function gateJudge(rule: DetectionRule, table: SigmaTable): Judge {
  const isGate = (field: string) => {
    const target = resolveField(table, field)
    return target.kind === 'column' && target.column === table.gate
  }
  const part = (item: Detection | FieldItem | KeywordItem): Judge => {
    if (item.kind === 'keyword') return unknown
    if (isDetection(item)) return combinedJudge(item.kind === 'all', item.items.map(part))
    if (!isGate(item.field)) return unknown
    const met = combinedJudge(item.all, item.tests.map(testJudge))
    return item.negated ? (gate) => inverse(met(gate)) : met
  }
  const whole = (condition: Condition): Judge => {
    if (condition.kind === 'name') return part(detectionOf(rule, condition.name))
    if (condition.kind === 'not') {
      const inner = whole(condition.of)
      return inner === unknown ? unknown : (gate) => inverse(inner(gate))
    }
    return combinedJudge(condition.kind === 'and', condition.of.map(whole))
  }
  return whole(rule.condition)
}

const unknown: Judge = () => undefined

/** The AND or OR of several judges: those that never decide are dropped once, here. */
function combinedJudge(and: boolean, judges: readonly Judge[]): Judge {
  const known = judges.filter((judge) => judge !== unknown)
  if (known.length === 0) return judges.length === 0 ? () => and : unknown
  const rest = known.length < judges.length ? [undefined] : []
  return (gate) => combined(and, [...known.map((judge) => judge(gate)), ...rest])
}

function inverse(value: Maybe): Maybe {
  return value === undefined ? undefined : !value
}

/** The AND or OR of what is known. */
function combined(and: boolean, values: readonly Maybe[]): Maybe {
  if (values.includes(!and)) return !and
  return values.includes(undefined) ? undefined : and
}

function testJudge(test: Test): Judge {
  if (test.kind === 'any') return combinedJudge(false, test.tests.map(testJudge))
  if (test.kind === 'null') return (gate) => gate === null
  if (test.kind === 'exists') return (gate) => (gate !== null) === test.value
  if (test.kind !== 'text' || !isAscii(test.pattern)) return unknown
  const { pattern, cased } = test
  const plain = plainText(pattern)?.toLowerCase()
  return (gate) => {
    if (gate === null) return false
    if (!isAscii([gate])) return undefined
    if (plain !== undefined && !cased) return gate.toLowerCase() === plain
    return fits(pattern, gate, cased)
  }
}

/** A condition that a column has one of these exact values; null may be among them. */
export function oneOf(column: string, values: readonly (string | null)[]): string {
  const known = values.filter((value) => value !== null)
  return anyOf([
    ...(known.length > 0 ? [`${identifier(column)} in (${known.map(text).join(', ')})`] : []),
    ...(known.length < values.length ? [`${identifier(column)} is null`] : []),
  ])
}
