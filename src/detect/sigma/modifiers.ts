import { whyNoExpression } from '../../lib/expressions.ts'
import { didYouMean } from '../../lib/nearest.ts'
import type { FieldItem, KeywordItem, Test, TimePart } from './contract.ts'
import {
  asText,
  base64Offsets,
  type Draft,
  filledIn,
  hasWildcard,
  type Placeholders,
  placeholdersIn,
  utf16,
  type Wide,
  windash,
} from './encode.ts'
import { networkOf } from './network.ts'
import { containing, endingWith, patternOf, plainText, startingWith } from './pattern.ts'
import { type Entry, RuleError, type WrittenScalar } from './yaml.ts'

/**
 * Sigma's value modifiers: `field|first|second: values`, applied to each value in the order in which they are
 * written.
 *
 * https://github.com/SigmaHQ/sigma-specification, sigma-appendix-modifiers.md (2.1.0). docs/rules.md decides
 * what it leaves open.
 */
export const MODIFIERS = [
  ...['all', 'startswith', 'endswith', 'contains', 'exists', 'cased', 'neq', 'windash'],
  ...['re', 'i', 'm', 's', 'base64', 'base64offset', 'utf16le', 'utf16be', 'utf16', 'wide'],
  ...['lt', 'lte', 'gt', 'gte', 'minute', 'hour', 'day', 'week', 'month', 'year'],
  ...['cidr', 'expand', 'fieldref'],
]

const COMPARE = { lt: '<', lte: '<=', gt: '>', gte: '>=' } as const
const WIDE = ['utf16', 'utf16le', 'utf16be', 'wide']
/** Behind one of these, a placeholder would be encoded or changed itself. */
const AFTER_EXPAND = ['base64', 'base64offset', 'windash', ...WIDE]
const PARTS: readonly string[] = ['minute', 'hour', 'day', 'week', 'month', 'year'] satisfies TimePart[]
/** Least and greatest value of each part of a time. */
const RANGE: Record<TimePart, [number, number]> = {
  minute: [0, 59],
  hour: [0, 23],
  day: [1, 31],
  week: [1, 53],
  month: [1, 12],
  year: [1, 9999],
}
/** The modifiers allowed together with one whose value is not a text. */
const BESIDE: Readonly<Record<string, readonly string[]>> = {
  exists: [],
  re: ['i', 'm', 's', 'all', 'neq', 'expand'],
  cidr: ['all', 'neq', 'expand'],
  fieldref: ['all', 'neq', 'contains', 'startswith', 'endswith', 'cased'],
  ...Object.fromEntries(Object.keys(COMPARE).map((name) => [name, ['all', 'neq', ...PARTS]])),
  ...Object.fromEntries(PARTS.map((name) => [name, ['all', 'neq', ...Object.keys(COMPARE)]])),
}
/** Most texts that a value may expand to, by placeholders and dashes. */
const MAX_TEXTS = 10_000

export interface Reading {
  file: string
  placeholders: Placeholders
}

/** The condition of `field|modifiers: values`; for keywords, the field is empty. */
export function itemOf(
  { key, line, value }: Entry,
  { file, placeholders }: Reading,
): FieldItem | KeywordItem {
  const [field = '', ...names] = key.split('|')
  const refuse = (message: string, at = line) => new RuleError(at, `${key || 'a keyword'}: ${message}`)
  checkNames(names, refuse)
  if (value.kind === 'map') throw refuse('a value or a list of values is wanted, not a map', value.line)
  const all = names.includes('all')
  const written = value.kind === 'list' ? value.items : [value]
  if (written.length === 0) throw refuse('the list of values is empty')
  if (all && written.length === 1)
    throw refuse('`all` wants several values: of a single one, leave it out', value.line)
  const own = names.filter((name) => name !== 'all' && name !== 'neq')
  const bound = own.find((name) => name !== 're' && name in BESIDE)
  if (field === '' && bound !== undefined) throw refuse(`\`${bound}\` wants a field before it, not keywords`)
  const [place] = own.filter((name) => name === 'startswith' || name === 'endswith')
  if (field === '' && place !== undefined)
    throw refuse(`\`${place}\` wants a field before it: a keyword is searched anywhere in a text`)
  const tests = written.map((one): Test => {
    if (one.kind !== 'scalar')
      throw refuse('a value of a list is a text, a number or true or false', one.line)
    if (one.value === null && (value.kind === 'list' || own.length > 0 || field === ''))
      throw refuse(
        own.length > 0 || field === ''
          ? 'null needs a field, and no modifiers'
          : 'null is no value of a list: write a search identifier of its own for it',
        one.line,
      )
    return testOf(one, own, placeholders, (message) => refuse(message, one.line))
  })
  const origin = { file, line }
  const negated = names.includes('neq')
  return field === ''
    ? { kind: 'keyword', all, negated, tests, origin }
    : { kind: 'field', field, all, negated, tests, origin }
}

