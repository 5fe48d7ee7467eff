import { setTimeout as wait } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { DAY_MS } from '../../lib/day.ts'
import { UserError } from '../../lib/errors.ts'
import type { LogObject } from '../contract.ts'
import type { Ending } from '../s3-object.ts'
import type { Entry } from './page.ts'
import { type Look, rounds } from './rounds.ts'

const NOON = Date.parse('2026-01-07T12:00:00Z')
const day = (ago: number) => new Date(NOON - ago * DAY_MS).toISOString().slice(0, 10)
const keyOf = (ago: number, name: string) => `AWSLogs/${day(ago).replaceAll('-', '/')}/${name}`
const entry = (key: string, etag = 'a', writtenMs = NOON): Entry => ({
  key,
  etag,
  writtenMs,
  bytes: 1,
  storageClass: 'STANDARD',
})

/** A bucket that is listed in rounds, with its own clock and without pauses. */
function bucket(entries: Entry[], more: { marginMs?: number; overMs?: number } = {}) {
  const looks: Look[] = []
  const clock = { ms: NOON }
  const place: {
    fail?: Error | undefined
    stopped: boolean
    look?(): void
  } = { stopped: false }
  const stop = new AbortController()
  async function* list(look: Look): AsyncGenerator<Entry> {
    looks.push(look)
    place.look?.()
    const { fail } = place
    if (fail) {
      place.fail = undefined
      throw fail
    }
    yield* [...entries]
  }
  const objectOf = ({ key, etag, bytes, writtenMs }: Entry, ending: Ending): LogObject => ({
    kind: 'object',
    uri: key,
    version: etag,
    bytes,
    writtenMs,
    read: async () => ({ bytes: new Uint8Array(1), version: etag, writtenMs }),
    ...ending,
  })
  const how = {
    pollMs: 5,
    marginMs: 30 * DAY_MS,
    stopped: async () => place.stopped,
    now: () => clock.ms,
    ...more,
  }
  const all = rounds(list, objectOf, how)
  const found = all.objects(stop.signal)
  const next = async () => (await found.next()).value as LogObject
  return { entries, looks, clock, place, all, found, next, stop }
}

it('lists everything once, then the days since, and now and then all that may come late', async () => {
  const { entries, looks, clock, next, stop } = bucket([entry(keyOf(400, 'old')), entry(keyOf(0, 'a'))])
  expect([(await next()).uri, (await next()).uri]).toEqual([keyOf(400, 'old'), keyOf(0, 'a')])
  entries.splice(0, 1)
  entries.push(entry(keyOf(0, 'b')))
  expect((await next()).uri).toBe(keyOf(0, 'b'))
  clock.ms += 6 * 3_600_000
  entries.push(entry(keyOf(20, 'late')))
  expect((await next()).uri).toBe(keyOf(20, 'late'))
  entries.splice(-1)
  // After a night without a listing, both days since are listed, and the one before.
  clock.ms += DAY_MS / 2
  entries.push(entry(keyOf(-1, 'c')))
  expect((await next()).uri).toBe(keyOf(-1, 'c'))
  stop.abort()
  const first = looks.slice(0, 2)
  expect(first).toEqual([{}, { days: [day(1), day(0)] }])
  const margins = looks.flatMap(({ sinceMs }) => (sinceMs === undefined ? [] : [sinceMs]))
  expect(margins[0]).toBe(NOON + 6 * 3_600_000 - 30 * DAY_MS)
  expect(margins).toHaveLength(2)
})

it('an object is named once as long as it is the same, and again when it has changed', async () => {
  const { entries, next, looks, stop } = bucket([entry(keyOf(0, 'a')), entry('no/day')])
  await next()
  await next()
  const third = next()
  while (looks.length < 4) await wait(5)
  entries[0] = entry(keyOf(0, 'a'), 'b')
  expect(await third).toMatchObject({ uri: keyOf(0, 'a'), version: 'b' })
  stop.abort()
})

it('a listing that fails is told and made again; only the first one must be possible', async () => {
  const wrong = new UserError('denied')
  const first = bucket([])
  first.place.fail = wrong
  await expect(first.next()).rejects.toThrow('denied')

  const later = bucket([entry(keyOf(0, 'a'))])
  await later.next()
  later.place.fail = wrong
  let told: readonly string[] = []
  later.place.look = () => {
    const { failing = [] } = later.all.state()
    if (failing.length > 0) told = failing
  }
  later.entries.push(entry(keyOf(0, 'b')))
  expect((await later.next()).uri).toBe(keyOf(0, 'b'))
  expect(told).toEqual(['denied'])
  later.entries.push(entry(keyOf(0, 'c')))
  await later.next()
  expect(later.all.state().failing).toEqual([])
  later.stop.abort()
})

it('an object that could not be read is named again, later each time', async () => {
  const { next, clock, all, stop, looks } = bucket([entry(keyOf(0, 'a'))])
  const object = await next()
  expect(all.state().inFlight).toBe(1)
  await object.release?.({ outcome: 'unreachable', reason: 'made to fail' })
  expect(all.state().inFlight).toBe(0)
  const again = next()
  clock.ms += 30_000
  await (await again).release?.({ outcome: 'unreachable', reason: 'made to fail' })
  clock.ms += 30_000
  const third = next()
  const before = looks.length
  while (looks.length < before + 3) await wait(5)
  expect(all.state().inFlight).toBe(0)
  clock.ms += 30_000
  expect((await third).uri).toBe(object.uri)
  stop.abort()
})

it('ends by itself when nothing can come any more', async () => {
  const { next, found } = bucket([entry(keyOf(0, 'a'))], { overMs: NOON })
  await (await next()).acknowledge()
  expect(await found.next()).toMatchObject({ done: true })
})

it('while it is stopped nothing is listed', async () => {
  const { place, looks, next, all, stop } = bucket([entry(keyOf(0, 'a'))])
  place.stopped = true
  const first = next()
  await wait(50)
  expect([looks, all.state().stopped]).toEqual([[], true])
  place.stopped = false
  expect((await first).uri).toBe(keyOf(0, 'a'))
  stop.abort()
})
