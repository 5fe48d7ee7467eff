import { describe, expect, test } from 'vitest'
import { envelopes, unwrap } from './index.ts'
import { cutRecords } from './records.ts'

const context = { uri: '/logs/object', writtenMs: 0 }

/** The envelope with the array, or with the other outcome. */
function open(text: string | Uint8Array): [envelope: string, outcome: string] {
  const opened = unwrap(Buffer.from(text), context)
  if (opened.kind === 'texts')
    return [opened.envelope, opened.texts.map((one) => Buffer.from(one.bytes).toString()).join('|')]
  const outcome = opened.kind === 'records' ? Buffer.from(opened.records).toString() : opened.reason
  return [opened.envelope, outcome]
}

describe('unwrap', () => {
  test.each([
    ['{"Records":[{"a":1}]}', 'records', '[{"a":1}]'],
    ['{"Records":[]}', 'records', '[]'],
    ['\ufeff\n{ "x" : [2] , "Records" : [ {"a":1} ] }\n', 'records', '[ {"a":1} ]'],
    ['{"Records":[1]}{"Records":[ ]}\n{"Records":[2,3]}', 'records', '[1,2,3]'],
    ['{"Records":[1],"Records":[2]}', 'records', '[1,2]'],
    ['{"Records":[1],"more":{}}', 'records', '[1]'],
    // Malformed bytes are read piece by piece: `pieces.test.ts`.
    ['{"Records":[1]}{"Records":[2,{', 'records', '[1]'],
    ['{"Records":[1]}{"oth', 'records', '[1]'],
    ['{"Records":[', 'records', '[]'],
    ['{"Records":{"a":1}}', 'json', '[{"Records":{"a":1}}]'],
    [
      '{"Events":[{"CloudTrailEvent":"{\\"a\\":\\"}{\\"}"},{"x":1}]}',
      'lookup-events',
      '[{"a":"}{"},{"x":1}]',
    ],
    ['{"Events":[]}', 'lookup-events', '[]'],
    [
      '{"Events":[{"CloudTrailEvent":"{]"},{"CloudTrailEvent":"[1]"}]}',
      'lookup-events',
      '[{"CloudTrailEvent":"{]"},[1]]',
    ],
    ['{"Events":[{"x":1}]}', 'json', '[{"Events":[{"x":1}]}]'],
    ['{"a":1}', 'json', '[{"a":1}]'],
    ['{"a":1}\r\n\r\n{"a":2}\n', 'json', '[{"a":1},{"a":2}]'],
    ['{"a":"}{"}{"a":2}', 'json', '[{"a":"}{"},{"a":2}]'],
    ['{"a":1}\njunk\n{"a":2}', 'json', '[{"a":1},junk,{"a":2}]'],
    ['{"a":1}\n{"a":', 'json', '[{"a":1}]'],
    ['{"Records":[1,2]}\n{"a":1}[3]', 'json', '[1,2,{"a":1},3]'],
    ['\ufeff{"a":1}\r\n\ufeff{"a":2}', 'json', '[{"a":1},{"a":2}]'],
    ['\x1e{"a":1}\n\x1e{"a":2}\n', 'json', '[{"a":1},{"a":2}]'],
    [' [ 1, 2 ] ', 'json', '[ 1, 2 ]'],
    ['[1][ ][2,3] {"a":1}', 'json', '[1,2,3,{"a":1}]'],
    ['[1][2,{', 'json', '[1]'],
  ])('%s', (text, envelope, array) => expect(open(text)).toEqual([envelope, array]))

  test('a digest holds no events; something beside one is not passed over', () => {
    const digest = '{"awsAccountId":"111122223333","digestS3Object":"x","logFiles":[]}'
    expect(open(digest)).toEqual(['digest', 'CloudTrail digest: hashes of log files, no events'])
    expect(open(`${digest}{"a":1}`)).toEqual(['json', `[${digest},{"a":1}]`])
    expect(open('{"digestS3Object":"x"}')[0]).toBe('json')
  })

  test.each(['', ' \r\n\t', '\ufeff', '\ufeff\n'])('nothing: %j', (text) => {
    expect(unwrap(Buffer.from(text), context)).toMatchObject({
      kind: 'skipped',
      reason: 'the object is empty',
    })
  })

  test.each([
    ['PK\x03\x04...', 'a ZIP archive'],
    ['PAR1', 'a Parquet file'],
    ['<!DOCTYPE html>', 'HTML'],
    ['<?xml version="1.0"?>', 'XML'],
    ['%PDF-1.7', 'a PDF'],
    ['\x00\x01\x02', 'binary data'],
    ['h\x00i\x00{\x00"\x00a\x00"\x00:\x001\x00}\x00', 'UTF-16 text without a byte order mark'],
    ['\x00h\x00i', 'UTF-16 text without a byte order mark'],
    ['hello', 'plain text'],
    ['"text"', 'plain text'],
    ['42', 'plain text'],
  ])('not JSON: %j', (text, look) => {
    expect(unwrap(Buffer.from(text, 'latin1'), context)).toMatchObject({
      kind: 'rejected',
      code: 'not-json',
      reason: `not JSON: it begins like ${look}`,
    })
  })
})

test('text before records is rejected alone, and prose that shows some JSON is no log', () => {
  expect(open('# opened\n{"a":1}\n')[0]).toBe('json')
  expect(open(`\0\0\0{"a":1}`)[0]).toBe('json')
  expect(open(`${'A sentence.\n'.repeat(9)}{"a":1}\n`)).toEqual([
    'unknown',
    'not JSON: it begins like plain text',
  ])
  expect(open('INFO {"a":1}\n')[0]).toBe('unknown')
})

test('envelopes have names of their own, and a sentence', () => {
  expect(new Set(envelopes.map(({ name }) => name)).size).toBe(envelopes.length)
  for (const { doc } of envelopes) expect(doc).toMatch(/^[A-Z].*\.$/)
})

test.each([
  ['{"Records":[{"a":1}]}\r\n', '[{"a":1}]'],
  ['{"Records":[]}', '[]'],
  // `fits` decides whether the cut was right.
  ['{"Records":[1]}{"Records":[2]}', '[1]}{"Records":[2]'],
  ['{ "Records":[1]}', undefined],
  ['{"Records":[1] }', undefined],
  ['{"Records":[1', undefined],
  ['{"Records":[', undefined],
  ['', undefined],
])('the quick cut of %j', (text, array) => {
  const cut = cutRecords(Buffer.from(text))
  expect(cut && Buffer.from(cut).toString()).toBe(array)
})
