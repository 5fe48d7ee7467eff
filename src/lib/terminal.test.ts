import { expect, it } from 'vitest'
import { counted } from './terminal.ts'

it.each([
  [0, '0 objects'],
  [1, '1 object'],
  [2, '2 objects'],
  [12_345, '12,345 objects'],
])('%d is %s', (count, text) => {
  expect(counted(count, 'object')).toBe(text)
})
