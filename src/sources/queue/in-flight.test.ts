import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Failure } from '../contract.ts'
import { type InFlight, inFlightOf } from './in-flight.ts'
import type { Queue } from './sqs.ts'

/** Calls to the queue, as `remove a` and `hide a 15`. */
let asked: string[]
let removes: boolean
let stuck: number
let mine: InFlight

beforeEach(() => {
  asked = []
  removes = true
  stuck = 0
  const queue = {
    remove: async (handle: string) => {
      asked.push(`remove ${handle}`)
      return removes
    },
    extendVisibility: async (handle: string, seconds: number) => {
      asked.push(`hide ${handle} ${seconds}`)
      return true
    },
  } as unknown as Queue
  mine = inFlightOf(
    queue,
    120,
    15,
    async () => undefined,
    () => stuck++,
  )
})
afterEach(() => mine.close())

const message = (id: string, receiveCount = 1) => ({
  ...{ id, receiptHandle: id, body: 'body', receiveCount, sentMs: 7 },
})
const DENIED: Failure = { outcome: 'denied', reason: 'no' }
const BACK: Failure = { outcome: 'released', reason: 'the run ends' }

it('a message is deleted when the last of its objects is in the lake, and not before', async () => {
  const held = mine.take(message('a'), 3)
  await mine.settle(held)
  await mine.settle(held)
  expect(asked).toEqual([])
  expect(mine.size()).toBe(1)
  await mine.settle(held)
  expect(asked).toEqual(['remove a'])
  expect([mine.size(), mine.bytes(), mine.oldestMs()]).toEqual([0, 0, undefined])
})

it.each([
  [1, 15],
  [2, 30],
  [5, 240],
  [30, 900],
])(
  'one failure among its objects keeps it, received %d times it is hidden for %d s',
  async (receiveCount, seconds) => {
    const held = mine.take(message('a', receiveCount), 2)
    await mine.settle(held, DENIED)
    await mine.settle(held)
    expect(asked).toEqual([`hide a ${seconds}`])
  },
)

it('what is given back can be had at once', async () => {
  await mine.settle(mine.take(message('a', 4), 1), BACK)
  const held = mine.take(message('b', 2), 2)
  await mine.settle(held, BACK)
  await mine.settle(held, DENIED)
  expect(asked).toEqual(['hide a 0', 'hide b 30'])
})

it('at its end gives back what is not settled, and nothing else', async () => {
  const settled = mine.take(message('a'), 1)
  mine.take(message('b'), 1)
  await mine.settle(settled)
  await mine.close()
  expect(asked).toEqual(['remove a', 'hide b 0'])
})

it('a message that cannot be deleted is told, and let go', async () => {
  removes = false
  await mine.settle(mine.take(message('a'), 1))
  expect([stuck, mine.size()]).toEqual([1, 0])
})
