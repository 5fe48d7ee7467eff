import { describe, expect, it } from 'vitest'
import { delivered, lineAt, type Piece, rowsOf, search } from './lines.ts'

const piece = (at: string | null, text: string, first_line: number, more: Partial<Piece> = {}): Piece => ({
  at,
  id: String(first_line),
  first_line,
  text,
  cut: 0,
  raw: null,
  delivery: 'streamed',
  masked: [],
  overwrites: false,
  ...more,
})
const pieces = [
  piece('2026-01-08T02:17:39Z', 'sh-5.2$ id\nuid=1001', 0),
  piece('2026-01-08T02:34:24Z', 'sh-5.2$ aws iam create-user\nAn error occurred (AccessDenied)', 2),
  piece('2026-01-08T02:38:39Z', 'exit', 4),
]
const rows = rowsOf(pieces)
const ms = (time: string) => Date.parse(`2026-01-08T${time}Z`)

describe('lines of a session', () => {
  it('have the time of their piece, and pauses between them', () => {
    expect(rows.map((row) => (row.kind === 'line' ? row.number : row.kind))).toEqual([
      0,
      1,
      'gap',
      2,
      3,
      'gap',
      4,
    ])
    expect(rows[3]).toMatchObject({ prompt: 7, refused: false })
    expect(rows[4]).toMatchObject({ refused: true })
  })

  it.each([
    ['02:00:00', 0],
    ['02:17:39', 0],
    ['02:30:00', 0],
    ['02:34:24', 3],
    ['02:34:40', 3],
    ['02:38:38', 3],
    ['02:38:39', 6],
    ['23:00:00', 6],
  ])('of %s is the first of the last piece by then', (time, index) =>
    expect(lineAt(rows, ms(time))).toBe(index),
  )

  it('say how much of a piece is missing', () => {
    expect(rowsOf([piece(null, 'a', 0, { cut: 12 })]).at(-1)).toEqual({ kind: 'cut', left: 12 })
  })

  it('are found whatever their case', () => expect(search(rows, 'CREATE-user')).toEqual([3]))

  it('are delivered as an array of lines when streamed, and as their text where masks hide that', () => {
    expect(delivered(piece(null, '', 0, { raw: '["a","\\u001b[1mb"]' }))).toBe('a\r\n\x1b[1mb\r\n')
    expect(delivered(piece(null, '', 0, { raw: '[ -f x ] && y' }))).toBe('[ -f x ] && y')
    expect(delivered(piece(null, 'a\nb', 0))).toBe('a\r\nb\r\n')
  })
})
