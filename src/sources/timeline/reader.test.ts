import { describe, expect, it } from 'vitest'
import type { LogObject } from '../contract.ts'
import type { Dated, Span, Timeline } from './contract.ts'
import { type Reader, reader } from './reader.ts'

const HOUR = 3_600_000
const MINUTE = 60_000
const NONE: ReadonlySet<string> = new Set()

/** A service with events that answers like AWS: newest first, three to a page. */
function place(events: Dated[]) {
  const asked: Span[] = []
  let failAfter = Number.POSITIVE_INFINITY
  let maxPages = Number.POSITIVE_INFINITY
  const line: Timeline<Dated> = {
    name: 'here',
    async *read({ fromMs, toMs }) {
      asked.push({ fromMs, toMs })
      const found = events.filter(({ timeMs }) => timeMs >= fromMs && timeMs <= toMs).toReversed()
      for (let at = 0; at === 0 || at < found.length; at += 3) {
        if (failAfter-- <= 0) throw new Error('throttled')
        if (at / 3 >= maxPages) throw expired
        yield found.slice(at, at + 3)
      }
    },
    object: (some) => ({
      uri: `here://${some.map(({ id }) => id).join()}`,
      bytes: Buffer.from(JSON.stringify(some)),
    }),
  }
  return {
    line,
    asked,
    failAfter(pages: number) {
      failAfter = pages
    },
    /** Its tokens expire after this many pages. */
    endAfter(pages: number) {
      maxPages = pages
    },
  }
}

const expired = Object.assign(new Error('The token has expired'), {
  name: 'InvalidNextTokenException',
  $metadata: { httpStatusCode: 400 },
})

const event = (id: string, timeMs: number): Dated => ({ id, timeMs })

async function turn(one: Reader): Promise<{ objects: LogObject[]; more: boolean }> {
  const objects: LogObject[] = []
  const turns = one.turn()
  for (;;) {
    const { value, done } = await turns.next()
    if (done) return { objects, more: value }
    objects.push(value)
  }
}

const ids = (objects: readonly LogObject[]) => objects.flatMap(({ uri }) => uri.slice(7).split(',')).sort()

describe('a timeline', () => {
  it('whose tokens end before the last page is begun again in shorter spans, and nothing is left out', async () => {
    const events = Array.from({ length: 40 }, (_, at) => event(`e${at}`, at * MINUTE))
    const { line, endAfter } = place(events)
    endAfter(4)
    const one = reader(line, { sinceMs: 0, lateMs: 0, now: () => 45 * MINUTE }, undefined)
    const found: string[] = []
    for (let more = true; more; ) {
      const { objects, more: next } = await turn(one)
      found.push(...ids(objects))
      for (const object of objects) await object.acknowledge()
      more = next
    }
    expect(found.sort()).toEqual(events.map(({ id }) => id).sort())
    expect(one.settledMs(NONE)).toBe(45 * MINUTE)
  })

  it('whose tokens never last fails for that', async () => {
    const { line, endAfter } = place(Array.from({ length: 40 }, (_, at) => event(`e${at}`, 10 + at)))
    endAfter(1)
    const one = reader(line, { sinceMs: 0, lateMs: 0, now: () => 45 * MINUTE }, undefined)
    await expect(turn(one)).rejects.toThrow('The token has expired')
  })

  it('is read to now, and each event named once however often it is asked for', async () => {
    let nowMs = 100 * MINUTE
    const events = [event('a', 50 * MINUTE), event('b', 95 * MINUTE)]
    const { line } = place(events)
    const one = reader(line, { sinceMs: 40 * MINUTE, lateMs: 15 * MINUTE, now: () => nowMs }, undefined)
    const first = await turn(one)
    expect(ids(first.objects)).toEqual(['a', 'b'])
    expect(first.more).toBe(false)
    nowMs += MINUTE
    // Delivered eleven minutes after its time.
    events.push(event('late', 90 * MINUTE), event('new', 100 * MINUTE + 1))
    expect(ids((await turn(one)).objects)).toEqual(['late', 'new'])
    nowMs += MINUTE
    expect((await turn(one)).objects).toEqual([])
  })

  it('has come as far as its first object that is not in the lake', async () => {
    const nowMs = 10 * HOUR
    const events = [1, 2, 3, 4, 5, 6, 7].map((at) => event(String(at), at * MINUTE))
    const { line } = place(events)
    const one = reader(line, { sinceMs: 0, lateMs: HOUR, now: () => nowMs }, undefined)
    const { objects, more } = await turn(one)
    expect(more).toBe(true)
    expect(objects).toHaveLength(3)
    expect(one.settledMs(NONE)).toBeUndefined()
    await objects[0]?.acknowledge()
    await objects[1]?.acknowledge()
    expect(one.settledMs(NONE)).toBeUndefined()
    expect(one.settledMs(new Set([objects[2]?.uri ?? '']))).toBe(HOUR)
    expect(one.inFlight()).toBe(1)
    await objects[2]?.acknowledge()
    expect(one.settledMs(NONE)).toBe(HOUR)
    expect(one.inFlight()).toBe(0)
  })

  it('goes on where the lake ends, and never beyond what may still be told late', async () => {
    const nowMs = 10 * HOUR
    const { line, asked } = place([])
    const one = reader(line, { sinceMs: 0, lateMs: HOUR, now: () => nowMs }, 8.5 * HOUR)
    await turn(one)
    expect(asked).toEqual([{ fromMs: 8.5 * HOUR, toMs: nowMs }])
    expect(one.settledMs(NONE)).toBe(9 * HOUR)
    expect(one.readUntilMs()).toBe(nowMs)
  })

  it('takes larger steps where there is nothing', async () => {
    const nowMs = 100 * HOUR
    const { line, asked } = place([])
    const one = reader(line, { sinceMs: 0, lateMs: 0, now: () => nowMs }, undefined)
    while ((await turn(one)).more);
    expect(asked.map(({ fromMs, toMs }) => (toMs - fromMs) / HOUR)).toEqual([1, 2, 4, 8, 16, 32, 37])
  })

  it('that fails in the middle is read again from the same place, without what it has named', async () => {
    const nowMs = 10 * MINUTE
    const events = [1, 2, 3, 4, 5].map((at) => event(String(at), at * MINUTE))
    const { line, failAfter } = place(events)
    const one = reader(line, { sinceMs: 0, lateMs: 0, now: () => nowMs }, undefined)
    failAfter(1)
    const turns = one.turn()
    const named = (await turns.next()).value as LogObject
    await expect(turns.next()).rejects.toThrow('throttled')
    await named.acknowledge()
    expect(one.settledMs(NONE)).toBeUndefined()
    failAfter(100)
    const { objects } = await turn(one)
    expect(ids([named, ...objects])).toEqual(['1', '2', '3', '4', '5'])
    expect(one.settledMs(NONE)).toBeUndefined()
    for (const object of objects) await object.acknowledge()
    expect(one.settledMs(NONE)).toBe(nowMs)
  })

  it('never gets past an object that was given back', async () => {
    const nowMs = 10 * MINUTE
    const { line } = place([event('a', MINUTE)])
    const one = reader(line, { sinceMs: 0, lateMs: 0, now: () => nowMs }, undefined)
    const { objects } = await turn(one)
    await objects[0]?.release?.({ outcome: 'released', reason: 'the run ends' })
    await turn(one)
    expect(one.settledMs(NONE)).toBeUndefined()
  })
})
