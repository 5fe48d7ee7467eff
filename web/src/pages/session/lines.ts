import type { Output } from '../../api/client.ts'
import { ms } from '../../time/format.ts'

/**
 * Turns a session's pieces of output into lines on one clock. A line has its piece's time; uploaded output
 * has none.
 */

export type Piece = Output<'session-output'>['pieces'][number]

export interface Line {
  readonly kind: 'line'
  /** Counts the lines of the session from 0. */
  readonly number: number
  readonly text: string
  /** When its piece was sent, in milliseconds; undefined for uploaded output. */
  readonly at: number | undefined
  readonly piece: number
  readonly prompt: number
  readonly refused: boolean
  readonly overwrites: boolean
}

/** A pause between two pieces. */
export interface Gap {
  readonly kind: 'gap'
  readonly from: number
  readonly to: number
}

/** The rest of a piece that the server cut. */
export interface Cut {
  readonly kind: 'cut'
  readonly left: number
}

export type Row = Line | Gap | Cut

const GAP = 60_000
/** A prompt, as common shells write it. It proves nothing: a command can print the same text. */
const PROMPT =
  /^(?:\[[^\]]{1,80}\][$#]|[\w.@:~/-]{0,80}[$#]|PS [^>]{1,80}>|[\w.-]{1,40}@[\w.-]{1,80}:[^$#]{0,80}[$#])(?=\s|$)/
const REFUSED =
  /An error occurred \(|AccessDenied|UnauthorizedOperation|not authorized|[Pp]ermission denied|Operation not permitted|Authentication failure/

/** Caches the lines of each piece, so that a new page of output costs only its own length. */
const kept = new WeakMap<Piece, { readonly index: number; readonly lines: readonly Line[] }>()

function linesOf(piece: Piece, index: number): readonly Line[] {
  const found = kept.get(piece)
  if (found?.index === index) return found.lines
  const at = ms(piece.at)
  const lines = piece.text
    .replace(/\n$/, '')
    .split('\n')
    .map(
      (text, offset): Line => ({
        kind: 'line',
        number: piece.first_line + offset,
        text,
        at,
        piece: index,
        prompt: PROMPT.exec(text)?.[0].length ?? 0,
        refused: REFUSED.test(text),
        overwrites: piece.overwrites && offset === 0,
      }),
    )
  kept.set(piece, { index, lines })
  return lines
}

export function rowsOf(pieces: readonly Piece[]): Row[] {
  const rows: Row[] = []
  let before: number | undefined
  for (const [index, piece] of pieces.entries()) {
    const at = ms(piece.at)
    if (at !== undefined && before !== undefined && at - before > GAP)
      rows.push({ kind: 'gap', from: before, to: at })
    if (at !== undefined) before = at
    for (const line of linesOf(piece, index)) rows.push(line)
    if (piece.cut > 0) rows.push({ kind: 'cut', left: piece.cut })
  }
  return rows
}

/** The line at a time: the first one of the last piece shown by then. */
export function lineAt(rows: readonly Row[], at: number): number {
  let low = 0
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (timeOf(rows[middle] as Row) <= at) low = middle + 1
    else high = middle
  }
  let found = low - 1
  while (found > 0 && rows[found]?.kind !== 'line') found -= 1
  const line = rows[found]
  if (line?.kind !== 'line') return 0
  for (
    let before = rows[found - 1];
    before?.kind === 'line' && before.piece === line.piece;
    before = rows[found - 1]
  )
    found -= 1
  return found
}

/** A row without a time sorts before any time. */
function timeOf(row: Row): number {
  return (
    (row.kind === 'line' ? row.at : row.kind === 'gap' ? row.from : undefined) ?? Number.NEGATIVE_INFINITY
  )
}

/**
 * The output as it was delivered, or its text where masks hide that. A streamed event holds an array of
 * lines, an uploaded one the bytes as text.
 */
export function delivered(piece: Piece): string {
  const { raw } = piece
  if (raw === null) return `${piece.text.replaceAll('\n', '\r\n')}\r\n`
  if (raw.startsWith('[')) {
    try {
      const lines: unknown = JSON.parse(raw)
      if (Array.isArray(lines)) return `${lines.join('\r\n')}\r\n`
    } catch {
      // The output only begins with a bracket.
    }
  }
  return raw
}

/** Indices of the lines that contain a text, at most `max`. */
export function search(rows: readonly Row[], typed: string, max = 5_000): number[] {
  if (typed === '') return []
  const words = typed.toLowerCase()
  const found: number[] = []
  for (let index = 0; index < rows.length && found.length < max; index++) {
    const row = rows[index] as Row
    if (row.kind === 'line' && row.text.toLowerCase().includes(words)) found.push(index)
  }
  return found
}
