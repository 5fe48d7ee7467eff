import type { DuckDBValue } from '@duckdb/node-api'
import { describe, expect, it } from 'vitest'
import type { FormatName } from './format-names.ts'
import { formats, type Paper } from './formats.ts'

async function written(
  format: FormatName,
  columns: string[],
  rows: DuckDBValue[][],
  width = Number.POSITIVE_INFINITY,
  paper: Omit<Paper, 'width'> = {},
): Promise<string> {
  async function* all() {
    yield* rows
  }
  let text = ''
  for await (const part of formats[format](columns, all(), { width, ...paper })) text += part
  return text
}

const HOSTILE = '\x1b[31mred\x07\u202e\r\n\u009b2J'

describe('table', () => {
  it('aligns text left and numbers right', async () => {
    const rows = [
      ['StartSession', 14n],
      ['x', 5n],
    ]
    expect(await written('table', ['eventname', 'n'], rows)).toBe(
      'eventname      n\n────────────  ──\nStartSession  14\nx              5\n2 rows\n',
    )
  })

  it('says that there is nothing', async () => {
    expect(await written('table', ['a'], [])).toBe('a\n─\n0 rows\n')
  })

  it('fits into the terminal', async () => {
    const text = await written('table', ['a', 'b'], [['x y '.repeat(18), '{"y":1} '.repeat(9)]], 60)
    for (const line of text.split('\n')) expect([...line].length).toBeLessThanOrEqual(60)
    expect(text).toContain('…')
  })

  it('is cut after a thousand rows, and counts on', async () => {
    const text = await written(
      'table',
      ['n'],
      Array.from({ length: 1234 }, (_, at) => [BigInt(at)]),
    )
    expect(text.split('\n').length).toBe(1000 + 2 + 2 + 1)
    expect(text).toContain('… 234 more rows: --format ndjson or csv gives all\n1,234 rows\n')
  })

  it('counts wide characters as two', async () => {
    const text = await written(
      'table',
      ['a', 'b'],
      [
        ['日本', 'x'],
        ['ab', 'y'],
      ],
    )
    expect(text).toContain('日本  x\nab    y\n')
  })

  it('shows control characters and does not obey them, in names of columns either', async () => {
    const text = await written('table', [HOSTILE], [[HOSTILE]])
    // biome-ignore lint/suspicious/noControlCharactersInRegex: none may be left
    expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/)
    expect(text).toContain('\\u001b[31mred\\u0007\\u202e\\r\\n\\u009b2J')
  })
})

describe('what a terminal has no room for', () => {
  const arn = `arn:aws:sts::111122223333:assumed-role/${'Role'.repeat(12)}/session`
  const id = 'c2b7e1f4-3d3c-4a52-9d0e-0a7d6f1b2c3d'
  const columns = ['arn', 'id', 'n', 'why']
  const rows: DuckDBValue[][] = [
    [arn, id, 123456789012n, 'not authorised to perform this call, says the service'],
  ]

  it('cuts prose, never an id or a number', async () => {
    const text = await written('table', columns, rows, 170)
    for (const whole of [arn, id, '123456789012']) expect(text).toContain(whole)
    expect(text).toContain('…')
    for (const line of text.split('\n')) expect([...line].length).toBeLessThanOrEqual(170)
  })

  it('becomes a value a line where ids would have to be cut', async () => {
    const text = await written('table', columns, rows, 80)
    for (const [value] of [[arn], [id], ['not authorised to perform this call, says the service']])
      expect(text).toContain(value)
    expect(text).toMatch(/^── row 1 ─+\narn {2}arn:/)
    expect(text).toContain('\n1 row\n')
  })
})

describe('columns without a value', () => {
  const rows: DuckDBValue[][] = [
    ['a', null, null],
    ['', null, 1n],
  ]

  it('are left out of what asked for all columns, and that is said', async () => {
    expect(await written('table', ['a', 'b', 'c'], rows, 80, { everything: true })).toBe(
      'a   c\n──  ─\na\n""  1\n2 rows, 1 column has no value in any of them and is left out\n',
    )
    expect(await written('line', ['a', 'b', 'c'], rows, 80, { everything: true })).toContain(
      '2 rows, columns without a value are left out',
    )
  })

  it('stay where they were asked for by name', async () => {
    expect(await written('table', ['a', 'b', 'c'], rows, 80)).toContain('a   b  c\n')
    expect(await written('line', ['a', 'b', 'c'], rows, 80)).toMatch(/row 1 ─+\na {2}a\nb\nc\n/)
  })
})

describe('json and ndjson', () => {
  it('are JSON', async () => {
    const rows = [
      [1n, null],
      [2n, HOSTILE],
    ]
    expect(JSON.parse(await written('json', ['a', 'b'], rows))).toEqual([
      { a: 1, b: null },
      { a: 2, b: HOSTILE },
    ])
    const lines = (await written('ndjson', ['a', 'b'], rows)).trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { a: 1, b: null },
      { a: 2, b: HOSTILE },
    ])
  })

  it('are JSON when there is nothing', async () => {
    expect(await written('json', ['a'], [])).toBe('[]\n')
    expect(await written('ndjson', ['a'], [])).toBe('')
  })
})

describe('csv', () => {
  it('quotes as RFC 4180 says', async () => {
    expect(
      await written(
        'csv',
        ['a', 'b"'],
        [
          ['x,y', 'say "hi"'],
          ['two\nlines', null],
        ],
      ),
    ).toBe('a,"b"""\r\n"x,y","say ""hi"""\r\n"two\nlines",\r\n')
  })

  it('tells NULL from an empty text', async () => {
    expect(await written('csv', ['a', 'b'], [[null, '']])).toBe('a,b\r\n,""\r\n')
  })

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1'])('%j is no formula in a spreadsheet', async (text) => {
    const whole = await written('csv', [text], [[text]])
    expect(whole).toBe(`${text}\r\n${text}\r\n`)
    const safe = await written('csv', [text], [[text]], 80, { spreadsheet: true })
    expect(safe).toBe(`'${text}\r\n'${text}\r\n`)
  })

  it('leaves numbers alone', async () => {
    expect(await written('csv', ['n'], [[-5n], [-0.5]])).toBe('n\r\n-5\r\n-0.5\r\n')
  })
})

it('markdown shows what is markup in it', async () => {
  expect(await written('markdown', ['a'], [['[x](javascript:1) | <b>'], [HOSTILE]])).toBe(
    '| a |\n| --- |\n| \\[x\\](javascript:1) \\| \\<b\\> |\n| \\\\u001b\\[31mred\\\\u0007\\\\u202e\\\\r\\\\n\\\\u009b2J |\n',
  )
})
