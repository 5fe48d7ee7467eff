import { expect, test } from 'vitest'
import { again, KEPT_ITEMS } from './again.ts'

test.each([0, 1, 3, KEPT_ITEMS, KEPT_ITEMS + 1])('%d items are the same each time', (count) => {
  let asked = 0
  const items = again(function* () {
    asked++
    for (let item = 0; item < count; item++) yield item
  })
  for (let turn = 0; turn < 2; turn++) {
    let next = 0
    for (const item of items) if (item === next) next++
    expect(next).toBe(count)
  }
  // A few items are found once; of many none is kept, so each pass finds them again.
  expect(asked).toBe(count > KEPT_ITEMS ? 3 : 1)
  expect([items.atLeast(1), items.atLeast(2)]).toEqual([count >= 1, count >= 2])
})
