import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { expand } from './gzip.ts'

const limits = { maxBytes: 1 << 20 }
const little = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')
const big = (text: string) => little(text).swap16()
const text = (bytes: Uint8Array) => {
  const expanded = expand(bytes, limits)
  return expanded.ok ? Buffer.from(expanded.bytes).toString() : expanded.reason
}

test.each([little, big])('UTF-16 with its mark becomes UTF-8', (encoded) => {
  expect(text(encoded('{"a":"é😀"}\r\n'))).toBe('{"a":"é😀"}\r\n')
  expect(text(gzipSync(encoded('{}')))).toBe('{}')
  expect(text(encoded(''))).toBe('')
})

test.each([
  (text: string) => Buffer.from(text, 'utf16le'),
  (text: string) => Buffer.from(text, 'utf16le').swap16(),
])('JSON in UTF-16 without a mark becomes UTF-8', (encoded) => {
  for (const json of ['{"a":"é😀"}', '[{"a":1}]', ' {}', '\r\n{"é":1}', '[]'])
    expect(text(encoded(json))).toBe(json)
  // A text that is no JSON is recognised by its bytes.
  const plain = encoded('plain text')
  expect(expand(plain, limits)).toEqual({ ok: true, bytes: plain, wrapper: 'plain' })
})

test.each(['{\0', '{\0\0\0', '\0\0\0{', '\0\0{"a":1}', '{"a":1}'])('%j is no UTF-16', (begin) => {
  const bytes = Buffer.from(begin)
  expect(expand(bytes, limits)).toEqual({ ok: true, bytes, wrapper: 'plain' })
})

test('half of a surrogate pair becomes the escape that JSON has for it', () => {
  expect(text(little('{"a":"\ud83d","b":"\ude00\ud83d\ude00"}'))).toBe('{"a":"\\ud83d","b":"\\ude00😀"}')
})

test('a byte too few is said', () => {
  const bytes = little('{"a":1}')
  expect(expand(bytes.subarray(0, bytes.length - 1), limits)).toMatchObject({
    ok: true,
    wrapper: 'utf-16',
    cut: { reason: `UTF-16 breaks off inside a character after ${bytes.length - 1} bytes` },
  })
})

test('UTF-32 is no UTF-16', () => {
  const bytes = Buffer.from([0xff, 0xfe, 0, 0, 0x7b, 0, 0, 0])
  expect(expand(bytes, limits)).toEqual({ ok: true, bytes, wrapper: 'plain' })
})
