import { createHash } from 'node:crypto'
import type { Filtering, Rule } from '../contract.ts'
import type { Parsed } from './parse.ts'
import type { Fault } from './yaml.ts'

/** A file with rules. */
export interface RuleText {
  /** The file's name in errors and findings. */
  file: string
  text: string
  /** By id: the reason why a rule of the file is off, whatever the rule declares. */
  off?: ReadonlyMap<string, string>
  /** The licence of its rules that declare none. */
  licence?: string
}

/** A rule or a filter that was read, and that others may refer to. */
export interface ReadRule {
  parsed: Parsed
  id: string
  source: RuleText
  /** Whether it declares its level. */
  hasLevel: boolean
}

/** Adds a fault at a line of the rule's file. */
export function refuse(
  faults: Fault[],
  { parsed }: ReadRule,
  line: number,
  message: string,
  kind: Fault['kind'] = 'refused',
) {
  faults.push({ file: parsed.head.origin.file, line, rule: parsed.head.title, kind, message })
}

/** What a rule has from its head and its file. */
export function ruleOf(
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

export function filteredBy(filters: readonly Filtering[]): Pick<Rule, 'filters'> {
  return filters.length === 0 ? {} : { filters }
}

/** The version of a rule, from everything that decides what it finds. */
export function versionOf(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16)
}
