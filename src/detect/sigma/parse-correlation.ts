import { didYouMean } from '../../lib/nearest.ts'
import { namesIn, parseCondition } from './condition.ts'
import type { Condition, CorrelationType, Limit } from './contract.ts'
import { type Head, lineOf } from './head.ts'
import { canonical, entryOf, RuleError, sectionOf, textAt, textsAt, type WrittenMap } from './yaml.ts'

/** Fields of documents of all kinds. */
export interface Common {
  head: Head
  /** All that decides about matches, as text. */
  body: string
}

export interface ParsedCorrelation extends Common {
  kind: 'correlation'
  type: CorrelationType
  rules: readonly Reference[]
  groupBy: readonly string[]
  aliases: ReadonlyMap<string, readonly AliasedField[]>
  timespanSeconds: number
  limits: readonly Limit[]
  fields: readonly string[]
  percentile?: number
  condition?: Condition
  generate: boolean
}

export interface Reference {
  text: string
  line: number
}

/** The field that an alias stands for in the events of a rule, which has its id or its name. */
export interface AliasedField {
  rule: string
  field: string
  line: number
}

const TYPES: readonly CorrelationType[] = [
  ...(['event_count', 'value_count', 'temporal', 'temporal_ordered'] as const),
  ...(['value_sum', 'value_avg', 'value_percentile'] as const),
]
const CORRELATION_KEYS = ['type', 'rules', 'group-by', 'timespan', 'condition', 'aliases', 'generate']
const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 }
const OPERATORS: Readonly<Record<string, Limit['op']>> = {
  ...{ eq: '=', neq: '<>', lt: '<', lte: '<=', gt: '>', gte: '>=' },
}

const COMPARED: Readonly<Record<Limit['op'], (count: number, limit: number) => boolean>> = {
  '=': (count, limit) => count === limit,
  '<>': (count, limit) => count !== limit,
  '<': (count, limit) => count < limit,
  '<=': (count, limit) => count <= limit,
  '>': (count, limit) => count > limit,
  '>=': (count, limit) => count >= limit,
}

/** Reads the section `correlation`. Throws a RuleError with the line of what is not supported. */
export function correlationOf(document: WrittenMap, head: Head): ParsedCorrelation {
  const section = sectionOf(document, 'correlation')
  const refuse = (key: string, message: string) =>
    new RuleError(lineOf(section, key), `correlation.${key}: ${message}`)
  for (const { key } of section.entries)
    if (!CORRELATION_KEYS.includes(key))
      throw refuse(key, `there is no such key${didYouMean(key, CORRELATION_KEYS)}`)
  const said = textAt(section, 'type') ?? ''
  const type = TYPES.find((one) => one === said)
  if (!type) throw refuse('type', `${TYPES.join(', ')} are known, not "${said}"${didYouMean(said, TYPES)}`)
  const [, amount, unit] = /^(\d{1,9})([smhd])$/.exec(textAt(section, 'timespan') ?? '') ?? []
  const timespanSeconds = Number(amount ?? 0) * (SECONDS[unit ?? ''] ?? 0)
  if (timespanSeconds === 0)
    throw refuse('timespan', 'a number above 0 with s, m, h or d is wanted, as in 10m')
  const generate = generateOf(document, section)
  const rules = referencesOf(section)
  const how = criteriaOf(section, type, rules, refuse)
  return {
    kind: 'correlation',
    head,
    body: canonical(section),
    type,
    rules,
    groupBy: textsAt(section, 'group-by'),
    aliases: aliasesOf(section),
    timespanSeconds,
    generate,
    ...how,
  }
}

/** Sigma 2.1 has it beside `correlation`, pySigma within. */
function generateOf(document: WrittenMap, section: WrittenMap): boolean {
  const values = [section, document].flatMap((map) => {
    const found = entryOf(map, 'generate')
    if (!found) return []
    const { value, line } = found
    if (value.kind !== 'scalar' || typeof value.value !== 'boolean')
      throw new RuleError(line, 'generate: true or false is wanted')
    return [{ is: value.value, line }]
  })
  const [first, second] = values
  if (first && second && first.is !== second.is)
    throw new RuleError(second.line, `generate: it is ${first.is} in line ${first.line}`)
  return first?.is ?? false
}

function referencesOf(section: WrittenMap): Reference[] {
  const found = entryOf(section, 'rules')
  const items = found?.value.kind === 'list' ? found.value.items : found ? [found.value] : []
  const rules = items.map((item) => {
    if (item.kind !== 'scalar' || typeof item.value !== 'string')
      throw new RuleError(item.line, 'correlation.rules: ids or names of rules are wanted')
    return { text: item.value, line: item.line }
  })
  if (rules.length === 0)
    throw new RuleError(lineOf(section, 'rules'), 'correlation.rules: it is missing, or empty')
  return rules
}

