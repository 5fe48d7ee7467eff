import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type DeadLetter,
  type Failure,
  ingest,
  type Lake,
  type LogObject,
  lakeTables,
  localStorage,
  openLake,
  type Source,
  Unreadable,
} from 'loglake'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { eventOf } from '../faults/objects.ts'
import { rowsOf } from './program.ts'

const root = realpathSync(mkdtempSync(join(tmpdir(), 'loglake-continuous-')))
afterAll(() => rmSync(root, { recursive: true }))

let lake: Lake
/** What became of each object, in the order of it. */
let ends: string[]
beforeEach(() => {
  lake = openLake(localStorage(mkdtempSync(join(root, 'lake-'))), lakeTables)
  ends = []
})

function object(name: string, change: Partial<LogObject> = {}): LogObject {
  const bytes = Buffer.from(JSON.stringify({ Records: [eventOf(`continuous-${name}`, name.length)] }))
  const [version, writtenMs] = ['1', Date.now()]
  return {
    kind: 'object',
    uri: `s3://logs/${name}`,
    version,
    bytes: bytes.length,
    writtenMs,
    read: async () => ({ bytes: Uint8Array.from(bytes), version, writtenMs }),
    acknowledge: async () => void ends.push(`${name} acknowledged`),
    release: async ({ outcome }: Failure) => void ends.push(`${name} ${outcome}`),
    ...change,
  }
}

function deadLetterOf(id: string): DeadLetter {
  return {
    kind: 'dead-letter',
    deadLetter: {
      id,
      code: 'unknown-notice',
      reason: 'it is no JSON',
      message: `what? 'it' \u001b[2J ${id}`,
      messageId: id,
      queue: 'https://example.com/queue',
      sentMs: Date.UTC(2026, 0, 7),
      receiveCount: 1,
    },
    acknowledge: async () => void ends.push(`letter ${id}`),
  }
}

/** A source that never ends by itself, and says when it is closed. */
function source(found: readonly (LogObject | DeadLetter)[]): Source & { offer(more: LogObject): void } {
  const waiting = [...found]
  let wake: () => void = () => undefined
  return {
    name: 'test',
    continuous: true,
    async *objects(signal) {
      signal?.addEventListener('abort', () => wake())
      while (!signal?.aborted) {
        const next = waiting.shift()
        if (next) yield next
        else
          await new Promise<void>((resolve) => {
            wake = resolve
          })
      }
    },
    close: async () => void ends.push('closed'),
    offer(more) {
      waiting.push(more)
      wake()
    },
  }
}

const OPTIONS = { threads: 1, batchAgeMs: 100 }

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((later) => setTimeout(later, 10))
}

async function rowsIn(table: string): Promise<number> {
  const found = await (await lake.newest()).table(table)
  return ((await found?.files()) ?? []).reduce((sum, { records }) => sum + records, 0)
}

