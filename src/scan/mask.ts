import { createHmac } from 'node:crypto'
import type { Masked, Policy, Redaction, Span, SpanKind } from './contract.ts'

/** Hex digits of a token: 64 bits, so that among a billion values two share one with a chance of 3 %. */
const TOKEN_LENGTH = 16
const LEAST_KEY = 16
const BY_DEFAULT: readonly SpanKind[] = ['personal', 'secret']

/**
 * A text as it may leave under a policy. Overlapping spans share one placeholder over all that they cover,
 * named after the longest of them.
 *
 * @throws RangeError when the policy's key is shorter than 16 characters
 */
export function mask(text: string, spans: readonly Span[], policy: Policy): Masked {
  if (policy.name === 'full') return { text, redactions: [] }
  const kinds = policy.kinds ?? BY_DEFAULT
  const redactions = joined(spans.filter(({ kind, from, to }) => kinds.includes(kind) && from < to)).map(
    ({ span, from, to }) =>
      redactionOf(span, from, to, placeholderOf(span.rule, saidIn(text, { span, from, to }), policy)),
  )
  if (policy.name === 'metadata' || (policy.name === 'drop' && redactions.length > 0))
    return { text: undefined, redactions }
  const pieces: string[] = []
  let at = 0
  for (const { from, to, placeholder } of redactions) {
    pieces.push(text.slice(at, from), placeholder)
    at = to
  }
  return { text: pieces.join('') + text.slice(at), redactions }
}

/**
 * The placeholder of a value: its kind and a keyed token, equal for equal values.
 *
 * @param rule the value's kind, as in `EMAIL_ADDRESS`
 */
export function placeholderOf(rule: string, value: string, { key }: Pick<Policy, 'key'>): string {
  if (key.length < LEAST_KEY) throw new RangeError(`the key of masks has at least ${LEAST_KEY} characters`)
  const token = createHmac('sha256', key)
    .update(rule)
    .update('\0')
    .update(value.normalize('NFC'))
    .digest('hex')
  return `[${rule}:${token.slice(0, TOKEN_LENGTH)}]`
}

interface Joined {
  span: Span
  from: number
  to: number
}

function saidIn(text: string, { span, from, to }: Joined): string {
  const isWhole = span.from === from && span.to === to
  return (isWhole ? span.value : undefined) ?? text.slice(from, to)
}

/** Merges overlapping spans; the result is in order. */
function joined(spans: readonly Span[]): Joined[] {
  const sorted = [...spans].sort((one, other) => one.from - other.from || other.to - one.to)
  const found: Joined[] = []
  for (const span of sorted) {
    const last = found.at(-1)
    if (last === undefined || span.from >= last.to) {
      found.push({ span, from: span.from, to: span.to })
      continue
    }
    if (span.to - span.from > last.span.to - last.span.from) last.span = span
    last.to = Math.max(last.to, span.to)
  }
  return found
}

function redactionOf(
  { kind, rule, scanner, version }: Span,
  from: number,
  to: number,
  placeholder: string,
): Redaction {
  return { from, to, kind, rule, scanner, version, placeholder }
}
