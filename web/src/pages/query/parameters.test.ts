import { expect, it } from 'vitest'
import { parametersIn, readValues, valuesFor, written } from './parameters.ts'

it.each([
  ['select 1', []],
  ['select $who, $since::timestamptz, $who', ['who', 'since']],
  ['select \'$no\', "$no", $yes -- $no\n/* $no\n$no */, $$ $no $$, $1', ['yes']],
  ["select 'it''s $no', $a", ['a']],
])('finds the parameters of %s', (sql, names) => {
  expect(parametersIn(sql)).toEqual(names)
})

it('sends every parameter, NULL where nothing was written, and none that the question has not', () => {
  expect(valuesFor('select $a, $b', { a: 'x', b: '', c: 'y' })).toEqual({ a: 'x', b: null })
})

it('is in a link and read from it', () => {
  const values = { a: 'arn:aws:x', b: '' }
  expect(readValues(written(values))).toEqual(values)
  expect(written({ a: null })).toEqual([])
})
