import { mask, type Redaction, type Span, scan, spansWithHidden, type TextRole } from '../scan/index.ts'
import type { Context } from './context.ts'
import { Problem } from './problem.ts'

/** A text as it is shown, with counts of its masks. */
export interface Shown {
  text: string
  masked: { kind: string; count: number }[]
  /** Length of the whole text in characters. */
  length: number
}

/** A range of a text in UTF-16 code units; `to` is exclusive. */
export interface Stretch {
  from: number
  to: number
}

/** How texts of one answer are shown to this reader. */
export interface Show {
  (text: string, role: TextRole, stretch?: Stretch): Shown
  /** Masks texts that follow one another, including matches across their edges. */
  pieces(texts: readonly string[], role: TextRole): Shown[]
  /** Whether this answer shows texts without masks. */
  whole: boolean
}

/**
 * Characters read on both sides of a range, so that a match across its edge is found whole: more than a
 * private key has.
 */
const AROUND = 8192

/**
 * Masks personal data and secrets in texts. A reader who may see them unmasked asks for that in each call,
 * and the access log records it.
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
  const spansOf = (text: string, role: TextRole): Span[] => {
    if (unmask) return []
    const find = (read: string) =>
      scan(read, role, { kinds: ['personal', 'secret'], max: Number.POSITIVE_INFINITY })
    return spansWithHidden(text, find)
  }
  const show = (text: string, role: TextRole, stretch?: Stretch): Shown => {
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
    // Each text is also scanned alone: joined with the next one, a key at its end would look like a longer
    // word.
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

/**
 * A match that starts before the range has its placeholder there, so none of its characters is in the range.
 */
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
