import { expect, it } from 'vitest'
import { Interrupted } from '../../lib/errors.ts'
import type { LogObject, Source } from '../../sources/contract.ts'
import { progressText, watch } from './progress.ts'

it.each([
  [{ objects: 12, records: 0, total: undefined, seconds: 0.4 }, '12 objects'],
  [{ objects: 12, records: 3000, total: undefined, seconds: 2 }, '12 objects, 3,000 records, 1,500/s'],
  [
    { objects: 57, records: 1000, total: 228, seconds: 10 },
    '[████░░░░░░░░░░░] 25%  0:30 left  57 of 228 objects, 1,000 records, 100/s',
  ],
  [
    { objects: 228, records: 4000, total: 228, seconds: 10 },
    '[███████████████] 100%  228 of 228 objects, 4,000 records, 400/s',
  ],
  [
    { objects: 100, records: 10, total: 1000, seconds: 3600 },
    '[██░░░░░░░░░░░░░] 10%  9:00:00 left  100 of 1,000 objects, 10 records, 0/s',
  ],
])('%j', (progress, text) => {
  expect(progressText(progress)).toBe(text)
})

function source(names: readonly string[]): Source {
  return {
    name: 'test',
    async *objects() {
      for (const uri of names) {
        const object: LogObject = {
          kind: 'object',
          uri,
          version: '1',
          writtenMs: 0,
          bytes: 1,
          read: async () => ({ bytes: Uint8Array.of(1), version: '1', writtenMs: 0 }),
          async acknowledge() {},
        }
        yield object
      }
    },
  }
}

it('counts an object once, and stops', async () => {
  const stop = new AbortController()
  const watched = watch(source(['a', 'b', 'c']), stop.signal)
  const objects = watched.source.objects()[Symbol.asyncIterator]()
  const first = (await objects.next()).value as LogObject
  await first.read()
  await first.acknowledge()
  expect([watched.seen(), watched.settled()]).toEqual([1, 1])
  const second = (await objects.next()).value as LogObject
  stop.abort()
  await expect(second.read()).rejects.toThrow(Interrupted)
  await expect(objects.next()).rejects.toThrow(Interrupted)
  expect([watched.seen(), watched.settled()]).toEqual([1, 1])
})
