import { type Anchors, anchorsOf } from '../anchors.ts'
import type { ScanOptions, Span, TextRole } from '../contract.ts'
import { withEscaped } from '../escaped.ts'
import { rules, type SecretRule } from './rules.ts'
import { entropyOf, GENERIC, isAllowed } from './secret.ts'
import { SPECIAL_ANCHORS, specialIn } from './special.ts'

export const SCANNER = 'secrets'
export const VERSION = 'gitleaks-8-3'
/**
 * Characters after an anchor in which its rules are matched: gitleaks' longest key of a fixed length has
 * 1,320.
 */
const REACH = 4000
const MAX = 1000
/** Characters before an assignment's word: part of its name, which lists of allowed names match. */
const NAME = 50

interface Asked {
  rule: SecretRule
  pattern: RegExp
  reach: number
  back: readonly number[]
}

interface Compiled {
  anchors: Anchors
  /** By anchor: the rules to match at it. */
  asked: Asked[][]
  lengths: number[]
  /** The index of the special rules' first anchor. */
  special: number
  /** Rules without an anchor: searched in a text that contains one of their words. */
  whole: { rule: SecretRule; pattern: RegExp }[]
}

/**
 * A rule with a part of unlimited length gets more text; one that allows any character gets less, because it
 * may read all of it at each anchor.
 */
function reachOf({ source }: SecretRule): number {
  if (source.includes('(.{8,})')) return 300
  return /[*+]|\{\d+,\}|\d{3,}\}/.test(source.replace(/\[[^\]]*\]/g, '')) ? REACH : 500
}

let compiled: Compiled | undefined

function compile(): Compiled {
  const byAnchor = new Map<string, Asked[]>()
  for (const rule of rules) {
    const asked = {
      rule,
      pattern: new RegExp(rule.source, 'y'),
      back: rule.back ?? [0],
      reach: reachOf(rule),
    }
    for (const anchor of rule.anchors) byAnchor.set(anchor, [...(byAnchor.get(anchor) ?? []), asked])
  }
  const words = [...byAnchor.keys()]
  return {
    anchors: anchorsOf([...words, ...SPECIAL_ANCHORS]),
    asked: words.map((word) => byAnchor.get(word) ?? []),
    lengths: words.map(({ length }) => length),
    special: words.length,
    whole: rules
      .filter(({ kind }) => kind === 'whole')
      .map((rule) => ({ rule, pattern: new RegExp(rule.source, 'g') })),
  }
}

/** The secrets in a text, also in JSON within its JSON, in order. */
export function secretsIn(text: string, role: TextRole, options: ScanOptions = {}): Span[] {
  return withEscaped(text, (one) => asWritten(one, role, options), GENERIC).slice(0, options.max ?? MAX)
}

function asWritten(text: string, role: TextRole, options: ScanOptions): Span[] {
  compiled ??= compile()
  const { anchors, asked, lengths, special, whole } = compiled
  const spans: Span[] = []
  const max = options.max ?? MAX
  const done = new Map<string, number>()
  const gates = new Map<string, boolean>()
  const specials = specialIn(text)
  const closes = closer(text)
  const isOff = (rule: string) => options.without?.includes(rule) ?? false

  function isOpen({ id, gate }: SecretRule): boolean {
    if (!gate) return true
    let open = gates.get(id)
    if (open === undefined) {
      lower ??= text.toLowerCase()
      open = gate.some((word) => lower?.includes(word))
      gates.set(id, open)
    }
    return open
  }
  let lower: string | undefined

  function keep(
    rule: string,
    from: number,
    to: number,
    secret: string,
    at: number,
    entropy?: number,
  ): boolean {
    if (isOff(rule) || spans.length >= max || (options.least ?? 0) > 1) return false
    if (role === 'parameters' && (isOfAws(text, at) || (rule === GENERIC && UUID.test(secret)))) return false
    if (entropy !== undefined && entropyOf(secret) <= entropy) return false
    const line = () => lineOf(text, from, to)
    if (isAllowed(rule, secret, text.slice(nameFrom(text, from), to), line)) return false
    spans.push({
      from: at,
      to: at + secret.length,
      kind: 'secret',
      rule,
      score: 1,
      scanner: SCANNER,
      version: VERSION,
    })
    return true
  }

  function ask({ rule, pattern, back, reach }: Asked, begin: number): void {
    if (begin < (done.get(rule.id) ?? 0) || !isOpen(rule)) return
    if (rule.id === GENERIC && !closes(begin)) return
    for (const before of back) {
      const from = begin - before
      if (from < 0) continue
      // One character before it, so that a pattern can test for the beginning of a word.
      const first = Math.max(0, from - 1)
      const part = text.slice(first, from + reach)
      pattern.lastIndex = from - first
      const found = pattern.exec(part)
      if (!found) continue
      const secret = found.slice(1).find((group) => group !== undefined && group !== '') ?? found[0]
      const at = first + found.index + Math.max(0, found[0].lastIndexOf(secret))
      const to = first + found.index + found[0].length
      if (keep(rule.id, from, to, wholeOf(text, at, secret, first + part.length), at, rule.entropy))
        done.set(rule.id, to)
      return
    }
  }

  anchors.each(text, (anchor, end) => {
    if (anchor < special) {
      for (const one of asked[anchor] as Asked[]) ask(one, end - (lengths[anchor] as number))
      return
    }
    const found = specials.at(anchor - special, end)
    if (!found) return
    const at = text.indexOf(found.secret, found.from)
    keep(found.rule, found.from, found.to, found.secret, at, ENTROPY[found.rule])
  })
  for (const { rule, pattern } of whole) {
    if (isOff(rule.id) || !isOpen(rule)) continue
    for (const found of text.matchAll(pattern)) {
      const secret = found[1] ?? found[0]
      const from = found.index
      if (!keep(rule.id, from, from + found[0].length, secret, from + found[0].indexOf(secret), rule.entropy))
        continue
    }
  }
  return withoutGeneric(spans).sort((one, other) => one.from - other.from)
}

