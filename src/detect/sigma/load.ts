import { createHash } from 'node:crypto'
import type { Filtering, Logsource, Rule } from '../contract.ts'
import type { Condition, CorrelationRule, DetectionRule, SigmaRule } from './contract.ts'
import { type Placeholders, placeholdersIn } from './encode.ts'
import {
  type Parsed,
  type ParsedCorrelation,
  type ParsedDetection,
  type ParsedFilter,
  parseDocument,
} from './parse.ts'
import type { SigmaTable } from './tables.ts'
import { type Fault, RuleError, readDocuments, textAt } from './yaml.ts'

/** A file with rules. */
export interface RuleText {
  /** As it is called in errors and findings. */
  file: string
  text: string
  /** By id: why a rule of it is off, whatever the rule says. */
  off?: ReadonlyMap<string, string>
  /** The licence of its rules that name none. */
  licence?: string
}

export interface LoadOptions {
  tables: readonly SigmaTable[]
  placeholders?: Placeholders
  /** Ids and names of filters that are added to no rule. */
  without?: readonly string[]
}

export interface Loaded {
  rules: readonly SigmaRule[]
  faults: readonly Fault[]
}

/**
 * Reads rules. One that cannot be done as it says is refused, by file and line, and with it the correlations
 * that rest on it; all others are loaded.
 */
export function loadRules(
  texts: readonly RuleText[],
  { tables, placeholders = new Map(), without = [] }: LoadOptions,
): Loaded {
  const faults: Fault[] = []
  const read: Read[] = []
  for (const source of texts) {
    const { documents, faults: broken } = readDocuments(source.text, source.file)
    faults.push(...broken)
    for (const [at, document] of documents.entries()) {
      const title = document.entries.find(({ key }) => key === 'title')?.value
      const rule = title?.kind === 'scalar' && title.value !== null ? { rule: String(title.value) } : {}
      const fault = (kind: Fault['kind'], line: number, message: string) =>
        faults.push({ file: source.file, line, ...rule, kind, message })
      try {
        const warn = (line: number, message: string) => fault('warning', line, message)
        const parsed = parseDocument(document, { file: source.file, placeholders }, tables, warn)
        const id = parsed.head.id ?? parsed.head.name ?? `${source.file}#${at + 1}`
        read.push({ parsed, id, source })
      } catch (thrown) {
        if (!(thrown instanceof RuleError)) throw thrown
        fault('refused', thrown.line, thrown.message)
      }
    }
  }
  const wanted = unique(read, faults).filter((one) => !isFilterOff(one, without))
  const rules = resolved(wanted, placeholders, faults)
  return { rules, faults: faults.sort(byPlace) }
}

/** A filter that is off is added to no rule: as the caller says, the file says, or `off.yaml` beside it. */
function isFilterOff({ parsed: { kind, head }, id, source }: Read, without: readonly string[]): boolean {
  if (kind !== 'filter') return false
  if ((source.off?.get(id) ?? head.off) !== undefined) return true
  return without.includes(id) || (head.name !== undefined && without.includes(head.name))
}

interface Read {
  parsed: Parsed
  id: string
  source: RuleText
}

function byPlace(a: Fault, b: Fault): number {
  return a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line
}

function refuse(
  faults: Fault[],
  { parsed }: Read,
  line: number,
  message: string,
  kind: Fault['kind'] = 'refused',
) {
  faults.push({ file: parsed.head.origin.file, line, rule: parsed.head.title, kind, message })
}

/** An id is one rule's. */
function unique(read: readonly Read[], faults: Fault[]): Read[] {
  const first = new Map<string, Read>()
  return read.filter((one) => {
    const other = first.get(one.id)
    if (!other) {
      first.set(one.id, one)
      return true
    }
    const { file, line } = other.parsed.head.origin
    refuse(faults, one, one.parsed.head.origin.line, `id: ${one.id} is that of ${file}:${line}`)
    return false
  })
}

