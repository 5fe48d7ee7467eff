import { didYouMean, nearest } from '../../lib/nearest.ts'
import { LEVELS, type Logsource, type Rule, type Status } from '../contract.ts'
import { type Entry, entryOf, RuleError, textAt, textsAt, type WrittenMap } from './yaml.ts'

/** The metadata of documents of all kinds. */
export type Head = Omit<Rule, 'id' | 'version' | 'logsources' | 'tables' | 'reports'> & {
  /** As written. */
  id?: string
}

const STATUSES: readonly Status[] = ['stable', 'test', 'experimental', 'deprecated', 'unsupported']

/**
 * Sigma's keys, and two of ours: `runbook` and `off`. An author may add others, which have no meaning here.
 */
const KEYS = [
  ...[
    'title',
    'id',
    'name',
    'related',
    'taxonomy',
    'status',
    'description',
    'license',
    'references',
    'author',
  ],
  ...['date', 'modified', 'logsource', 'detection', 'correlation', 'filter', 'fields', 'falsepositives'],
  ...['level', 'generate', 'tags', 'scope', 'runbook', 'off'],
]

export type Warn = (line: number, message: string) => void

export function headOf(document: WrittenMap, file: string, warn: Warn): Head {
  const action = entryOf(document, 'action')
  if (action)
    throw new RuleError(action.line, 'action: collections of rules by `action` are no longer part of Sigma')
  const taxonomy = textAt(document, 'taxonomy')
  if (taxonomy !== undefined && taxonomy !== 'sigma')
    throw new RuleError(
      lineOf(document, 'taxonomy'),
      `taxonomy: only that of Sigma is known, not "${taxonomy}"`,
    )
  warnOfKeys(document, warn)
  const title = textAt(document, 'title')?.trim()
  if (!title) throw new RuleError(lineOf(document, 'title'), 'title: it is missing')
  const status = oneOf(document, 'status', STATUSES) ?? 'test'
  const level = oneOf(document, 'level', LEVELS) ?? 'medium'
  const tags = textsAt(document, 'tags')
  const off =
    textAt(document, 'off') ??
    (status === 'deprecated' || status === 'unsupported' ? `its status is ${status}` : undefined)
  return {
    ...optional('id', textAt(document, 'id')),
    ...optional('name', textAt(document, 'name')),
    title,
    ...optional('description', textAt(document, 'description')),
    level,
    status,
    ...optional('author', textAt(document, 'author')),
    ...optional('licence', textAt(document, 'license')),
    references: textsAt(document, 'references'),
    falsepositives: textsAt(document, 'falsepositives'),
    tags,
    ...idsOf(tags),
    ...optional('runbook', textAt(document, 'runbook')),
    fields: textsAt(document, 'fields'),
    ...optional('off', off),
    origin: { file, line: document.entries[0]?.line ?? document.line },
  }
}

function optional<Key extends string, Value>(key: Key, value: Value | undefined): { [key in Key]?: Value } {
  return value === undefined ? {} : ({ [key]: value } as { [key in Key]?: Value })
}

function oneOf<Word extends string>(
  document: WrittenMap,
  key: string,
  words: readonly Word[],
): Word | undefined {
  const text = textAt(document, key)
  if (text === undefined) return undefined
  const found = words.find((word) => word === text)
  if (!found)
    throw new RuleError(
      lineOf(document, key),
      `${key}: ${words.join(', ')} are known, not "${text}"${didYouMean(text, words)}`,
    )
  return found
}

export function lineOf(document: WrittenMap, key: string): number {
  return entryOf(document, key)?.line ?? document.line
}

/** A mistyped key would be ignored silently. */
function warnOfKeys(document: WrittenMap, warn: Warn): void {
  for (const { key, line } of document.entries) {
    if (KEYS.includes(key)) continue
    const near = nearest(key, KEYS)
    if (near !== undefined) warn(line, `${key}: Sigma has no such key: did you mean "${near}"?`)
  }
}

/** `attack.t1562.008`, `atlas.aml.t0051.001`, `owasp.llm01`, `owasp.asi02` */
function idsOf(tags: readonly string[]): Pick<Rule, 'attack' | 'atlas' | 'owasp'> {
  const ids = (pattern: RegExp) =>
    tags.flatMap((tag) => {
      const id = pattern.exec(tag)?.[1]
      return id === undefined ? [] : [id.toUpperCase()]
    })
  return {
    attack: ids(/^attack\.(t\d{4}(?:\.\d{3})?)$/i),
    atlas: ids(/^atlas\.(aml\.t\d{4}(?:\.\d{3})?)$/i),
    owasp: ids(/^owasp\.((?:llm|asi)\d{2})$/i),
  }
}

export function logsourceOf(document: WrittenMap): { logsource: Logsource; line: number } {
  const found: Entry | undefined = entryOf(document, 'logsource')
  if (found?.value.kind !== 'map')
    throw new RuleError(lineOf(document, 'logsource'), 'logsource: it is missing')
  const { value, line } = found
  const logsource = {
    ...optional('product', textAt(value, 'product')),
    ...optional('service', textAt(value, 'service')),
    ...optional('category', textAt(value, 'category')),
  }
  return { logsource, line }
}