/** A value that another rule knows is not reported as one of any kind, too. */
function withoutGeneric(spans: readonly Span[]): Span[] {
  let known: Span[] | undefined
  return spans.filter(({ rule, from, to }) => {
    if (rule !== GENERIC) return true
    known ??= spans.filter((span) => span.rule !== GENERIC)
    return !known.some((span) => span.from <= from && span.to >= to)
  })
}

const ENTROPY: Record<string, number | undefined> = { 'curl-auth-header': 2.75, 'curl-auth-user': 2 }

/**
 * Tells whether a value of the generic rule can end after an index: at a quote, white space or `;`, within
 * 300 characters, or after nothing but base64. Scans the text once, for any number of calls.
 */
function closer(text: string): (begin: number) => boolean {
  let end = -1
  let outside = -1
  return (begin) => {
    if (end <= begin + 8) {
      end = begin + 8
      for (; end < text.length; end++) {
        const kind = CHARACTER[text.charCodeAt(end)]
        if (kind === 2) break
        // Base64 ends with `=`: there is none inside it.
        if (kind === 0 || (kind === 3 && CHARACTER[text.charCodeAt(end + 1)] === 1)) outside = end
      }
    }
    return end - begin <= 300 || outside <= begin + 80
  }
}

/** 2 ends a value, 1 is base64, 3 ends base64, 0 is any other. */
const CHARACTER = new Uint8Array(0x10000)
for (let code = 0; code < 0x10000; code++) {
  const character = String.fromCharCode(code)
  if (/[`'"\s;\\]/.test(character)) CHARACTER[code] = 2
  else if (/[A-Za-z0-9+/]/.test(character)) CHARACTER[code] = 1
  else if (character === '=') CHARACTER[code] = 3
}

/** Extends a secret that was cut off at the end of the searched part. */
function wholeOf(text: string, at: number, secret: string, end: number): string {
  if (at + secret.length < end || end >= text.length) return secret
  let to = end
  while (to < text.length && /[\w+/=.~-]/.test(text[to] as string)) to++
  return text.slice(at, to)
}

/**
 * Fields of CloudTrail's parameters whose names show that they hold ids and tokens of AWS: their values are
 * not findings.
 */
const FIELDS = new Set([
  ...[
    'accesskeyid',
    'sessiontoken',
    'clienttoken',
    'clientrequesttoken',
    'idempotencytoken',
    'nexttoken',
    'paginationtoken',
  ],
  ...['keyid', 'kmskeyid', 'masterkeyid', 'sourcekeyid', 'kmskeyarn', 'requestid', 'x-amz-id-2', 'marker'],
])

/** An id, in any field. */
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Whether the value at an index belongs to such a field. */
function isOfAws(text: string, at: number): boolean {
  const field = /"([\w.-]{1,40})"\s{0,2}:\s{0,2}"$/.exec(text.slice(Math.max(0, at - 48), at))
  return field?.[1] !== undefined && FIELDS.has(field[1].toLowerCase())
}

function nameFrom(text: string, from: number): number {
  let at = from
  while (at > 0 && from - at < NAME && /[\w.-]/.test(text[at - 1] as string)) at--
  return at
}

/** The lines around a match, at most 1,000 characters on each side. */
function lineOf(text: string, from: number, to: number): string {
  const before = text.slice(Math.max(0, from - 1000), from)
  const after = text.slice(to, to + 1000)
  const end = after.search(/[\r\n]/)
  return (
    before.slice(before.lastIndexOf('\n') + 1) +
    text.slice(from, to) +
    (end < 0 ? after : after.slice(0, end))
  )
}
