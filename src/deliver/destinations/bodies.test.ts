import { expect, it } from 'vitest'
import type { Delivery, Receiver } from '../contract.ts'
import { deliver } from '../patience.ts'
import { openBodies } from './bodies.ts'

it('a body that was made ready is the one that is sent, and sent again', async () => {
  const made: number[] = []
  const bodies = openBodies(async (batch) => {
    made.push(batch.length)
    return batch.map(({ text }) => text).join()
  })
  const sent: string[] = []
  const receiver: Receiver = {
    max: { deliveries: 10, bytes: 1000, one: 50 },
    prepare: bodies.prepare,
    async send(batch) {
      sent.push(await bodies.of(batch))
      return sent.length === 1
        ? { refused: [], later: { deliveries: batch, why: 'not now' } }
        : { refused: [] }
    },
  }
  const batch: Delivery[] = ['a', 'b'].map((text) => ({ id: text, table: 't', time: 1, text }))
  await receiver.prepare?.(batch)
  const patience = { signal: new AbortController().signal, sleep: async () => undefined }
  expect(await deliver(receiver, batch, patience)).toEqual([])
  expect({ made, sent }).toEqual({ made: [2], sent: ['a,b', 'a,b'] })
  // Without the one that is too large, it is another batch.
  const large = { id: 'c', table: 't', time: 1, text: 'x'.repeat(60) }
  expect(await deliver(receiver, [...batch, large], patience)).toMatchObject([{ code: 'too-large' }])
  expect(sent.at(-1)).toBe('a,b')
})
