import { sql } from '../../lib/sql.ts'
import type { Context } from '../context.ts'
import type { Answer } from '../contract.ts'
import { type Show, type Shown, showing } from '../mask.ts'
import { numberAfter } from './cursors.ts'
import { type SessionRow, sessionRow } from './session-of.ts'

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

/** A piece as it is shown to this reader. */
export interface PieceShown extends Omit<Piece, 'text'> {
  shown: Shown
}

/**
 * Some pieces of a session's output, in order.
 *
 * @param raw whether they have the bytes as delivered, which contain the text that masks hide
 */
export async function piecesAfter(
  context: Context,
  session: SessionRow,
  show: Show,
  { after, limit, raw }: { after: number; limit: number; raw: boolean },
): Promise<{ pieces: PieceShown[]; more: boolean }> {
  if (session.f_sessionid === null) return { pieces: [], more: false }
  const found = await context.objects<Piece>(sql(new URL('../sql/session-output.sql', import.meta.url)), {
    f_sessionid: session.f_sessionid,
    since: session.from_time,
    until: session.until_time,
    // The neighbouring pieces are read too, so that a match across an edge is found whole.
    after: Math.max(0, after - 1),
    max: limit + 2,
    raw,
  })
  const texts = show.pieces(
    found.map(({ text }) => text),
    'terminal',
  )
  const pieces = found.map(({ text: _, ...piece }, at) => ({ ...piece, shown: texts[at] as Shown }))
  const wanted = pieces.filter(({ n }) => n > after).slice(0, limit)
  return { pieces: wanted, more: found.some(({ n }) => n > (wanted.at(-1)?.n ?? after)) }
}

export async function sessionOutputOf(input: Input, context: Context): Promise<Answer> {
  const show = showing(context, input.unmask)
  const after = numberAfter(input.after)
  const session = await sessionRow(context, input.id)
  const raw = input.raw && input.unmask
  const read = await piecesAfter(context, session, show, { after, limit: input.limit, raw })
  const pieces = []
  let length = 0
  let last = after
  for (const { n, lines: _, escapes, shown, ...piece } of read.pieces) {
    if (length > LONGEST_PAGE) break
    const { text: whole, masked } = shown
    const text = whole.slice(0, LONGEST_PIECE)
    pieces.push({ ...piece, text, masked, cut: whole.length - text.length, overwrites: escapes })
    length += text.length + (piece.raw?.length ?? 0)
    last = n
  }
  const more = read.more || read.pieces.some(({ n }) => n > last)
  return {
    kind: 'json',
    seen: { rows: pieces.length, about: session.id, unmasked: input.unmask },
    value: { version: context.version.number, pieces, next: more ? String(last) : null },
  }
}
