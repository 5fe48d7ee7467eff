import { expect, test } from 'vitest'
import { documents, elements, insideArray, members, skipSpace, stringEnd, textOf, valueEnd } from './bytes.ts'

const bytes = (text: string) => Buffer.from(text)

test.each([
  ['"a"', 3],
  ['"a\\"b" ', 6],
  ['"\\\\"x', 4],
  ['"a', -1],
  ['"a\\"', -1],
])('a string ends: %s', (text, end) => expect(stringEnd(bytes(text), 0)).toBe(end))

test.each([
  ['12,', 2],
  ['true}', 4],
  ['null', 4],
  ['{"a":[1,{"b":"}]"}]} x', 20],
  ['[]', 2],
  ['{"a":1', -1],
  ['[1', -1],
  ['', -1],
  [',', -1],
  ['a:1', -1],
  ['a"b"', -1],
])('a value ends: %s', (text, end) => expect(valueEnd(bytes(text), 0)).toBe(end))

test('white space is what JSON says it is', () => {
  expect(skipSpace(bytes(' \t\r\n\u00a0x'), 0)).toBe(4)
  expect(skipSpace(bytes('\f'), 0)).toBe(0)
  expect(skipSpace(bytes('  '), 0)).toBe(2)
})

test('members of an object, with escapes in names and brackets in texts', () => {
  const text = '{"a" : 1 , "\\u0062\\n":{"x":"}"},"":[ ] }'
  const found = members(bytes(text), 0)?.map(({ key, start, end }) => [key, text.slice(start, end)])
  expect(found).toEqual([
    ['a', '1'],
    ['b\n', '{"x":"}"}'],
    ['', '[ ]'],
  ])
  expect(members(bytes('{}'), 0)).toEqual([])
})

test.each([
  '{',
  '{"a"',
  '{"a":',
  '{"a":1',
  '{"a":1,',
  '{"a":1,}',
  '{"a" 1}',
  '{a:1}',
  '{"\\x":1}',
  '{"a":1 "b":2}',
])('an object that is none has no members: %s', (text) => expect(members(bytes(text), 0)).toBeUndefined())

test('elements of an array', () => {
  const text = ' [ {"a":"]"} , 2,null ] tail'
  const { spans, end } = elements(bytes(text), 1)
  expect(spans.map((span) => text.slice(span.start, span.end))).toEqual(['{"a":"]"}', '2', 'null'])
  expect(text.slice(end)).toBe(' tail')
})

test.each([
  ['[{"a":1},{"b":', 1, 9],
  ['[{"a":1}', 1, 8],
  ['[{"a":1},', 1, 9],
  ['[{"a":1},]', 1, 9],
  ['[1 2]', 0, 1],
  // The digits of a number at the end may continue after it.
  ['[{"a":1},12', 1, 9],
  ['[', 0, 1],
])('an array that breaks off: %s', (text, whole, stop) => {
  const found = elements(bytes(text), 0)
  expect([found.spans.length, found.end, found.stop]).toEqual([whole, -1, stop])
})

test('documents one after the other', () => {
  const text = '{"a":"}{"}{"b":2}\n[1] 2\r\n,"x" {"c"'
  const { spans, stop } = documents(bytes(text))
  const whole = [...spans].map((span) => text.slice(span.start, span.end))
  expect(whole).toEqual(['{"a":"}{"}', '{"b":2}', '[1]', '2'])
  expect(text.slice(stop)).toBe(',"x" {"c"')
})

test('what is inside an array', () => {
  const inside = (text: string) => {
    const found = insideArray(bytes(text))
    return found && textOf(found, 0, found.length)
  }
  expect(inside('[ 1, 2 \n]')).toBe('1, 2')
  expect(inside('[]')).toBe('')
  expect(inside('[ ]')).toBe('')
  for (const none of ['[1}', '{]', '', '[', ']', '[1] ']) expect(inside(none)).toBeUndefined()
})

test('bytes that are no UTF-8 become U+FFFD', () => {
  expect(textOf(Uint8Array.of(0x61, 0xff, 0x62), 0, 3)).toBe('a\ufffdb')
})
