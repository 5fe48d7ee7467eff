import { expect, it } from 'vitest'
import type { TableColumn } from '../../lake/table.ts'
import { contradictions, type Said } from './same.ts'

const columns: TableColumn[] = [
  { name: 'at', type: 'timestamptz', doc: '', path: 'at', content: true },
  { name: 'n', type: 'long', doc: '', path: 'inner.n', content: true },
  { name: 'body', type: 'json', doc: '', path: 'body', content: 'where told' },
  { name: 'message', type: 'string', doc: '', content: true },
  { name: 'detail', type: 'json', doc: '', content: true },
  { name: 'unmapped', type: 'json', doc: '', content: true },
]
const ROW: Said = ['1767824203000000', '7', '{"a":[1,{"b":2.0}]}', 'text', '{"x":1}', '{"other":{"y":1}}']

const row = (more: Record<number, string | null>): Said =>
  ROW.map((value, at) => (at in more ? (more[at] ?? null) : value))

it.each([
  ['itself', {}],
  [
    'other white space and order of fields',
    { 2: '{ "a" : [ 1, { "b" : 2 } ] }', 5: '{"other":{"y":1,"z":null}}' },
  ],
  ['a number written another way', { 2: '{"a":[1.0,{"b":2e0}]}', 1: '7.0' }],
  ['a part that this way leaves out', { 2: null }],
  ['the time as it was delivered', { 5: '{"at":"2026-01-07T22:16:43.000Z","other":{"y":1}}' }],
  ['a field in `unmapped` that has a column by now', { 1: null, 5: '{"inner":{"n":7},"other":{"y":1}}' }],
  ['an escape', { 4: '{"\\u0078":1}' }],
])('a row is a copy of %s', (_, more) => {
  expect(contradictions(columns, row(more), ROW)).toEqual([])
})

it.each([
  ['another value', { 1: '8' }, ['n']],
  ['a value more', { 5: '{"other":{"y":1},"errorCode":"AccessDenied"}' }, ['unmapped']],
  ['a value less', { 5: null }, ['unmapped']],
  ['another text', { 3: 'texts' }, ['message']],
  ['another time', { 0: '1767824203000001' }, ['at']],
  ['another order of a list', { 2: '{"a":[{"b":2.0},1]}' }, ['body']],
  [
    'a number that only a double takes for the same',
    { 2: '{"a":[1,{"b":2.0000000000000000001}]}' },
    ['body'],
  ],
  ['a digit more than a double holds', { 4: '{"x":1.00000000000000000001}' }, ['detail']],
  [
    'a time that is finer than its column',
    { 5: '{"at":"2026-01-07T22:16:43.0000001Z","other":{"y":1}}' },
    ['unmapped'],
  ],
  ['a text for a number', { 2: '{"a":["1",{"b":2}]}' }, ['body']],
  ['a field that is there twice', { 4: '{"x":2,"x":1}' }, ['detail']],
  ['what is no JSON', { 4: '{"x":' }, ['detail']],
  [
    'a column that `unmapped` covers up',
    { 4: '{"x":2}', 5: '{"detail":{"x":1},"other":{"y":1}}' },
    ['detail', 'unmapped'],
  ],
  ['what is nested without end', { 4: `${'['.repeat(5000)}${']'.repeat(5000)}` }, ['detail']],
])('a row that has %s contradicts', (_, more, differ) => {
  expect(contradictions(columns, row(more), ROW)).toEqual(differ)
})

it.each([
  ['1e400', '10e399', []],
  ['1e400', '1e401', ['detail']],
  ['12345678901234567890123', '12345678901234567890123.0', []],
  ['12345678901234567890123', '12345678901234567890124', ['detail']],
  ['0.1', '0.1000000000000000055511151231257827', ['detail']],
  ['1e-400', '0', ['detail']],
  ['-0.0', '0', []],
  ['1e99999999999999999999999', '1e99999999999999999999998', ['detail']],
])('%s and %s are numbers of one value: otherwise %j contradicts', (mine, theirs, differ) => {
  expect(contradictions(columns, row({ 4: `{"x": ${mine}}` }), row({ 4: `{"x":${theirs}}` }))).toEqual(differ)
})

it('a part that the row there has not is news', () => {
  expect(contradictions(columns, ROW, row({ 2: null }))).toEqual(['body'])
})
