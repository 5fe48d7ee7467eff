import { didYouMean } from '../../lib/nearest.ts'
import type { Logsource } from '../contract.ts'
import { namesIn, parseCondition } from './condition.ts'
import type { Condition, Detection, FieldItem, KeywordItem } from './contract.ts'
import { headOf, logsourceOf, type Warn } from './head.ts'
import { itemOf, type Reading } from './modifiers.ts'
import { type Common, correlationOf, type ParsedCorrelation } from './parse-correlation.ts'
import { type SigmaTable, tableFor } from './tables.ts'
import { canonical, entryOf, RuleError, sectionOf, textsAt, type Written, type WrittenMap } from './yaml.ts'

/** A document read by itself; `load.ts` resolves its references. */
export type { ParsedCorrelation }

export type Parsed = ParsedDetection | ParsedCorrelation | ParsedFilter

export interface ParsedDetection extends Common {
  kind: 'detection'
  logsource: Logsource
  table: string
  detections: Map<string, Detection>
  condition: Condition
}

export interface ParsedFilter extends Common {
  kind: 'filter'
  logsource: Logsource
  /** Ids and names of rules. */
  rules: readonly string[] | 'any'
  line: number
  detections: Map<string, Detection>
  condition: Condition
}

/** Reads one document. Throws a RuleError with the line of what is not supported. */
export function parseDocument(
  document: WrittenMap,
  reading: Reading,
  tables: readonly SigmaTable[],
  warn: Warn,
): Parsed {
  const head = headOf(document, reading.file, warn)
  const kinds = ['detection', 'correlation', 'filter'].filter((key) => entryOf(document, key))
  if (kinds.length !== 1)
    throw new RuleError(
      document.line,
      kinds.length === 0
        ? 'detection: it is missing, and so are correlation and filter'
        : `a document has one of ${kinds.join(' and ')}`,
    )
  if (kinds[0] === 'correlation') return correlationOf(document, head)
  const { logsource, line } = logsourceOf(document)
  const section = sectionOf(document, kinds[0] as string)
  const without = kinds[0] === 'filter' ? ['condition', 'rules'] : ['condition']
  const detections = detectionsOf(section, without, reading)
  const condition = conditionOf(section, detections, warn)
  const table = tableFor(tables, logsource)
  // A filter may name a part of a logsource: it is then for all that have this part.
  const isPart = kinds[0] === 'filter' && isPartOfAny(logsource, tables)
  if (!table && !isPart) throw new RuleError(line, unknownLogsource(logsource, tables))
  const name = table?.name ?? JSON.stringify([logsource.product, logsource.service])
  const body = `${name} ${canonical(section)}`
  if (kinds[0] === 'filter' || !table) {
    const rules = filtered(section)
    return { kind: 'filter', head, body, logsource, rules, line: section.line, detections, condition }
  }
  return { kind: 'detection', head, body, logsource, table: table.name, detections, condition }
}

function isPartOfAny({ product, service, category }: Logsource, tables: readonly SigmaTable[]): boolean {
  if (category !== undefined || (product ?? service) === undefined) return false
  return tables.some(({ logsources }) =>
    logsources.some(
      (one) =>
        (product === undefined || one.product === product) &&
        (service === undefined || one.service === service),
    ),
  )
}

function unknownLogsource(logsource: Logsource, tables: readonly SigmaTable[]): string {
  const said = Object.entries(logsource).map(([key, value]) => `${key} "${value}"`)
  return `logsource: loglake has no table for ${said.join(', ') || 'an empty one'}${nearTo(logsource, tables)}`
}

function nearTo({ service, category }: Logsource, tables: readonly SigmaTable[]): string {
  if (category !== undefined) return ', and none for a category'
  const known = tables.flatMap(({ logsources }) => logsources)
  if (service === undefined) return ''
  const same = known.find((one) => one.service === service)
  if (same) return `: did you mean product "${same.product}"?`
  return didYouMean(
    service,
    known.map((one) => one.service ?? ''),
  )
}

function detectionsOf(
  section: WrittenMap,
  without: readonly string[],
  reading: Reading,
): Map<string, Detection> {
  const detections = new Map<string, Detection>()
  for (const { key, line, value } of section.entries) {
    if (without.includes(key)) continue
    if (key === 'timeframe')
      throw new RuleError(
        line,
        'timeframe: it is no longer part of Sigma: write a correlation with a timespan',
      )
    detections.set(key, detectionOf(value, line, reading))
  }
  if (detections.size === 0) throw new RuleError(section.line, 'detection: there is no search identifier')
  return detections
}

/** A map is AND, a list OR; texts without a field are keywords. */
function detectionOf(value: Written, line: number, reading: Reading): Detection {
  if (value.kind === 'scalar') return { kind: 'any', items: [keywords([value], line, reading)] }
  if (value.kind === 'map') {
    if (value.entries.length === 0) throw new RuleError(line, 'a search identifier is empty')
    return { kind: 'all', items: value.entries.map((entry) => itemOf(entry, reading)) }
  }
  if (value.items.length === 0) throw new RuleError(line, 'a search identifier is empty')
  const plain = value.items.filter((item) => item.kind === 'scalar')
  const items: (Detection | FieldItem | KeywordItem)[] = value.items
    .filter((item) => item.kind !== 'scalar')
    .map((item) => detectionOf(item, item.line, reading))
  if (plain.length > 0) items.push(keywords(plain, line, reading))
  return { kind: 'any', items }
}

function keywords(items: readonly Written[], line: number, reading: Reading): FieldItem | KeywordItem {
  return itemOf({ key: '', line, value: { kind: 'list', line, items } }, reading)
}

function conditionOf(section: WrittenMap, detections: ReadonlyMap<string, Detection>, warn: Warn): Condition {
  const found = entryOf(section, 'condition')
  if (!found) throw new RuleError(section.line, 'condition: it is missing')
  const { value, line } = found
  const texts = value.kind === 'list' ? value.items : [value]
  const of = texts.map((text) => {
    if (text.kind !== 'scalar' || typeof text.value !== 'string')
      throw new RuleError(text.line, 'condition: a text or a list of texts is wanted')
    return parseCondition(text.value, detections.keys(), text.line)
  })
  if (of.length === 0) throw new RuleError(line, 'condition: it is empty')
  const condition: Condition = of.length === 1 ? (of[0] as Condition) : { kind: 'or', of }
  const used = namesIn(condition)
  for (const name of detections.keys())
    if (!used.has(name)) warn(line, `condition: the search identifier \`${name}\` is never used`)
  return condition
}

function filtered(section: WrittenMap): readonly string[] | 'any' {
  const found = entryOf(section, 'rules')
  if (!found) throw new RuleError(section.line, 'rules: it is missing: `any`, or ids and names of rules')
  const rules = textsAt(section, 'rules')
  if (found.value.kind === 'scalar' && rules[0]?.toLowerCase() === 'any') return 'any'
  if (rules.length === 0) throw new RuleError(found.line, 'rules: it is empty: for all rules, write `any`')
  return rules
}
