import { setTimeout as wait } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { concurrently, gather, patient } from './stream.ts'

/** A stream whose items the test pushes. */
function tap<T>() {
  const items: T[] = []
  let wake: () => void = () => undefined
  let over = false
  const state = { closed: false }
  async function* stream(): AsyncGenerator<T> {
    try {
      for (;;) {
        const item = items.shift()
        if (item !== undefined) yield item
        else if (over) return
        else
          await new Promise<void>((resolve) => {
            wake = resolve
          })
      }
    } finally {
      state.closed = true
    }
  }
  return {
    state,
    stream: stream(),
    push(...more: T[]) {
      items.push(...more)
      wake()
    },
    end() {
      over = true
      wake()
    },
  }
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}

it('what comes too late is there for whoever asks next', async () => {
  const { stream, push, end } = tap<number>()
  const items = patient(stream)
  expect(await items.next(5)).toBeUndefined()
  push(1, 2)
  expect(await items.next(1000)).toMatchObject({ value: 1 })
  expect(await items.next()).toMatchObject({ value: 2 })
  end()
  expect(await items.next()).toMatchObject({ done: true })
})

it('a group is full, or all there is for now', async () => {
  const { stream, push, end } = tap<number>()
  const groups = gather(stream, 3, 20)
  push(1, 2, 3, 4)
  expect((await groups.next()).value).toEqual([1, 2, 3])
  expect((await groups.next()).value).toEqual([4])
  push(5, 6)
  end()
  expect((await groups.next()).value).toEqual([5, 6])
  expect((await groups.next()).done).toBe(true)
})

it('results come as they are finished, while the next item is still awaited', async () => {
  const { stream, push, end } = tap<string>()
  const gates = new Map<string, () => void>()
  const results = concurrently(stream, { atOnce: 3, inOrder: false }, async (item) => {
    await new Promise<void>((resolve) => gates.set(item, resolve))
    return item
  })
  push('slow', 'quick')
  const first = results.next()
  while (gates.size < 2) await wait(1)
  gates.get('quick')?.()
  expect((await first).value).toBe('quick')
  const second = results.next()
  push('next')
  while (!gates.has('next')) await wait(1)
  gates.get('next')?.()
  expect((await second).value).toBe('next')
  gates.get('slow')?.()
  end()
  expect(await all(results)).toEqual(['slow'])
})

it('or in their order', async () => {
  const { stream, push, end } = tap<number>()
  push(30, 1, 10, 2)
  end()
  const results = concurrently(stream, { atOnce: 4, inOrder: true }, async (ms) => {
    await wait(ms)
    return ms
  })
  expect(await all(results)).toEqual([30, 1, 10, 2])
})

it.each([true, false])('no more is under way than may be (in order: %s)', async (inOrder) => {
  const { stream, push, end } = tap<number>()
  const sizes = [5, 1, 1, 1, 9, 1, 1, 3, 3, 3, 12, 1]
  push(...sizes)
  end()
  let weighs = 0
  let count = 0
  const seen: number[] = []
  const work = async (size: number) => {
    weighs += size
    count++
    seen.push(count)
    expect(weighs <= 8 || count === 1).toBe(true)
    await wait(size)
    weighs -= size
    count--
    return size
  }
  const limits = { atOnce: 3, max: 8, weight: (size: number) => size, inOrder }
  const results = await all(concurrently(stream, limits, work))
  expect(results.toSorted()).toEqual(sizes.toSorted())
  expect(Math.max(...seen)).toBe(3)
})

it('a failure ends it: what is under way is awaited, the stream is closed', async () => {
  const { stream, push, state } = tap<number>()
  push(1, 2, 3)
  let finished = 0
  const results = concurrently(stream, { atOnce: 2, inOrder: false }, async (item) => {
    if (item === 2) throw new Error('made to fail')
    await wait(10)
    finished++
  })
  push(4)
  await expect(all(results)).rejects.toThrow('made to fail')
  expect(finished).toBeGreaterThan(0)
  expect(state.closed).toBe(true)
})

it('a stream that fails ends it, too', async () => {
  async function* broken() {
    yield 1
    throw new Error('broken')
  }
  const results = concurrently(broken(), { atOnce: 2, inOrder: true }, async (item) => item)
  expect((await results.next()).value).toBe(1)
  await expect(results.next()).rejects.toThrow('broken')
})
