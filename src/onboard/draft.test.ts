import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { draft } from './draft.ts'
import { readLogType } from './read.ts'

/** The parsed draft of a sample. */
function drafted(sample: string | Uint8Array) {
  const folder = join(mkdtempSync(join(tmpdir(), 'draft-')), 'mine')
  mkdirSync(folder)
  writeFileSync(join(folder, 'logtype.yaml'), draft('mine', Buffer.from(sample as string), 'sample'))
  return readLogType(folder)
}

test('an id that is made of a time is not the time, where there is another', () => {
  const records = [1, 2].map((turn) => ({
    id: `2026-01-07T22:16:4${turn}Z`,
    updateId: 1767824203000 + turn,
    ...(turn === 1 ? { at: '2026-01-07T22:16:43Z' } : {}),
  }))
  const { time, columns } = drafted(JSON.stringify(records))
  expect(time).toBe('f_at')
  expect(columns.find(({ name }) => name === 'updateid')?.type).toBe('long')
  expect(drafted(JSON.stringify(records.map(({ id }) => ({ id })))).time).toBe('f_id')
})

test('tells types, the time, the id and the array', () => {
  const records = [1, 2].map((turn) => ({
    eventId: `e-${turn}`,
    'service.name': 'shop',
    ts: 1767824203 + turn,
    when: '2026-01-07T22:16:43.5Z',
    user: { name: 'a', age: turn, 'last-seen': null, order: true },
    ratio: turn / 2,
    tags: ['x'],
    ...(turn === 1 ? { mixed: 'text' } : { mixed: { a: 1 } }),
  }))
  const definition = drafted(gzipSync(JSON.stringify({ items: records })))
  const columns = definition.columns.map(({ name, type, path, form }) => [name, type, path?.join('|'), form])
  expect(definition).toMatchObject({ records: ['items'], time: 'ts', id: 'eventid' })
  expect(columns).toEqual([
    ['eventid', 'string', 'eventId', undefined],
    ['service_name', 'string', 'service.name', undefined],
    ['ts', 'timestamptz', 'ts', 'epoch-seconds'],
    ['f_when', 'timestamptz', 'when', undefined],
    ['user_name', 'string', 'user|name', undefined],
    ['user_age', 'long', 'user|age', undefined],
    ['user_last_seen', 'string', 'user|last-seen', undefined],
    ['user_order', 'boolean', 'user|order', undefined],
    ['ratio', 'double', 'ratio', undefined],
    ['tags', 'json', 'tags', undefined],
    ['mixed', 'json', 'mixed', undefined],
  ])
})

test.each([
  ['of a person', { user: { id: 1 } }, { user: { id: 2 } }],
  ['of a person, at the top', { userId: 'a' }, { userId: 'b' }],
  ['of an account', { account_id: 'a' }, { account_id: 'b' }],
  ['of who asked for it', { requestedBy: { Id: 'a' } }, { requestedBy: { Id: 'b' } }],
  ['of a conversation', { conversation: { id: 'a' } }, { conversation: { id: 'b' } }],
  ['of what several records are about', { traceId: 'a', parent_id: 'a' }, { traceId: 'b', parent_id: 'b' }],
  ['that is there twice', { id: 'a' }, { id: 'a' }],
  ['that is a list', { id: ['a'] }, { id: ['b'] }],
  ['that is a time', { id: '2026-01-07T22:16:43Z' }, { id: '2026-01-07T22:16:44Z' }],
  ['that is a fraction', { id: 0.5 }, { id: 1.5 }],
  ['that is true or false', { id: true }, { id: false }],
])("takes no id %s for the record's", (_, one, other) => {
  const sample = [one, other]
    .map((fields) => JSON.stringify({ at: '2026-01-07T22:16:43Z', ...fields }))
    .join('\n')
  expect(drafted(sample)).toMatchObject({ idOf: 'record' })
})

test('takes none of a single record, which tells nothing of the next', () => {
  expect(drafted('{"at":"2026-01-07T22:16:43Z","id":"a"}')).toMatchObject({ idOf: 'record' })
})

test('a whole number with more digits than a double has is a text', () => {
  const lines = [0, 1].map(
    (end) => `{"at":"2026-01-07T22:16:4${end}Z","id":1234567890123456789${end},"big":1e300}`,
  )
  expect(drafted(lines.join('\n')).columns).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ name: 'f_id', type: 'string' }),
      expect.objectContaining({ name: 'big', type: 'string' }),
    ]),
  )
})

test('without an id takes the hash of the record', () => {
  expect(drafted('{"at":"2026-01-07T22:16:43Z"}\n{"at":"2026-01-07T22:16:44Z"}')).toMatchObject({
    idOf: 'record',
  })
})

test.each([
  ['nothing of it is JSON', 'plain text', /not JSON/],
  ['no record is an object', '[1,2]', /no JSON objects/],
  ['nothing is a time', '{"a":1}', /no field .* is a time/],
  [
    'it is a log of ours',
    '{"eventVersion":"1.08","eventTime":"2026-01-07T22:16:43Z","eventID":"x"}',
    /cloudtrail/,
  ],
])('is refused when %s', (_, sample, message) => {
  expect(() => draft('mine', Buffer.from(sample), 'sample')).toThrow(message)
})
