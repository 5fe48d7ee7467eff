import { expect, it } from 'vitest'
import { answerCache } from './cache.ts'

const open = () => new AbortController().signal

it('makes one answer for all who ask the same at once, and keeps it', async () => {
  const cache = answerCache(1000)
  let made = 0
  const make = async () => ({ value: ++made, bytes: 10 })
  const all = await Promise.all([1, 2, 3].map(() => cache.get('k', open(), make)))
  expect(all.map(({ value }) => value)).toEqual([1, 1, 1])
  expect(await cache.get('k', open(), make)).toEqual({ value: 1, hit: true })
  expect(await cache.get('other', open(), make)).toEqual({ value: 2, hit: false })
})

it('forgets what was used longest ago, and keeps nothing that is large', async () => {
  const cache = answerCache(100)
  for (const key of ['a', 'b', 'c', 'd', 'e'])
    await cache.get(key, open(), async () => ({ value: key, bytes: 25 }))
  expect(cache.standing()).toEqual({ entries: 4, bytes: 100 })
  expect((await cache.get('a', open(), async () => ({ value: 'new', bytes: 26 }))).hit).toBe(false)
  expect(cache.standing().entries).toBe(4)
})

it('goes on for those who stay, and is cancelled when all have gone', async () => {
  const cache = answerCache(1000)
  const [first, second] = [new AbortController(), new AbortController()]
  let cancelled = false
  const make = (signal: AbortSignal) =>
    new Promise<{ value: number; bytes: number }>((_, failed) => {
      signal.addEventListener('abort', () => {
        cancelled = true
        failed(signal.reason)
      })
    })
  const asked = [first, second].map(({ signal }) =>
    cache.get('k', signal, make).catch((thrown) => String(thrown)),
  )
  first.abort(new Error('gone'))
  await asked[0]
  expect(cancelled).toBe(false)
  second.abort(new Error('gone'))
  expect(await Promise.all(asked)).toEqual(['Error: gone', 'Error: gone'])
  expect(cancelled).toBe(true)
})

it('a failure is not kept', async () => {
  const cache = answerCache(1000)
  await expect(cache.get('k', open(), () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(await cache.get('k', open(), async () => ({ value: 1, bytes: 1 }))).toEqual({ value: 1, hit: false })
})
