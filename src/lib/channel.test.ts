import { expect, it } from 'vitest'
import { channel } from './channel.ts'

const soon = () => new Promise((done) => setTimeout(done, 0))

it('gives what was put in its order, and ends after it', async () => {
  const lane = channel<number>()
  const put = Promise.all([lane.put(1), lane.put(2)])
  lane.end()
  const read: number[] = []
  for await (const item of lane) read.push(item)
  await put
  expect(read).toEqual([1, 2])
})

it('holds up who puts until it is taken', async () => {
  const lane = channel<string>()
  let through = false
  lane.put('a').then(() => {
    through = true
  })
  await soon()
  expect(through).toBe(false)
  expect(await lane[Symbol.asyncIterator]().next()).toEqual({ done: false, value: 'a' })
  await soon()
  expect(through).toBe(true)
})

it('holds up nobody once it is closed, and whoever reads is told of its end', async () => {
  const lane = channel<string>()
  const put = lane.put('a')
  const reading = lane[Symbol.asyncIterator]()
  lane.close()
  await put
  await lane.put('b')
  expect(await reading.next()).toEqual({ done: true, value: undefined })
})

it('wakes a reader that came first', async () => {
  const lane = channel<string>()
  const reading = lane[Symbol.asyncIterator]().next()
  await lane.put('a')
  expect(await reading).toEqual({ done: false, value: 'a' })
})