type Refuse = (message: string) => RuleError

function checkNames(names: readonly string[], refuse: Refuse): void {
  for (const [at, name] of names.entries()) {
    if (name === '') throw refuse('a modifier is missing behind `|`')
    if (!MODIFIERS.includes(name))
      throw refuse(`there is no modifier \`${name}\`${didYouMean(name, MODIFIERS)}`)
    if (names.indexOf(name) !== at) throw refuse(`\`${name}\` is there twice`)
    const beside = BESIDE[name]
    const other = beside && names.find((one) => one !== name && !beside.includes(one))
    if (other !== undefined) throw refuse(`\`${name}\` does not go with \`${other}\``)
    if (WIDE.includes(name) && !names.slice(at).some((one) => one.startsWith('base64')))
      throw refuse(`\`${name}\` goes before \`base64\` or \`base64offset\``)
    const early = name === 'expand' && names.slice(0, at).find((one) => AFTER_EXPAND.includes(one))
    if (early) throw refuse(`\`expand\` goes before \`${early}\`: modifiers are applied in their order`)
    if (name === 'base64offset' && !names.includes('contains'))
      throw refuse('`base64offset` is a part of a longer text: `contains` must follow it')
    if (['i', 'm', 's'].includes(name) && !names.slice(0, at).includes('re'))
      throw refuse(`\`${name}\` is a flag of \`re\`, and must follow it`)
  }
  for (const group of [Object.keys(COMPARE), PARTS])
    if (names.filter((name) => group.includes(name)).length > 1)
      throw refuse('of these modifiers, one is enough')
}

function testOf(
  { value, source }: WrittenScalar,
  names: readonly string[],
  placeholders: Placeholders,
  refuse: Refuse,
): Test {
  const kind = names.find((name) => name in BESIDE)
  if (names.length === 0) {
    if (source === undefined) return plainTest(value)
    // Letters and digits of an id, as 012345678901 or 12e4: the number may be another one than is written, or
    // none.
    const isNumber = Number.isSafeInteger(value) || (Number.isFinite(value) && !Number.isInteger(value))
    return anyOf([plainTest(source), ...(isNumber ? [plainTest(value)] : [])])
  }
  if (kind === 'exists') {
    if (typeof value !== 'boolean') throw refuse('`exists` wants true or false, without quotes')
    return { kind: 'exists', value }
  }
  if (kind !== undefined && (kind in COMPARE || PARTS.includes(kind))) return numberTest(value, names, refuse)
  if (typeof value !== 'string')
    throw refuse(`\`${names[0]}\` wants a text: put ${source ?? JSON.stringify(value)} into quotes`)
  const texts = names.includes('expand') ? expand(value, placeholders, refuse) : [value]
  if (kind === 're') return anyOf(texts.map((text) => expressionTest(text, names, refuse)))
  if (kind === 'cidr') return anyOf(texts.map((text) => networkTest(text, refuse)))
  if (kind === 'fieldref') return fieldTest(value, names, refuse)
  return textTest(texts, names, refuse)
}

function plainTest(value: WrittenScalar['value']): Test {
  if (value === null) return { kind: 'null' }
  if (typeof value === 'boolean') return { kind: 'boolean', value }
  if (typeof value === 'number') return { kind: 'number', value, text: String(value) }
  return { kind: 'text', pattern: patternOf(value), cased: false }
}

function numberTest(value: WrittenScalar['value'], names: readonly string[], refuse: Refuse): Test {
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw refuse(`\`${names[0]}\` wants a number, without quotes`)
  const compare = names.find((name): name is keyof typeof COMPARE => name in COMPARE)
  const part = names.find((name) => PARTS.includes(name)) as TimePart | undefined
  if (part === undefined) return { kind: 'compare', op: COMPARE[compare as keyof typeof COMPARE], value }
  const [least, greatest] = RANGE[part]
  if (!Number.isInteger(value) || value < least || value > greatest)
    throw refuse(`\`${part}\` wants a whole number from ${least} to ${greatest}`)
  return { kind: 'time', part, value, op: compare ? COMPARE[compare] : '=' }
}

function expressionTest(source: string, names: readonly string[], refuse: Refuse): Test {
  const flags = names.filter((name) => ['i', 'm', 's'].includes(name)).join('')
  const fault = whyNoExpression(source) ?? whyNotInDuckDB(source)
  if (fault !== undefined) throw refuse(`no regular expression: ${fault}`)
  return { kind: 're', source, flags }
}

