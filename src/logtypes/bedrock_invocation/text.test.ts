import { expect, test } from 'vitest'
import { jsonText, wellFormed, wellFormedJson } from './text.ts'

test('a text without halves of pairs stays as it is', () => {
  for (const text of ['', 'plain', '\u{1f600} 漢字 \u0000', '\ufffd']) expect(wellFormed(text)).toBe(text)
  expect(wellFormed('a\ud83d')).toBe('a\ufffd')
  expect(wellFormed('\udc00\ud83d\ude00\ud83d')).toBe('\ufffd\u{1f600}\ufffd')
})

test.each([
  ['"\\ud83d\\ude00"', '"\\ud83d\\ude00"'],
  ['"\\uD83D\\uDE00"', '"\\uD83D\\uDE00"'],
  ['"\\ud83d"', '"\\ufffd"'],
  ['"\\ude00\\ud83d\\ude00"', '"\\ufffd\\ud83d\\ude00"'],
  ['"\\ud83d\\ud83d\\ude00"', '"\\ufffd\\ud83d\\ude00"'],
  // An escaped backslash, followed by plain letters.
  ['"\\\\ud83d"', '"\\\\ud83d"'],
  ['"\\\\\\ud83d"', '"\\\\\\ufffd"'],
  ['"\\u00e9\\n"', '"\\u00e9\\n"'],
])('%s becomes %s', (json, expected) => expect(wellFormedJson(json)).toBe(expected))

test('what is nested too deep has no text', () => {
  let deep: unknown = 1
  for (let depth = 0; depth < 100_000; depth++) deep = [deep]
  expect(jsonText(deep as never)).toBeUndefined()
  expect(jsonText(['\ud83d'])).toBe('["\\ufffd"]')
})
