import { expect, test } from 'vitest'
import type { Context } from '../envelopes/contract.ts'
import { deliveryOfText } from '../envelopes/delivery.ts'
import type { Definition, Recognise } from './definition.ts'
import { recogniser } from './recognise.ts'

const FILE: Context = { uri: 's3://bucket/app/eu/audit/2026/x.json.gz', writtenMs: 0 }
const EVENT: Context = { ...FILE, cloudwatch: { logGroup: '/shop/web', logStream: 's', timestamp: 0 } }

function made(recognise: Partial<Recognise>, more: Partial<Definition> = {}) {
  return recogniser({
    name: 'mine',
    doc: 'Mine.',
    file: 'mine/logtype.yaml',
    recognise: { fields: [], values: [], key: [], logGroups: [], ...recognise },
    columns: [],
    id: 'id',
    time: 'at',
    sort: [],
    sensitive: [],
    ...more,
  })
}

test.each<[string, Partial<Recognise>, string, Context, boolean]>([
  ['a field', { fields: [['a', 'b']] }, '{"a":{"b":0}}', FILE, true],
  ['a field that is null', { fields: [['a', 'b']] }, '{"a":{"b":null}}', FILE, false],
  ['a field of another object', { fields: [['a', 'b']] }, '{"a":"b","b":1}', FILE, false],
  ['a field that every object has', { fields: [['constructor']] }, '{}', FILE, false],
  ['a value', { values: [{ path: ['a'], any: ['x', 7] }] }, '{"a":7}', FILE, true],
  ['another value', { values: [{ path: ['a'], any: ['x', 7] }] }, '{"a":"7"}', FILE, false],
  ['the key', { key: ['app/*/audit/'] }, '{}', FILE, true],
  ['another key', { key: ['app/*/other/'] }, '{}', FILE, false],
  ['one of several keys', { key: ['nothing', '*.json.gz'] }, '{}', FILE, true],
  ['the log group', { logGroups: ['/shop/*'] }, '{}', EVENT, true],
  ['another log group', { logGroups: ['/shop/*/api'] }, '{}', EVENT, false],
  ['no log group', { logGroups: ['/shop/*'] }, '{}', FILE, false],
  ['all but one', { fields: [['a']], key: ['other/'] }, '{"a":1}', FILE, false],
  ['no JSON', { key: ['app/'] }, 'text', FILE, false],
])('%s', (_, recognise, text, context, wanted) => {
  expect(made(recognise).recognise(deliveryOfText(text, context))).toBe(wanted)
})

test('an envelope restricts', () => {
  const [file, event] = [FILE, EVENT].map((context) => deliveryOfText('{"a":1}', context))
  const of = (envelope: 'file' | 'cloudwatch-logs') => made({ fields: [['a']] }, { envelope })
  expect([file, event].map((one) => one && of('file').recognise(one))).toEqual([true, false])
  expect([file, event].map((one) => one && of('cloudwatch-logs').recognise(one))).toEqual([false, true])
})

test('only a key claims an object that cannot be read', () => {
  expect(made({ key: ['app/'] }).isNamed(FILE)).toBe(true)
  expect(made({ key: ['other/'] }).isNamed(FILE)).toBe(false)
  expect(made({ fields: [['a']] }).isNamed(FILE)).toBe(false)
})

test('a document with records is opened, each record as it was delivered', () => {
  const { wrapper } = made({ fields: [['a']] }, { records: ['deep', 'list'] })
  const open = (text: string) => wrapper?.open(deliveryOfText(text, FILE))
  const opened = open(' {"deep":{"x":1,"list":[ {"a": 9007199254740993},{"b":1}]}}')
  expect(
    opened?.kind === 'records' && opened.inner.map(({ bytes }) => Buffer.from(bytes).toString()),
  ).toEqual(['{"a": 9007199254740993}', '{"b":1}'])
  expect(open('{"deep":{"list":[]}}')).toHaveProperty('kind', 'skipped')
  for (const other of [
    '{"deep":{"list":[{"b":1}]}}',
    '{"deep":{"list":[1]}}',
    '{"deep":[]}',
    '{"list":[{"a":1}]}',
    'x',
  ])
    expect(open(other)).toBeUndefined()
})
