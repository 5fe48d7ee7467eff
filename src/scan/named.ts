import type { SpanKind } from './contract.ts'
import { scan } from './index.ts'
import { spansWithHidden } from './readings.ts'

/**
 * A text in which each find has the name of its rule in its place, as in `[EMAIL_ADDRESS]`: also what escapes
 * or base64 hide.
 */
export function withNames(text: string, kinds: readonly SpanKind[]): string {
  const find = (read: string) => scan(read, 'parameters', { kinds, max: Number.POSITIVE_INFINITY })
  const spans = spansWithHidden(text, find)
  let named = ''
  let at = 0
  for (const { from, to, rule } of spans.sort((one, other) => one.from - other.from || other.to - one.to)) {
    if (to <= at) continue
    named += `${text.slice(at, Math.max(at, from))}[${rule}]`
    at = to
  }
  return named + text.slice(at)
}
