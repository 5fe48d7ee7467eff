import { expect, it } from 'vitest'
import { didYouMean, nearest } from './nearest.ts'

const names = ['lake', 'ingest', 'query', 'retention', 'cloudtrail', 'reject']

it.each([
  ['ingset', 'ingest'],
  ['Query', 'query'],
  ['retenton', 'retention'],
  ['cloudtral', 'cloudtrail'],
  ['rejects', 'reject'],
  ['lke', 'lake'],
])('%s is taken for %s', (typed, meant) => {
  expect(nearest(typed, names)).toBe(meant)
})

it.each(['', 'x', 'athena', 'guardduty_finding'])('"%s" is near to nothing', (typed) => {
  expect(nearest(typed, names)).toBeUndefined()
  expect(didYouMean(typed, names)).toBe('')
})

it('asks', () => {
  expect(didYouMean('qery', names)).toBe(': did you mean "query"?')
})