describe('where objects keep coming', () => {
  it('what there is gets committed, though no more comes', async () => {
    const stop = new AbortController()
    const come = source([object('a'), object('b')])
    const run = ingest(lake, come, { ...OPTIONS, signal: stop.signal })
    await until(() => ends.length === 2)
    expect(await rowsIn('cloudtrail')).toBe(2)
    come.offer(object('c'))
    await until(() => ends.length === 3)
    expect(await rowsIn('cloudtrail')).toBe(3)
    stop.abort()
    const totals = await run
    expect(totals.objects).toMatchObject({ listed: 3, stored: 3 })
    expect(totals.commits).toBe(2)
    expect(ends.at(-1)).toBe('closed')
  })

  it('one that is slow does not hold up the others', async () => {
    const stop = new AbortController()
    let finish: () => void = () => undefined
    const gate = new Promise<void>((resolve) => {
      finish = resolve
    })
    const slow = object('slow')
    const late: LogObject = {
      ...slow,
      async read() {
        await gate
        return await slow.read()
      },
    }
    const others = Array.from({ length: 80 }, (_, n) => object(`quick${n}`))
    const run = ingest(lake, source([late, ...others]), { ...OPTIONS, signal: stop.signal })
    await until(() => ends.length === others.length)
    expect(ends).not.toContain('slow acknowledged')
    finish()
    await until(() => ends.includes('slow acknowledged'))
    stop.abort()
    expect((await run).objects).toMatchObject({ listed: 81, stored: 81 })
  })

  it('one that cannot be read fails alone, by its name', async () => {
    const stop = new AbortController()
    const refuse = (outcome: 'denied' | 'missing') => ({
      read: () => Promise.reject(new Unreadable(outcome, `${outcome}, says S3`)),
    })
    const all = [object('a', refuse('denied')), object('b'), object('c', refuse('missing')), object('d')]
    const run = ingest(lake, source(all), { ...OPTIONS, signal: stop.signal })
    await until(() => ends.length === 4)
    stop.abort()
    const totals = await run
    expect(ends.slice(0, 4).sort()).toEqual(['a denied', 'b acknowledged', 'c missing', 'd acknowledged'])
    expect(totals.objects).toMatchObject({ listed: 4, stored: 2, failed: 2 })
    expect(totals.failures).toEqual({
      outcomes: { denied: 1, missing: 1 },
      first: [
        { uri: 's3://logs/a', outcome: 'denied', reason: 'denied, says S3' },
        { uri: 's3://logs/c', outcome: 'missing', reason: 'missing, says S3' },
      ],
    })
    expect(await rowsIn('ledger')).toBe(2)
  })

  it('what has not been read when it ends is given back, what has been is committed', async () => {
    const stop = new AbortController()
    const hang = {
      read: (signal?: AbortSignal) =>
        new Promise<never>((_, fail) => {
          signal?.addEventListener('abort', () => fail(new Unreadable('released', 'the run ends')))
        }),
    }
    const hanging = Array.from({ length: 4 }, (_, n) => object(`hangs${n}`, hang))
    const unread = Array.from({ length: 4 }, (_, n) => object(`unread${n}`))
    let read = 0
    const first = object('first')
    const counted: LogObject = {
      ...first,
      async read() {
        read++
        return await first.read()
      },
    }
    const run = ingest(lake, source([counted, ...hanging, ...unread]), {
      ...OPTIONS,
      batchAgeMs: 60_000,
      fetches: 4,
      signal: stop.signal,
    })
    await until(() => read === 1)
    await new Promise((later) => setTimeout(later, 200))
    stop.abort()
    const totals = await run
    expect(ends).toContain('first acknowledged')
    expect(ends.filter((end) => end.endsWith('released')).length).toBe(totals.objects.released)
    expect(totals.objects.stored).toBe(1)
    expect(totals.objects.released).toBeGreaterThanOrEqual(4)
    expect(ends.at(-1)).toBe('closed')
  })

  it('a dead letter is kept once, whole, with its reason', async () => {
    const stop = new AbortController()
    const run = ingest(lake, source([deadLetterOf('x'), object('a'), deadLetterOf('y'), deadLetterOf('x')]), {
      ...OPTIONS,
      signal: stop.signal,
    })
    await until(() => ends.length === 4)
    stop.abort()
    await run
    const again = new AbortController()
    ends = []
    const later = ingest(lake, source([deadLetterOf('x'), deadLetterOf('z')]), {
      ...OPTIONS,
      signal: again.signal,
    })
    await until(() => ends.length === 2)
    again.abort()
    await later
    expect(await rowsIn('deadletter')).toBe(3)
    expect(await rowsIn('ledger')).toBe(1)
  })

  it('what a filter leaves out is in the ledger once, acknowledged after it, and read once it is wanted', async () => {
    const run = async (filter: Partial<Source>, options: object = {}) => {
      const stop = new AbortController()
      ends = []
      const three = ['a', 'b', 'c'].map((name) => object(name))
      const all = { ...OPTIONS, ...options, signal: stop.signal }
      const running = ingest(lake, { ...source(three), ...filter }, all)
      await until(() => ends.length === 3)
      stop.abort()
      return (await running).objects
    }
    const filteredBy = (uri: string) => (uri.endsWith('b') ? 'its key' : undefined)
    const wanted = (uri: string) => !uri.endsWith('c')
    const ledger = () =>
      rowsOf(
        new URL(lake.storage.root).pathname,
        'select outcome, reason, records_read::integer as read from ledger order by lake_object',
      )
    expect(await run({ filteredBy }, { wanted })).toMatchObject({
      listed: 3,
      stored: 1,
      filtered: 2,
      already: 0,
    })
    expect(await ledger()).toEqual([
      { outcome: 'stored', reason: null, read: 1 },
      { outcome: 'left-out', reason: 'left out by its key', read: 0 },
      { outcome: 'left-out', reason: 'left out by its name', read: 0 },
    ])
    const version = (await lake.newest()).number
    expect(await run({ filteredBy }, { wanted })).toMatchObject({ stored: 0, filtered: 2, already: 1 })
    expect((await lake.newest()).number).toBe(version)
    expect(await run({})).toMatchObject({ stored: 2, filtered: 0, already: 1 })
    expect(await ledger()).toEqual([1, 2, 3].map(() => ({ outcome: 'stored', reason: null, read: 1 })))
    expect(await run({ filteredBy })).toMatchObject({ stored: 0, filtered: 0, already: 3 })
  })

  it('what is left out is not acknowledged as long as its commit fails', async () => {
    const broken: Lake = { ...lake, commit: () => Promise.reject(new Error('made to fail')) }
    const filteredBy = () => 'its key'
    await expect(ingest(broken, { ...source([object('a')]), filteredBy }, OPTIONS)).rejects.toThrow(
      'made to fail',
    )
    expect(ends).toEqual(['closed'])
  })

  it('when the lake fails, the run ends with its error, and the source is closed', async () => {
    const broken: Lake = { ...lake, commit: () => Promise.reject(new Error('made to fail')) }
    await expect(ingest(broken, source([object('a')]), OPTIONS)).rejects.toThrow('made to fail')
    expect(ends).toEqual(['closed'])
  })
})
