import { mask, type Redaction, type Span, scan, type TextRole } from '../scan/index.ts'
import type { Context } from './context.ts'
import { Problem } from './problem.ts'

/** A text as it is shown, and how much of it was masked. */
export interface Shown {
  text: string
  masked: { kind: string; count: number }[]
  /** Characters that the whole text has. */
  length: number
}

/** A part of a text, in UTF-16 code units; `to` is exclusive. */
export interface Stretch {
  from: number
  to: number
}

/** How texts are shown to this reader, in this answer. */
export interface Show {
  (text: string, role: TextRole, stretch?: Stretch): Shown
  /** Texts that follow one another: what stands across their edges is found as well. */
  pieces(texts: readonly string[], role: TextRole): Shown[]
  /** Whether this reader, in this answer, sees texts without masks. */
  whole: boolean
}

/** What is read on both sides of a stretch, so that what stands across its edge is known whole: more than a private key has. */
const AROUND = 8192
/** Characters that JSON may write by their numbers, in a text within a text too; not those that JSON has to escape. */
const ESCAPED = /\\+u00(2[013-9a-f]|[3-46][0-9a-f]|5[0-9abd-f]|7[0-9a-e])/gi

/**
 * Masks personal data and secrets in texts. Whoever may see them without masks asks for that with each call, and the access log
 * says so.
 *
 * @throws Problem when the reader may not
 */
export function showing({ reader, maskKey }: Pick<Context, 'reader' | 'maskKey'>, unmask: boolean): Show {
  if (unmask && !reader.mayUnmask)
    throw new Problem(
      403,
      'Not allowed',
      'You may not see text without masks: ask an operator for that right.',
    )
  const policy = { name: 'masked', key: maskKey } as const
  const spansOf = (text: string, role: TextRole): Span[] =>
    unmask ? [] : scan(text, role, { kinds: ['personal', 'secret'], most: Number.POSITIVE_INFINITY })
  const show = (given: string, role: TextRole, stretch?: Stretch): Shown => {
    const text = unmask ? given : unescaped(given)
    const from = Math.min(stretch?.from ?? 0, text.length)
    const to = Math.min(stretch?.to ?? text.length, text.length)
    const begin = Math.max(0, from - AROUND)
    const window = text.slice(begin, to + AROUND)
    const { redactions } = mask(window, spansOf(window, role), policy)
    const shown = partOf(window, redactions, { from: from - begin, to: to - begin })
    return { ...shown, length: text.length }
  }
  const pieces = (texts: readonly string[], role: TextRole): Shown[] => {
    const all = texts.join('')
    // Each by itself as well: a key at the end of one would be a longer word together with the next.
    let begin = 0
    const own = texts.flatMap((text) => {
      const at = begin
      begin += text.length
      return spansOf(text, role).map((one) => ({ ...one, from: one.from + at, to: one.to + at }))
    })
    const { redactions } = mask(all, [...spansOf(all, role), ...own], policy)
    let to = 0
    return texts.map(({ length }) => {
      const from = to
      to += length
      return { ...partOf(all, redactions, { from, to }), length }
    })
  }
  return Object.assign(show, { pieces, whole: unmask })
}

/** JSON with the signs themselves in place of their numbers, which mean the same: `\u0040` hides an address from a scanner. */
function unescaped(text: string): string {
  if (!/^\s*["[{]/.test(text)) return text
  return text.replace(ESCAPED, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

/** What begins before a stretch has its placeholder there, and no character of it stands here. */
function partOf(
  text: string,
  redactions: readonly Redaction[],
  { from, to }: Stretch,
): Omit<Shown, 'length'> {
  const parts: string[] = []
  const counts = new Map<string, number>()
  let at = from
  for (const one of redactions) {
    if (one.to <= from || one.from >= to) continue
    parts.push(text.slice(at, Math.max(at, one.from)), one.from < from ? '' : one.placeholder)
    counts.set(one.rule, (counts.get(one.rule) ?? 0) + 1)
    at = Math.min(one.to, to)
  }
  return {
    text: parts.join('') + text.slice(at, to),
    masked: [...counts].map(([kind, count]) => ({ kind, count })),
  }
}
