import { sql } from '../../lib/sql.ts'
import type { Context } from '../context.ts'
import type { Answer } from '../contract.ts'
import { type Shown, showing } from '../mask.ts'
import { numberAfter } from './cursors.ts'
import { sessionRow } from './session-of.ts'

interface Input {
  id: string
  after?: string | undefined
  limit: number
  raw: boolean
  unmask: boolean
}

interface Piece {
  id: string
  at: string | null
  text: string
  lines: number
  delivery: string
  first_line: number
  raw: string | null
  escapes: boolean
  n: number
}

/** Characters sent at once: of one piece, and of a page in all. */
const LONGEST_PIECE = 200_000
const LONGEST_PAGE = 1_000_000

export async function sessionOutputOf(input: Input, context: Context): Promise<Answer> {
  const show = showing(context, input.unmask)
  const after = numberAfter(input.after)
  const session = await sessionRow(context, input.id)
  // The delivered bytes contain the text that masks hide.
  const withRaw = input.raw && input.unmask
  const found =
    session.f_sessionid === null
      ? []
      : await context.objects<Piece>(sql(new URL('../sql/session-output.sql', import.meta.url)), {
          f_sessionid: session.f_sessionid,
          since: session.from_time,
          until: session.until_time,
          // The neighbouring pieces are read too, so that a match across an edge is found whole.
          after: Math.max(0, after - 1),
          max: input.limit + 2,
          raw: withRaw,
        })
  const texts = show.pieces(
    found.map(({ text }) => text),
    'terminal',
  )
  const pieces = []
  let length = 0
  let last = after
  for (const [at, { n, lines: _, escapes, ...piece }] of found.entries()) {
    if (n <= after) continue
    if (length > LONGEST_PAGE || pieces.length === input.limit) break
    const { text: whole, masked } = texts[at] as Shown
    const text = whole.slice(0, LONGEST_PIECE)
    pieces.push({
      ...piece,
      text,
      masked,
      cut: whole.length - text.length,
      overwrites: escapes,
    })
    length += text.length + (piece.raw?.length ?? 0)
    last = n
  }
  const more = found.some(({ n }) => n > last)
  return {
    kind: 'json',
    seen: { rows: pieces.length, about: session.id, unmasked: input.unmask },
    value: { version: context.version.number, pieces, next: more ? String(last) : null },
  }
}
