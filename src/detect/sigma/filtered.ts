import type { Filtering, Logsource } from '../contract.ts'
import type { Condition, Detection, DetectionRule, FieldItem, KeywordItem } from './contract.ts'
import { type Placeholders, placeholdersIn } from './encode.ts'
import type { ParsedDetection, ParsedFilter } from './parse.ts'
import { filteredBy, type ReadRule, ruleOf, versionOf } from './read-rule.ts'

/**
 * A detection rule with the filters that are about it: their conditions are added to its own.
 *
 * @param used receives these filters
 */
export function detectionRule(
  { parsed, id, source }: ReadRule & { parsed: ParsedDetection },
  filters: readonly (ReadRule & { parsed: ParsedFilter })[],
  used: Set<ReadRule>,
  placeholders: Placeholders,
): DetectionRule {
  const detections = new Map(parsed.detections)
  const conditions: Condition[] = [parsed.condition]
  const bodies = [parsed.body]
  const added: Filtering[] = []
  for (const filter of filters) {
    if (!isFiltered(parsed, filter.parsed)) continue
    used.add(filter)
    bodies.push(filter.parsed.body)
    const { title, description, origin } = filter.parsed.head
    added.push({ id: filter.id, title, ...(description === undefined ? {} : { why: description }), origin })
    const own = (name: string) => `filter ${filter.id} ${name}`
    for (const [name, detection] of filter.parsed.detections) detections.set(own(name), detection)
    conditions.push(renamed(filter.parsed.condition, own))
  }
  const values = bodies.flatMap((body) =>
    placeholdersIn(body).map((name) => `${name}=${JSON.stringify(placeholders.get(name) ?? [])}`),
  )
  return {
    ...ruleOf(parsed, id, source),
    kind: 'detection',
    version: versionOf([...bodies, ...values]),
    logsources: [parsed.logsource],
    tables: [parsed.table],
    ...filteredBy(added),
    table: parsed.table,
    detections,
    condition: conditions.length === 1 ? parsed.condition : { kind: 'and', of: conditions },
  }
}

/** Why a filter is added to no rule, as the end of a sentence. */
export function whyUnused({ rules }: ParsedFilter, read: readonly ReadRule[]): string {
  const isNamed = ({ id, parsed: { head } }: ReadRule) =>
    rules !== 'any' && rules.some((one) => one === id || one === head.name)
  const named = read.filter((one) => one.parsed.kind !== 'filter' && isNamed(one))
  if (named.some(({ parsed }) => parsed.kind === 'correlation'))
    return 'it names a correlation, which reads no rows: name the rules that the correlation refers to'
  return named.length > 0
    ? 'the rules that it names have another logsource'
    : 'it is about no rule that is loaded'
}

/**
 * Whether a filter removes events without the fields that it names, and keeps what it names: seldom meant,
 * though an example of Sigma's specification is written so.
 */
export function keepsOnly({ detections, condition }: ParsedFilter): boolean {
  const items = ({ kind, items: own }: Detection): boolean => {
    const met = own.map((one) => (one.kind === 'field' || one.kind === 'keyword' ? item(one) : items(one)))
    return kind === 'all' ? !met.includes(false) : met.includes(true)
  }
  const holds = (one: Condition): boolean => {
    if (one.kind === 'not') return !holds(one.of)
    if (one.kind !== 'name') return one.kind === 'and' ? one.of.every(holds) : one.of.some(holds)
    const detection = detections.get(one.name)
    return detection !== undefined && items(detection)
  }
  return !holds(condition)
}

/** Whether it holds of an event without its field. */
function item({ all, negated, tests }: FieldItem | KeywordItem): boolean {
  const met = tests.map((test) => test.kind === 'null' || (test.kind === 'exists' && !test.value))
  return (all ? !met.includes(false) : met.includes(true)) !== negated
}

function isFiltered({ head, logsource }: ParsedDetection, filter: ParsedFilter): boolean {
  const keys: readonly (keyof Logsource)[] = ['product', 'service', 'category']
  if (keys.some((key) => filter.logsource[key] !== undefined && filter.logsource[key] !== logsource[key]))
    return false
  const { rules } = filter
  return rules === 'any' || rules.some((one) => one === head.id || one === head.name)
}

function renamed(condition: Condition, own: (name: string) => string): Condition {
  if (condition.kind === 'name') return { kind: 'name', name: own(condition.name) }
  if (condition.kind === 'not') return { kind: 'not', of: renamed(condition.of, own) }
  return { kind: condition.kind, of: condition.of.map((one) => renamed(one, own)) }
}
