import type { SigmaRule } from './contract.ts'
import type { Placeholders } from './encode.ts'
import { parseDocument } from './parse.ts'
import { type ReadRule, type RuleText, refuse } from './read-rule.ts'
import { documentsIn } from './ready.ts'
import { resolved } from './resolve.ts'
import type { SigmaTable } from './tables.ts'
import { type Fault, RuleError, textAt } from './yaml.ts'

export interface LoadOptions {
  tables: readonly SigmaTable[]
  placeholders?: Placeholders
  /** Ids and names of what is off: filters among them are added to no rule. */
  without?: readonly string[]
}

export interface Loaded {
  rules: readonly SigmaRule[]
  faults: readonly Fault[]
}

/**
 * Loads rules. A rule that cannot run as written is refused, by file and line, together with the correlations
 * that refer to it; all others are loaded.
 */
export function loadRules(
  texts: readonly RuleText[],
  { tables, placeholders = new Map(), without = [] }: LoadOptions,
): Loaded {
  const faults: Fault[] = []
  const read: ReadRule[] = []
  for (const source of texts) {
    const { documents, faults: broken } = documentsIn(source.text, source.file)
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
        read.push({ parsed, id, source, hasLevel: textAt(document, 'level') !== undefined })
      } catch (thrown) {
        if (!(thrown instanceof RuleError)) throw thrown
        fault('refused', thrown.line, thrown.message)
      }
    }
  }
  const wanted = unique(read, faults).filter((one) => !isFilterOff(one, without))
  const rules = resolved(wanted, placeholders, faults)
  const reporting = new Set(rules.filter(({ reports }) => reports).map(({ id }) => id))
  // Of the rules under a correlation, Sigma wants no level: only the outermost one reports.
  for (const one of wanted)
    if (!one.hasLevel && reporting.has(one.id))
      refuse(faults, one, one.parsed.head.origin.line, 'level: it is missing, medium is taken', 'warning')
  return { rules, faults: faults.sort(byPlace) }
}

/**
 * Whether a filter is off, and so added to no rule: by the caller, by its file, or by `off.yaml` next to it.
 */
function isFilterOff({ parsed: { kind, head }, id, source }: ReadRule, without: readonly string[]): boolean {
  if (kind !== 'filter') return false
  if ((source.off?.get(id) ?? head.off) !== undefined) return true
  return without.includes(id) || (head.name !== undefined && without.includes(head.name))
}

function byPlace(a: Fault, b: Fault): number {
  return a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line
}

/** Refuses a second rule with the same id. */
function unique(read: readonly ReadRule[], faults: Fault[]): ReadRule[] {
  const first = new Map<string, ReadRule>()
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

/** The ids and reasons in a file that switches rules of a folder off. */
export function readOff(text: string, file: string): { off: Map<string, string>; faults: Fault[] } {
  const { documents, faults } = documentsIn(text, file)
  const off = new Map<string, string>()
  for (const document of documents)
    for (const { key } of document.entries) off.set(key, textAt(document, key) ?? 'switched off')
  return { off, faults }
}
