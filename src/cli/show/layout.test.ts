import { expect, it } from 'vitest'
import { alignProse } from './layout.ts'

const rows = [
  ['name', { right: 'rows' }, ''],
  ['cloudtrail', { right: '4,015' }, 'One row per API call or service event that AWS recorded.'],
]

it('breaks the last column into lines that fit', () => {
  expect(alignProse(rows, 50)).toEqual([
    'name         rows',
    'cloudtrail  4,015  One row per API call or service',
    '                   event that AWS recorded.',
  ])
})

it('leaves a sentence whole where there is no edge', () => {
  expect(alignProse(rows, Number.POSITIVE_INFINITY)).toHaveLength(2)
})

it('keeps room for words where there is hardly any', () => {
  expect(alignProse(rows, 10)[1]).toBe('cloudtrail  4,015  One row per API call or')
})
