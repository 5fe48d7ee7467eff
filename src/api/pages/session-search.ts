import { sql } from '../../lib/sql.ts'
import type { Context } from '../context.ts'
import type { Answer } from '../contract.ts'
import { showing } from '../mask.ts'
import { sessionRow } from './session-of.ts'

interface Input {
  from: string
  to: string
  q: string
  id?: string | undefined
  limit: number
  unmask: boolean
}

interface Piece {
  id: string
  f_sessionid: string | null
  at: string
  delivery: string
  text: string
  who: string | null
}

/** Characters of a line that are shown. */
const LONGEST_LINE = 500
/** Pieces that are looked into: a piece has some lines, and few of them hold the text. */
const MAX_PIECES = 2000

/**
 * Searches the text as shown: with masks, hidden text is not found, so that nobody can guess it letter by
 * letter.
 */
export async function sessionSearchOf(input: Input, context: Context): Promise<Answer> {
  const show = showing(context, input.unmask)
  const session = input.id === undefined ? undefined : await sessionRow(context, input.id)
  const pieces = await context.objects<Piece>(sql(new URL('../sql/session-search.sql', import.meta.url)), {
    since: session?.from_time ?? input.from,
    until: session ? new Date(Date.parse(session.until_time) + 1000).toISOString() : input.to,
    f_sessionid: session ? session.f_sessionid : null,
    q: input.q,
    max: MAX_PIECES,
  })
  const hits = []
  for (const piece of pieces) {
    const lines = show(piece.text, 'terminal').text.split('\n')
    for (const [line, text] of lines.entries()) {
      if (!text.includes(input.q)) continue
      hits.push({
        session: piece.f_sessionid,
        who: piece.who,
        at: piece.delivery === 'streamed' ? piece.at : null,
        piece: piece.id,
        line,
        text: around(text, input.q),
      })
    }
    if (hits.length > input.limit) break
  }
  return {
    kind: 'json',
    seen: { rows: hits.length, unmasked: input.unmask, ...(session ? { about: session.id } : {}) },
    value: {
      version: context.version.number,
      hits: hits.slice(0, input.limit),
      more: hits.length > input.limit || pieces.length === MAX_PIECES,
    },
  }
}

/** The part of a long line around the match. */
function around(line: string, q: string): string {
  if (line.length <= LONGEST_LINE) return line
  const from = Math.max(0, line.indexOf(q) - LONGEST_LINE / 4)
  return `${from > 0 ? '…' : ''}${line.slice(from, from + LONGEST_LINE)}…`
}