function resolved(read: readonly Read[], placeholders: Placeholders, faults: Fault[]): SigmaRule[] {
  const filters = read.filter((one): one is Read & { parsed: ParsedFilter } => one.parsed.kind === 'filter')
  const used = new Set<Read>()
  const made = new Map<Read, SigmaRule | undefined>()
  const silent = new Set<Read>()
  const loud = new Set<Read>()

  function make(one: Read, path: readonly Read[]): SigmaRule | undefined {
    if (made.has(one)) return made.get(one)
    const { parsed } = one
    if (parsed.kind === 'filter') return undefined
    const rule =
      parsed.kind === 'detection'
        ? detectionRule({ ...one, parsed }, filters, used, placeholders)
        : correlationRule({ ...one, parsed }, one, path)
    made.set(one, rule)
    return rule
  }

  function correlationRule(
    { parsed, id, source }: Read & { parsed: ParsedCorrelation },
    self: Read,
    path: readonly Read[],
  ): CorrelationRule | undefined {
    const of: SigmaRule[] = []
    for (const { text, line } of parsed.rules) {
      const found = referred(text, self, read)
      if (found.title)
        refuse(
          faults,
          self,
          line,
          `correlation.rules: "${text}" is a title: Sigma wants an id or a name`,
          'warning',
        )
      const target = found.target
      const problem =
        found.problem ??
        (target === self || (target && path.includes(target)) ? 'it leads back to this rule' : undefined)
      const rule = problem === undefined && target ? make(target, [...path, self]) : undefined
      if (!rule || !target) {
        refuse(
          faults,
          self,
          line,
          `correlation.rules: "${text}": ${problem ?? 'this rule is refused itself'}`,
        )
        return undefined
      }
      if (parsed.generate) loud.add(target)
      else if (target.source === source) silent.add(target)
      of.push(rule)
    }
    const distinct = <Value>(values: readonly Value[]) => [
      ...new Map(values.map((value) => [JSON.stringify(value), value])).values(),
    ]
    return {
      ...ruleOf(parsed, id, source),
      kind: 'correlation',
      version: hash([parsed.body, ...of.map(({ version }) => version)]),
      logsources: distinct(of.flatMap(({ logsources }) => logsources)),
      tables: distinct(of.flatMap(({ tables }) => tables)),
      ...filteredBy(distinct(of.flatMap(({ filters = [] }) => filters))),
      correlation: {
        type: parsed.type,
        of,
        names: parsed.rules.map(({ text }) => text),
        groupBy: parsed.groupBy,
        aliases: parsed.aliases,
        timespanSeconds: parsed.timespanSeconds,
        limits: parsed.limits,
        fields: parsed.fields,
        ...(parsed.percentile === undefined ? {} : { percentile: parsed.percentile }),
        ...(parsed.condition ? { condition: parsed.condition } : {}),
      },
    }
  }

  for (const one of read) make(one, [])
  for (const one of filters)
    if (!used.has(one))
      refuse(faults, one, one.parsed.line, 'filter: it is about no rule that is loaded', 'warning')
  for (const one of silent) {
    const rule = made.get(one)
    if (rule && !loud.has(one)) rule.reports = false
  }
  return read.flatMap((one) => made.get(one) ?? [])
}

interface Referred {
  target?: Read
  /** Found by its title: an extension. */
  title?: boolean
  problem?: string
}

/** A rule by its id or name; by its title, within the same file. */
function referred(text: string, { source }: Read, read: readonly Read[]): Referred {
  const rules = read.filter(({ parsed }) => parsed.kind !== 'filter')
  const byId = rules.filter(({ parsed }) => parsed.head.id === text)
  const byName = rules.filter(({ parsed }) => parsed.head.name === text)
  const here = byName.filter((one) => one.source === source)
  const named = byId.length > 0 ? byId : here.length > 0 ? here : byName
  const titled = rules.filter((one) => one.source === source && one.parsed.head.title === text)
  const found = named.length > 0 ? named : titled
  if (found.length > 1) return { problem: 'several rules are called so' }
  const [target] = found
  if (!target) return { problem: 'there is no rule with this id or name' }
  return { target, title: named.length === 0 }
}

function detectionRule(
  { parsed, id, source }: Read & { parsed: ParsedDetection },
  filters: readonly (Read & { parsed: ParsedFilter })[],
  used: Set<Read>,
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
    version: hash([...bodies, ...values]),
    logsources: [parsed.logsource],
    tables: [parsed.table],
    ...filteredBy(added),
    table: parsed.table,
    detections,
    condition: conditions.length === 1 ? parsed.condition : { kind: 'and', of: conditions },
  }
}

function filteredBy(filters: readonly Filtering[]): Pick<Rule, 'filters'> {
  return filters.length === 0 ? {} : { filters }
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

function ruleOf(
  { head }: Parsed,
  id: string,
  { off, licence }: RuleText,
): Omit<Rule, 'version' | 'logsources' | 'tables'> {
  const reason = off?.get(id) ?? head.off
  const of = head.licence ?? licence
  return {
    ...head,
    id,
    ...(reason === undefined ? {} : { off: reason }),
    ...(of === undefined ? {} : { licence: of }),
    reports: true,
  }
}

function hash(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16)
}

/** The ids and reasons of a file that says which rules of a folder are off. */
export function readOff(text: string, file: string): { off: Map<string, string>; faults: Fault[] } {
  const { documents, faults } = readDocuments(text, file)
  const off = new Map<string, string>()
  for (const document of documents)
    for (const { key } of document.entries) off.set(key, textAt(document, key) ?? 'switched off')
  return { off, faults }
}