/** DuckDB's RE2 is older than the one that checks an expression. */
function whyNotInDuckDB(source: string): string | undefined {
  const outside = source.replace(/\\Q.*?(?:\\E|$)|\\./gs, '').replace(/\[\^?\]?[^\]]*\]/g, '')
  const group = /\(\?<(?=\w)/.exec(outside)?.[0]
  return group && 'a named group is written `(?P<name>...)`, not `(?<name>...)`'
}

function networkTest(network: string, refuse: Refuse): Test {
  if (!networkOf(network)) {
    const zero = network.includes(':') ? '::/' : '0.0.0.0/'
    const isPart = networkOf(network.replace(/\/.*/, '')) && networkOf(network.replace(/.*\//, zero))
    throw refuse(
      `no network: \`${network}\`; ${isPart ? 'the address must be the first one of the network, as in 10.0.0.0/8' : 'wanted is one like 10.0.0.0/8 or 2001:db8::/32'}`,
    )
  }
  return { kind: 'cidr', network }
}

function fieldTest(value: string, names: readonly string[], refuse: Refuse): Test {
  const pattern = patternOf(value)
  const field = plainText(pattern)
  if (field === undefined || field === '') throw refuse('`fieldref` wants the name of a field')
  const ends = names.includes('endswith')
  const starts = names.includes('startswith')
  const inside = names.includes('contains') || (starts && ends)
  const at = inside ? 'inside' : starts ? 'start' : ends ? 'end' : 'whole'
  return { kind: 'fieldref', field, at, cased: names.includes('cased') }
}

function expand(value: string, placeholders: Placeholders, refuse: Refuse): string[] {
  for (const name of placeholdersIn(value))
    if (!placeholders.has(name))
      throw refuse(`the placeholder %${name}% has no values${didYouMean(name, placeholders.keys())}`)
  const texts = filledIn(value, placeholders)
  if (texts.length > MAX_TEXTS)
    throw refuse(`placeholders make ${texts.length} texts of it, the limit is ${MAX_TEXTS}`)
  return texts
}

function textTest(texts: readonly string[], names: readonly string[], refuse: Refuse): Test {
  let drafts: Draft[] = texts.map((text) => ({ kind: 'pattern', pattern: patternOf(text) }))
  for (const name of names) drafts = drafts.flatMap((draft) => modified(draft, name, refuse))
  if (drafts.length > MAX_TEXTS)
    throw refuse(`it stands for ${drafts.length} texts, the limit is ${MAX_TEXTS}`)
  const cased = names.includes('cased')
  return anyOf(drafts.map((draft): Test => ({ kind: 'text', pattern: patternIn(draft, refuse), cased })))
}

function modified(draft: Draft, name: string, refuse: Refuse): Draft[] {
  if (name === 'base64') return [encoded(bytesIn(draft, name, refuse).toString('base64'))]
  if (name === 'base64offset') {
    const bytes = bytesIn(draft, name, refuse)
    // Of a single byte no letter is certain at the second position: it would be in every text.
    if (bytes.length < 2) throw refuse('`base64offset` wants a text of at least two bytes')
    return base64Offsets(bytes).map(encoded)
  }
  if (/^(utf16|wide)/.test(name)) {
    const text = draft.kind === 'pattern' ? plainText(draft.pattern) : undefined
    if (text === undefined) throw refuse(`\`${name}\` wants a text without wildcards, not encoded yet`)
    return [{ kind: 'bytes', bytes: utf16(text, name as Wide) }]
  }
  const pattern = patternIn(draft, refuse)
  if (name === 'contains') return [{ kind: 'pattern', pattern: containing(pattern) }]
  if (name === 'startswith') return [{ kind: 'pattern', pattern: startingWith(pattern) }]
  if (name === 'endswith') return [{ kind: 'pattern', pattern: endingWith(pattern) }]
  if (name === 'windash') {
    const ways = windash(pattern)
    if (!ways) throw refuse('`windash`: more than four dashes can be written in too many ways')
    return ways.map((way) => ({ kind: 'pattern', pattern: way }))
  }
  return [draft]
}

/** No letter of Base64 is a wildcard. */
function encoded(text: string): Draft {
  return { kind: 'pattern', pattern: text === '' ? [] : [text] }
}

function bytesIn(draft: Draft, name: string, refuse: Refuse): Buffer {
  if (draft.kind === 'bytes') return draft.bytes
  if (hasWildcard(draft.pattern)) throw refuse(`\`${name}\` wants a text without wildcards`)
  return Buffer.from(draft.pattern.join(''))
}

function patternIn(draft: Draft, refuse: Refuse) {
  if (draft.kind === 'pattern') return draft.pattern
  const text = asText(draft.bytes)
  if (text === undefined) throw refuse('as UTF-16 this is no text: Base64 must follow')
  return [text]
}

function anyOf(tests: readonly Test[]): Test {
  return tests.length === 1 ? (tests[0] as Test) : { kind: 'any', tests }
}
