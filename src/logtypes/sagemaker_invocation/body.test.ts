import { expect, test } from 'vitest'
import { bodyOf, bodyOfText } from './body.ts'

test.each([
  ['{"a":1}', '', 'json', [{ a: 1 }]],
  [' [1,2]\n', 'text/csv', 'json', [[1, 2]]],
  ['0.5', '', 'json', [0.5]],
  ['0.5', 'text/csv', 'csv', undefined],
  ['1,2\n3,4', '', 'csv', undefined],
  ['1,2\n3,4', 'text/plain', 'text', undefined],
  ['{"a":1}\n{"a":2}\r\n', '', 'jsonlines', [{ a: 1 }, { a: 2 }]],
  ['{"a":1}\n{"a":', '', 'jsonlines', [{ a: 1 }]],
  ['{"a":1}\njunk\n{"a":2}', '', 'text', undefined],
  ['{"a":', '', 'text', undefined],
  ['data: {"a":1}\n\ndata:{"a":2}\n\ndata: [DONE]\n\n', '', 'sse', [{ a: 1 }, { a: 2 }]],
  ['data: {"a":1}\ndata: {"a":2}\n', '', 'sse', [{ a: 1 }, { a: 2 }]],
  ['event: x\rdata: {"a":\rdata: 1}\r\r', '', 'sse', [{ a: 1 }]],
  ['data: {"a":\n\ndata: 1}\n\ndata: 2\n\n', '', 'sse', [2]],
  ['data: not a stream', '', 'text', undefined],
  [' \n', '', 'empty', undefined],
])('%j %s', (text, mediaType, state, values) => {
  const body = bodyOfText(text, mediaType)
  expect(body.state).toBe(state)
  expect(body.values).toEqual(values)
  expect(body.text).toBe(text)
})

test.each([
  ['aGVsbG8=', 'text', 'hello'],
  ['aGVsbG8', 'text', 'hello'],
  ['/w==', 'binary', undefined],
  ['AAE=', 'binary', undefined],
  ['G1szMW1yZWQ=', 'text', '\u001b[31mred'],
  ['not base64!', 'text', 'not base64!'],
])('base64 %s', (data, state, text) => {
  expect(bodyOf({ data, encoding: 'BASE64' })).toEqual(
    text === undefined ? { state } : { state, text, isDelivered: text === data },
  )
})
