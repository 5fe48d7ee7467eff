import { expect, test } from 'vitest'
import { meaningOf } from './text.ts'
import { viewOf } from './text-column.ts'

function meant(written: string): string | undefined {
  // The text has neighbours on both sides, and begins at an odd offset.
  const bytes = Buffer.from(`"~${written}"\\`)
  const to = new Uint8Array(bytes.length)
  const length = meaningOf(bytes, 2, bytes.length - 2, to, viewOf(to))
  return length < 0 ? undefined : Buffer.from(to.subarray(0, length)).toString()
}

const PIECES = [
  'a',
  'bcd',
  'efghi',
  '\\n',
  '\\"',
  '\\\\',
  '\\/',
  '\\u0041',
  '\\u00e9',
  '\\u20ac',
  'é',
  '😀',
  '\\t',
]

test('a text means what JSON.parse makes of it, wherever its escapes are', () => {
  for (let number = 0; number < PIECES.length ** 3; number++) {
    const written = [1, PIECES.length, PIECES.length ** 2]
      .map((power) => PIECES[Math.floor(number / power) % PIECES.length])
      .join('')
    expect(meant(written)).toBe(JSON.parse(`"${written}"`))
  }
})

test.each(['\\u0000', '\\ud83d\\ude00', '\\x', '\\u12', 'abcd\\u00g0', '\\udc00abcdefgh'])(
  'what needs a closer look gets one: %s',
  (written) => expect(meant(written)).toBeUndefined(),
)
