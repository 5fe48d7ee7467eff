/**
 * A text as it may leave. JSON is masked string by string, so that it stays valid JSON, each with its field's
 * name before it, which often says what a value is. Escapes, percent-encoding and base64 are undone, also
 * within one another: what is in them is masked as in plain text.
 */
import { isJson } from '../lib/is-json.ts'
import {
  encodedSpans,
  mask,
  type Policy,
  placeholderOf,
  type Redaction,
  type Span,
  type SpanKind,
  type scan,
  spansWithReadings,
  type TextRole,
} from '../scan/index.ts'

/** The type of the scanners' function, so that tests can replace it. */
export type Scan = typeof scan

/** How a text is masked. */
export interface How {
  role: TextRole
  policy: Policy
  find: Scan
  /** Rules that are off by default, switched on for this text. */
  also: readonly string[]
  /** Values of the same row that other columns declare, which are masked in texts too. */
  known: readonly Known[]
}

/** A value and the kind that its own column gives it, as in `PERSON`: it has the same placeholder in both. */
export interface Known {
  value: string
  kind: string
}

export interface MaskedText {
  text: string
  redactions: Redaction[]
}

/** Names the redactions of known values, and of texts that are masked as a whole. */
export const ROW = 'row'
export const COLUMN = 'column'
/** Version of the rules that follow from what the columns are declared to hold. */
export const COLUMN_VERSION = '1'

/** Most levels of text within text; deeper, the whole text is masked. */
const MAX_DEPTH = 6
const BY_DEFAULT: readonly SpanKind[] = ['personal', 'secret']

/** @param before text that is read before it, and is no part of it: the name of its field */
export function maskText(text: string, how: How, depth = 0, before = ''): MaskedText {
  if (holdsTexts(text))
    return depth === MAX_DEPTH ? whole(text, 'NESTED_JSON', how) : maskJson(text, how, depth)
  const { policy } = how
  const inner: Redaction[] = []
  const hidden = encodedSpans(text, (decoded) => {
    const { redactions } =
      depth === MAX_DEPTH ? whole(decoded, 'BASE64', how) : maskText(decoded, how, depth + 1)
    inner.push(...redactions)
    return redactions
  })
  const plain = spansWithReadings(text, (read) => [
    ...knownIn(read, how.known),
    ...scanned(read, how, before),
  ])
  const masked = mask(text, [...hidden, ...plain], { ...policy, name: 'masked' })
  const outer = masked.redactions.filter(({ rule }) => rule !== 'BASE64')
  return { text: masked.text ?? '', redactions: [...outer, ...inner] }
}

function scanned(text: string, { find, role, policy, also }: How, before: string): Span[] {
  const options = { kinds: policy.kinds ?? BY_DEFAULT, max: Number.POSITIVE_INFINITY, also }
  const length = before.length
  return find(before + text, role, options).flatMap((span) => {
    if (span.to <= length || isOfNobody(text, span, length)) return []
    return [{ ...span, from: Math.max(0, span.from - length), to: span.to - length }]
  })
}

/** Whether an address stands for every host or for this one, and for no person. */
function isOfNobody(text: string, { rule, from, to }: Span, length: number): boolean {
  return (
    rule === 'IP_ADDRESS' && /^(?:0\.0\.0\.0|127\.|::1?(?:\/|$))/.test(text.slice(from - length, to - length))
  )
}

/** Where known values stand by themselves, and are no part of a longer word or name. */
function knownIn(text: string, known: readonly Known[]): Span[] {
  return known.flatMap(({ value, kind }) => {
    const spans: Span[] = []
    for (let from = text.indexOf(value); from >= 0; from = text.indexOf(value, from + value.length)) {
      const to = from + value.length
      if (BEFORE.test(text.slice(Math.max(0, from - 2), from)) || AFTER.test(text.slice(to, to + 2))) continue
      const span = { from, to, kind: 'personal' as const, rule: kind, score: 1 }
      spans.push({ ...span, scanner: ROW, version: COLUMN_VERSION })
    }
    return spans
  })
}

const BEFORE = /[\p{L}\p{N}_]$|[\p{L}\p{N}][-.]$/u
const AFTER = /^[\p{L}\p{N}_]|^[-.][\p{L}\p{N}]/u

function whole(text: string, rule: string, { policy }: How): MaskedText {
  const placeholder = placeholderOf(rule, text, policy)
  const span = { from: 0, to: text.length, kind: 'secret' as const, rule }
  return {
    text: placeholder,
    redactions: [{ ...span, scanner: COLUMN, version: COLUMN_VERSION, placeholder }],
  }
}

/** Whether a text is JSON with texts in it: a number by itself is masked as a text. */
function holdsTexts(text: string): boolean {
  const first = text.trimStart()[0]
  return (first === '{' || first === '[' || first === '"') && isJson(text)
}

/**
 * Masks the strings and numbers of JSON where they stand, and leaves all else as it is: numbers stay exact,
 * and of fields with the same name each is seen.
 */
function maskJson(text: string, how: How, depth: number): MaskedText {
  const parts: string[] = []
  const redactions: Redaction[] = []
  let behind = 0
  let field = ''
  for (let at = 0; at < text.length; ) {
    const code = text.charCodeAt(at)
    const isText = code === QUOTE
    if (!isText && !isNumeric(code)) {
      at++
      continue
    }
    const from = at
    at = isText ? textEnd(text, from) : numberEnd(text, from)
    const token = text.slice(from, at)
    const isField = isText && isFieldName(text, at)
    const value = isText ? (JSON.parse(token) as string) : token
    const masked = maskText(value, how, depth + 1, isField ? '' : field + (isText ? '"' : ''))
    if (isField) field = `${JSON.stringify(value)}:`
    if (masked.redactions.length === 0) continue
    redactions.push(...masked.redactions)
    parts.push(text.slice(behind, from), JSON.stringify(masked.text))
    behind = at
  }
  return redactions.length === 0
    ? { text, redactions }
    : { text: parts.join('') + text.slice(behind), redactions }
}

const QUOTE = 0x22
const COLON = 0x3a

function isNumeric(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || code === 0x2d
}

/** Whether the string that ends at an index names a field. */
function isFieldName(text: string, at: number): boolean {
  let next = at
  while (text.charCodeAt(next) <= 0x20) next++
  return text.charCodeAt(next) === COLON
}

/** Behind the quote that ends a string of valid JSON. */
function textEnd(text: string, from: number): number {
  for (let end = text.indexOf('"', from + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let slashes = 0
    while (text.charCodeAt(end - 1 - slashes) === 0x5c) slashes++
    if (slashes % 2 === 0) return end + 1
  }
  return text.length
}

function numberEnd(text: string, from: number): number {
  let end = from + 1
  while (end < text.length && /[\d.eE+-]/.test(text[end] as string)) end++
  return end
}
