import { expect, test } from 'vitest'
import { UserError } from '../../lib/errors.ts'
import { differences } from './difference.ts'

const SOURCE = `[
  {
    "id": "a",
    "at": "2026",
    "text": "x"
  },
  { "id": "b", "at": "2026" }
]
`
const of = (found: object[]) => differences('mine.rows.json', SOURCE, found as never, ['id', 'at'])

test('nothing, in whatever order', () => {
  expect(
    of([
      { at: '2026', id: 'b' },
      { id: 'a', at: '2026', text: 'x' },
    ]),
  ).toEqual([])
})

test('a value, with its line', () => {
  expect(
    of([
      { id: 'a', at: '2026', text: 'y', more: 1 },
      { id: 'b', at: '2026' },
    ]),
  ).toEqual([
    'mine.rows.json:5: row id="a" at="2026": text',
    '    expected  "x"',
    '    came out  "y"',
    'mine.rows.json:2: row id="a" at="2026": more',
    '    expected  nothing',
    '    came out  1',
  ])
})

test('a row that is missing, and one too many', () => {
  expect(
    of([
      { id: 'a', at: '2026', text: 'x' },
      { id: 'c', at: '2026' },
    ]),
  ).toEqual([
    'mine.rows.json:7: no such row came out: row id="b" at="2026"',
    'mine.rows.json: a row more than expected: row id="c" at="2026"',
  ])
})

test('a file that holds no rows', () => {
  for (const broken of ['{"a":1}', '[{]', ''])
    expect(() => differences('mine.rows.json', broken, [], ['id'])).toThrow(UserError)
})
