import { sql } from '../../lib/sql.ts'
import { visible } from '../../lib/terminal.ts'
import type { Context } from '../context.ts'
import type { Answer } from '../contract.ts'
import { type Show, showing } from '../mask.ts'
import { Problem } from '../problem.ts'
import { type SessionRow, sessionRow } from './session-of.ts'
import { type PieceShown, piecesAfter } from './session-output.ts'

export const FORMATS = ['cast', 'text'] as const

export const SESSION_TYPES = {
  cast: 'application/x-asciicast',
  text: 'text/plain; charset=utf-8',
} as const

interface Input {
  id: string
  format: (typeof FORMATS)[number]
  unmask: boolean
}

interface Times {
  pieces: number
  streamed: number
  backwards: boolean
}

/** Pieces read at once, as many as the page reads: masks at the edges are the same. */
const PAGE = 200

/**
 * A session's terminal as a file. Both formats have the output as a person saw it, unmasked or not: a
 * terminal that plays the delivered bytes would obey escape sequences of whoever typed in the session.
 *
 * @throws Problem 400 when the output has no times, and a recording would need invented ones
 */
export async function sessionExportOf(input: Input, context: Context): Promise<Answer> {
  const show = showing(context, input.unmask)
  const session = await sessionRow(context, input.id)
  const { pieces, streamed, backwards } = await timesOf(session, context)
  if (pieces === 0) throw new Problem(404, 'No output', 'The lake has no output of this session.')
  if (input.format === 'cast' && streamed === 0) throw withoutTimes('its output was uploaded at its end')
  if (input.format === 'cast' && backwards) throw withoutTimes('the times of its output run backwards')
  // A session that streamed and uploaded its output has it twice, and only the streamed one has times.
  const chosen = outputOf(session, context, show, streamed > 0)
  return {
    kind: 'download',
    contentType: SESSION_TYPES[input.format],
    fileName: `session-${session.id.replaceAll(/[^A-Za-z0-9-]/g, '-')}.${input.format === 'cast' ? 'cast' : 'txt'}`,
    pieces: input.format === 'cast' ? cast(chosen) : plain(chosen),
    seen: { rows: streamed > 0 ? streamed : pieces, about: session.id, unmasked: input.unmask },
  }
}

function withoutTimes(why: string): Problem {
  return new Problem(
    400,
    'No times',
    `A recording of this session would need invented times: ${why}. Export it as text.`,
  )
}

async function timesOf({ f_sessionid, from_time, until_time }: SessionRow, context: Context): Promise<Times> {
  if (f_sessionid === null) return { pieces: 0, streamed: 0, backwards: false }
  const [times] = await context.objects<Times>(sql(new URL('../sql/session-times.sql', import.meta.url)), {
    f_sessionid,
    since: from_time,
    until: until_time,
  })
  return times as Times
}

async function* outputOf(
  session: SessionRow,
  context: Context,
  show: Show,
  isStreamed: boolean,
): AsyncGenerator<PieceShown> {
  for (let after = 0, more = true; more; ) {
    const page = await piecesAfter(context, session, show, { after, limit: PAGE, raw: false })
    for (const piece of page.pieces) if ((piece.at !== null) === isStreamed) yield piece
    more = page.more
    after = page.pieces.at(-1)?.n ?? after
  }
}

/** No log tells the size of the window: that of the page's screen. */
const WIDTH = 120
const HEIGHT = 40

/**
 * A header, then an event for each piece, at the second at which it was sent.
 *
 * Source: https://docs.asciinema.org/manual/asciicast/v2/
 */
async function* cast(pieces: AsyncIterable<PieceShown>): AsyncGenerator<string> {
  let begun: number | undefined
  for await (const { at, shown } of pieces) {
    const seconds = Math.floor(Date.parse(at as string) / 1000)
    if (begun === undefined) {
      begun = seconds
      yield `${JSON.stringify({ version: 2, width: WIDTH, height: HEIGHT, timestamp: begun })}\n`
    }
    yield `${JSON.stringify([seconds - begun, 'o', linesOf(shown.text, '\r\n')])}\n`
  }
}

async function* plain(pieces: AsyncIterable<PieceShown>): AsyncGenerator<string> {
  for await (const { shown } of pieces) yield linesOf(shown.text, '\n')
}

/** Whole lines, in which no character does anything but be seen. */
function linesOf(text: string, end: string): string {
  return text
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => `${line.split('\t').map(visible).join('\t')}${end}`)
    .join('')
}
