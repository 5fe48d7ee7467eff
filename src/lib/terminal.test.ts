import { expect, it } from 'vitest'
import { counted, visible } from './terminal.ts'

it.each([
  [0, '0 objects'],
  [1, '1 object'],
  [2, '2 objects'],
  [12_345, '12,345 objects'],
])('%d is %s', (count, text) => {
  expect(counted(count, 'object')).toBe(text)
})

it('every character that a terminal obeys is shown instead', () => {
  const ranges = [
    [0x00, 0x1f],
    [0x7f, 0x9f],
    // Of no width, and those that end a line or turn the direction of writing.
    [0x200b, 0x200f],
    [0x2028, 0x202e],
    [0x2060, 0x2069],
    [0xfeff, 0xfeff],
  ] as const
  for (const [first, last] of ranges)
    for (let code = first; code <= last; code++)
      expect(visible(`a${String.fromCharCode(code)}b`), code.toString(16)).toMatch(
        /^a\\(?:[nrt]|u[0-9a-f]{4})b$/,
      )
  expect(visible('a b \u00e9 \u{1f600}')).toBe('a b \u00e9 \u{1f600}')
})
