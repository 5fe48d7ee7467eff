import { expect, it } from 'vitest'
import { costFact, costText } from './cost.tsx'

it('never shows unpriced tokens as nothing, and nothing as unpriced', () => {
  expect(costText(16.538, false)).toBe('$16.54')
  expect(costText(16.538, true)).toBe('$16.54 +')
  expect(costText(null, true)).toBe('unpriced')
  expect(costText(0, true)).toBe('unpriced')
  expect(costText(null, false)).toBe('–')
  expect(costText(0, false)).toBe('–')
  expect(costFact(null, 0)).toEqual(['–', 'no tokens to pay for'])
  expect(costFact(2, 98_112)).toEqual(['$2.00', 'and 98.1 k tokens unpriced'])
})
