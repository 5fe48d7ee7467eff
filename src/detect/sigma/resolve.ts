import { didYouMean } from '../../lib/nearest.ts'
import type { CorrelationRule, SigmaRule } from './contract.ts'
import type { Placeholders } from './encode.ts'
import { detectionRule, keepsOnly, whyUnused } from './filtered.ts'
import type { ParsedCorrelation, ParsedFilter } from './parse.ts'
import { filteredBy, type ReadRule, refuse, ruleOf, versionOf } from './read-rule.ts'
import type { Fault } from './yaml.ts'

/**
 * Makes rules from what was read: filters are added to theirs, and correlations get the rules that they refer
 * to. What refers to nothing is a fault.
 */
export function resolved(
  read: readonly ReadRule[],
  placeholders: Placeholders,
  faults: Fault[],
): SigmaRule[] {
  const filters = read.filter(
    (one): one is ReadRule & { parsed: ParsedFilter } => one.parsed.kind === 'filter',
  )
  const used = new Set<ReadRule>()
  const made = new Map<ReadRule, SigmaRule | undefined>()
  const silent = new Set<ReadRule>()
  const loud = new Set<ReadRule>()

  function make(one: ReadRule, path: readonly ReadRule[]): SigmaRule | undefined {
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
    { parsed, id, source }: ReadRule & { parsed: ParsedCorrelation },
    self: ReadRule,
    path: readonly ReadRule[],
  ): CorrelationRule | undefined {
    const of: SigmaRule[] = []
    const targets: ReadRule[] = []
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
      targets.push(target)
      of.push(rule)
    }
    const aliases = aliasesOf(parsed, targets)
    if (aliases.kind === 'problem') {
      refuse(faults, self, aliases.line, aliases.problem)
      return undefined
    }
    // The file says it, and not a switch: rules made to be counted would report every event otherwise.
    if (parsed.generate) for (const one of targets) loud.add(one)
    else for (const one of targets) if (one.source === source) silent.add(one)
    const distinct = <Value>(values: readonly Value[]) => [
      ...new Map(values.map((value) => [JSON.stringify(value), value])).values(),
    ]
    return {
      ...ruleOf(parsed, id, source),
      kind: 'correlation',
      version: versionOf([parsed.body, ...of.map(({ version }) => version)]),
      logsources: distinct(of.flatMap(({ logsources }) => logsources)),
      tables: distinct(of.flatMap(({ tables }) => tables)),
      ...filteredBy(distinct(of.flatMap(({ filters = [] }) => filters))),
      correlation: {
        type: parsed.type,
        of,
        names: parsed.rules.map(({ text }) => text),
        groupBy: parsed.groupBy,
        aliases: aliases.fields,
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
      refuse(faults, one, one.parsed.line, `filter: ${whyUnused(one.parsed, read)}`, 'warning')
  for (const one of filters)
    if (keepsOnly(one.parsed))
      refuse(
        faults,
        one,
        one.parsed.line,
        'filter: only what its condition is about is kept: to exclude that, write `not` before it',
        'warning',
      )
  for (const one of silent) {
    const rule = made.get(one)
    if (rule && !loud.has(one)) rule.reports = false
  }
  return read.flatMap((one) => made.get(one) ?? [])
}

type Aliases =
  | { kind: 'fields'; fields: Map<string, Map<string, string>> }
  | { kind: 'problem'; line: number; problem: string }

/** By alias and by what stands in `rules`: a field. An alias has the names of rules, and takes their ids. */
function aliasesOf({ aliases, rules }: ParsedCorrelation, targets: readonly ReadRule[]): Aliases {
  const fields = new Map<string, Map<string, string>>()
  for (const [alias, entries] of aliases) {
    const own = new Map<string, string>()
    for (const { rule, field, line } of entries) {
      const called = rules.filter(({ text }, slot) => {
        const head = targets[slot]?.parsed.head
        return rule === text || rule === head?.name || rule === head?.id
      })
      if (called.length === 0) {
        const near = didYouMean(
          rule,
          rules.map(({ text }) => text),
        )
        return {
          kind: 'problem',
          line,
          problem: `correlation.aliases: ${alias}: \`${rule}\` is not among the rules${near}`,
        }
      }
      for (const { text } of called) own.set(text, field)
    }
    fields.set(alias, own)
  }
  return { kind: 'fields', fields }
}

interface Referred {
  target?: ReadRule
  /** Found by its title: an extension of Sigma. */
  title?: boolean
  problem?: string
}

/** A rule by its id or name; by its title only within the same file. */
function referred(text: string, { source }: ReadRule, read: readonly ReadRule[]): Referred {
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
