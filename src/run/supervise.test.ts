import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, describe, expect, it } from 'vitest'
import { failures, noteFailure } from '../lake/failing.ts'
import { openLake } from '../lake/lake.ts'
import { localStorage } from '../lake/storage/local.ts'
import { UserError } from '../lib/errors.ts'
import type { Source } from '../sources/contract.ts'
import { lakeTables } from '../tables/index.ts'
import type { Journal } from './journal.ts'
import {
  emptyFollowerReport,
  emptyReport,
  lagSeconds,
  observed,
  oldestSeconds,
  type Report,
} from './report.ts'
import { type Configured, sourceWorker } from './source-worker.ts'
import { ownWords, supervise } from './supervise.ts'

const root = realpathSync(mkdtempSync(join(tmpdir(), 'loglake-supervise-')))
afterAll(() => rmSync(root, { recursive: true }))

/** A journal that remembers. */
function remembered() {
  const told: string[] = []
  const journal: Journal = {
    started: ({ name }) => void told.push(`${name} started`),
    committed: ({ name }) => void told.push(`${name} committed`),
    failed: ({ name, failure, restarts }) => void told.push(`${name} failed ${restarts}: ${failure}`),
    followed: ({ name, rows }) => void told.push(`${name} followed ${rows}`),
    partly: ({ name, state }) => void told.push(`${name} fails in ${state?.failing}`),
    ended: ({ name }) => void told.push(`${name} ended`),
    letGo: (name) => void told.push(`${name} let go`),
    note: () => undefined,
  }
  return { told, journal }
}

describe('a source that is supervised', () => {
  const lake = openLake(localStorage(root), lakeTables)
  const nothing: Source = { name: 'it', async *objects() {} }
  const superviseSource = (configured: Configured, report: Report, journal: Journal, signal: AbortSignal) =>
    supervise(sourceWorker(lake, configured, report, journal), journal, signal)

  it('is opened again when it fails, whatever of', async () => {
    const { told, journal } = remembered()
    const thrown = [new UserError('the queue is missing'), new TypeError('{"eventName":"secret"}')]
    const open = (): Source => {
      const failure = thrown.shift()
      if (!failure) return nothing
      return {
        name: 'it',
        // biome-ignore lint/correctness/useYield: it fails before its first object
        async *objects() {
          throw failure
        },
      }
    }
    const report = emptyReport('it', 'folder')
    const options = { threads: 1, memory: '256MiB' }
    const stop = new AbortController()
    await superviseSource({ name: 'it', type: 'folder', open, options }, report, journal, stop.signal)
    expect(told).toEqual([
      'it started',
      'it failed 1: the queue is missing',
      'it started',
      'it failed 2: TypeError',
      'it started',
      'it ended',
    ])
    expect(report).toMatchObject({ status: 'ended', restarts: 2 })
    expect(report.failure).toBeUndefined()
    // It stays for whoever looks at the lake.
    expect((await failures(lake)).get('it')).toEqual({ at: expect.any(String), failure: 'TypeError' })
  })

  it('has no failure in the lake that nobody can read', async () => {
    await lake.storage.hint('control/failed/cut.json', Buffer.from('{"at":"2026-01-0'))
    await lake.storage.hint('control/failed/odd.json', Buffer.from('{"at":{},"failure":7}'))
    await noteFailure(lake, 'a/../b', 'no')
    const found = await failures(lake)
    expect([found.has('cut'), found.has('odd'), found.get('a/../b')?.failure]).toEqual([false, false, 'no'])
  })

  it('says which of its places fail, and once that they do', async () => {
    const { told, journal } = remembered()
    const stop = new AbortController()
    let looks = 0
    const open = (): Source => ({
      ...nothing,
      // biome-ignore lint/correctness/useYield: nothing comes from it
      async *objects(signal) {
        while (!signal?.aborted && looks < 3) await wait(50)
      },
      state: () => ({ inFlight: 0, stopped: false, failing: looks++ < 2 ? ['denied: us-east-1'] : [] }),
    })
    const report = emptyReport('it', 'cloudtrail-lookup')
    const options = { threads: 1, memory: '256MiB' }
    await superviseSource({ name: 'it', type: 'folder', open, options }, report, journal, stop.signal)
    expect(told).toEqual(['it started', 'it fails in denied: us-east-1', 'it fails in ', 'it ended'])
  })

  it('is not opened again once the run ends', async () => {
    const { told, journal } = remembered()
    const stop = new AbortController()
    const failing = (): Source => {
      stop.abort()
      throw new UserError('no')
    }
    const report = emptyReport('it', 'folder')
    const configured = { name: 'it', type: 'folder', open: failing, options: {} }
    await superviseSource(configured, report, journal, stop.signal)
    expect(told).toEqual(['it failed 1: no'])
    expect(report.status).toBe('ended')
  })
})

it('that gives up because the run ends has not failed', async () => {
  const { told, journal } = remembered()
  const stop = new AbortController()
  const report = emptyFollowerReport('it')
  const work = (signal: AbortSignal) => wait(600_000, undefined, { signal })
  const over = supervise({ report, work, done: () => 0 }, journal, stop.signal)
  stop.abort()
  await over
  expect(told).toEqual(['it ended'])
  expect(report).toMatchObject({ status: 'ended', restarts: 0 })
})

it('says of an error that is not ours only what it is called', () => {
  expect(ownWords(new UserError('say so'))).toBe('say so')
  expect(ownWords(Object.assign(new Error('{"a":1}'), { code: 'ECONNRESET' }))).toBe('Error ECONNRESET')
  expect(ownWords('a text')).toBe('a failure without a name')
})

describe('a report', () => {
  it('knows how far the lake is behind', async () => {
    const report = emptyReport('it', 's3-queue')
    expect(lagSeconds(report, 50_000)).toBeUndefined()
    const object = (writtenMs: number) => ({
      kind: 'object' as const,
      uri: `s3://b/${writtenMs}`,
      version: '1',
      bytes: 1,
      writtenMs,
      read: async () => ({ bytes: new Uint8Array(1), version: 'v', writtenMs }),
      async acknowledge() {},
    })
    const source: Source = {
      name: 'it',
      async *objects() {
        yield object(10_000)
        yield object(30_000)
      },
    }
    const seen = []
    for await (const found of observed(source, report).objects()) seen.push(found)
    expect(lagSeconds(report, 50_000)).toBe(20)
    await seen[0]?.acknowledge()
    expect(lagSeconds(report, 50_000)).toBe(20)
    await seen[1]?.acknowledge()
    expect(lagSeconds(report, 50_000)).toBe(0)
    report.state = { inFlight: 1, oldestMs: 40_000, stopped: false, readUntilMs: 45_000 }
    expect(lagSeconds(report, 50_000)).toBe(5)
    expect(oldestSeconds(report, 50_000)).toBe(10)
  })
})