function aliasesOf(section: WrittenMap): Map<string, AliasedField[]> {
  const found = entryOf(section, 'aliases')
  if (!found) return new Map()
  const refuse = (line: number, message: string) => new RuleError(line, `correlation.aliases: ${message}`)
  if (found.value.kind !== 'map') throw refuse(found.line, 'a map is wanted')
  return new Map(
    found.value.entries.map(({ key, line, value }) => {
      if (value.kind !== 'map') throw refuse(line, `${key}: a map of rules and fields is wanted`)
      const fields = value.entries.map((entry): AliasedField => {
        const field = textAt(value, entry.key) ?? ''
        if (field === '') throw refuse(entry.line, `${key}: a field of \`${entry.key}\` is wanted`)
        return { rule: entry.key, field, line: entry.line }
      })
      return [key, fields]
    }),
  )
}

type Criteria = Pick<ParsedCorrelation, 'limits' | 'fields' | 'percentile' | 'condition'>

function criteriaOf(
  section: WrittenMap,
  type: CorrelationType,
  rules: readonly Reference[],
  refuse: (key: string, message: string) => RuleError,
): Criteria {
  const found = entryOf(section, 'condition')
  const temporal = type.startsWith('temporal')
  if (!found) {
    if (temporal) return { limits: [], fields: [] }
    throw refuse('condition', `it is missing, and ${type} wants one`)
  }
  const { value } = found
  if (type === 'temporal_ordered') {
    if (value.kind !== 'map' || !wantsAll(limitsOf(value).limits, rules.length))
      throw refuse('condition', 'temporal_ordered wants all of its rules, in their order: leave it out')
    return { limits: [], fields: [] }
  }
  if (value.kind === 'scalar' && typeof value.value === 'string') {
    if (!temporal) throw refuse('condition', `${type} wants a map, as in gte: 10`)
    return { limits: [], fields: [], condition: ruleCondition(value.value, rules, found.line) }
  }
  if (value.kind !== 'map') throw refuse('condition', 'a map is wanted, as in gte: 10')
  const { limits, percentile } = limitsOf(value)
  if (limits.length === 0) throw refuse('condition', `one of ${Object.keys(OPERATORS).join(', ')} is wanted`)
  const fields = textsAt(value, 'field')
  checkFields(type, fields, percentile, refuse)
  return { limits, fields, ...(percentile === undefined ? {} : { percentile }) }
}

function limitsOf(map: WrittenMap): { limits: Limit[]; percentile: number | undefined } {
  const limits: Limit[] = []
  let percentile: number | undefined
  for (const { key, line, value: given } of map.entries) {
    if (key === 'field') continue
    const op = Object.hasOwn(OPERATORS, key) ? OPERATORS[key] : undefined
    const known = [...Object.keys(OPERATORS), 'field', 'percentile']
    if (!op && key !== 'percentile')
      throw new RuleError(line, `correlation.condition: there is no \`${key}\`${didYouMean(key, known)}`)
    if (given.kind !== 'scalar' || typeof given.value !== 'number' || !Number.isFinite(given.value))
      throw new RuleError(line, `correlation.condition: ${key}: a number is wanted`)
    if (op) limits.push({ op, value: given.value })
    else percentile = given.value
  }
  return { limits, percentile }
}

/** Whether of the counts of rules up to this one, limits allow it alone: all rules must have matched. */
function wantsAll(limits: readonly Limit[], count: number): boolean {
  const allowed = (number: number) => limits.every(({ op, value }) => COMPARED[op](number, value))
  return allowed(count) && !Array.from({ length: count - 1 }, (_, at) => at + 1).some(allowed)
}

function checkFields(
  type: CorrelationType,
  fields: readonly string[],
  percentile: number | undefined,
  refuse: (key: string, message: string) => RuleError,
): void {
  const wants = type.startsWith('value_')
  if (wants && fields.length === 0) throw refuse('condition', `${type} wants a \`field\``)
  if (!wants && fields.length > 0) throw refuse('condition', `${type} has no use for a \`field\``)
  if (wants && type !== 'value_count' && fields.length > 1)
    throw refuse('condition', `${type} wants a single \`field\``)
  if (type === 'value_percentile') {
    if (percentile === undefined || percentile < 0 || percentile > 100)
      throw refuse(
        'condition',
        'value_percentile needs a `percentile` from 0 to 100 in addition to its limit',
      )
  } else if (percentile !== undefined) throw refuse('condition', `${type} has no use for a \`percentile\``)
}

function ruleCondition(text: string, rules: readonly Reference[], line: number): Condition {
  const names = rules.map((rule) => rule.text)
  const condition = parseCondition(text, names, line)
  if (hasNot(condition))
    throw new RuleError(
      line,
      'correlation.condition: `not` is not supported: that something is absent is certain only after its time',
    )
  const used = namesIn(condition)
  const unused = names.find((name) => !used.has(name))
  if (unused !== undefined)
    throw new RuleError(
      line,
      `correlation.condition: it does not name \`${unused}\`, which is among the rules`,
    )
  return condition
}

function hasNot(condition: Condition): boolean {
  if (condition.kind === 'name') return false
  return condition.kind === 'not' || condition.of.some(hasNot)
}
