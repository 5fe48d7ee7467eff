import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Cursor, Follower } from '../follow/contract.ts'
import { letGo, register } from '../follow/cursor.ts'
import { commitResults, stageResults } from '../follow/results.ts'
import { type Lake, openLake } from '../lake/lake.ts'
import { localStorage } from '../lake/storage/local.ts'
import { type AppendedTable, OWN_COLUMNS, type TableDefinition } from '../lake/table.ts'
import { openEngine } from '../lib/duckdb.ts'
import type { Source } from '../sources/contract.ts'
import { followerWorker } from './follower-worker.ts'
import { type Journal, silent } from './journal.ts'
import { emptyFollowerReport } from './report.ts'
import { run } from './run.ts'

const source: AppendedTable = {
  name: 'thing',
  doc: 'One row per thing.',
  columns: [{ name: 'id', type: 'long', doc: 'Its id.' }, ...OWN_COLUMNS],
}
const copied: AppendedTable = { ...source, name: 'copied', doc: 'One row per thing that was seen.' }
const copier: Follower = {
  name: 'copier',
  doc: 'Copies things.',
  tables: [source],
  writes: [copied],
  again: 'rebuild',
  work: async ({ added, end }) => ({
    rows: { copied: `select * from ${added.get('thing')?.rows}` },
    cursor: end,
  }),
}

const again: TableDefinition = { ...source, name: 'again', doc: 'One row per copy.' }
/** Follows what the other one writes. */
const second: Follower = {
  ...copier,
  name: 'second',
  doc: 'Copies copies.',
  tables: [copied],
  writes: [again],
  work: async ({ added, end }) => ({
    rows: { again: `select * from ${added.get('copied')?.rows}` },
    cursor: end,
  }),
}

let folder: string
let lake: Lake
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'follower-worker-'))
  lake = openLake(localStorage(folder), [source, copied, again])
})
afterEach(() => rmSync(folder, { recursive: true }))

async function store(id: number): Promise<void> {
  const engine = await openEngine({ threads: 1, memory: '128MiB' })
  const rows = `select ${id} as id, date '2026-01-07' as lake_day, 'o' as lake_object, now() as lake_ingested_at`
  const place = await lake.storage.workplace()
  const staged = await stageResults(
    lake,
    engine,
    { writes: [source] },
    await lake.newest(),
    { thing: rows },
    place,
  )
  const moved = { name: 'test', since: Date.now(), cursors: new Map(), to: {}, read: new Map() }
  await commitResults(lake, staged, moved)
  engine.close()
}

/** A source that ends by itself after a moment. */
const ending = {
  name: 'it',
  type: 'folder',
  open: (): Source => ({
    name: 'it',
    // biome-ignore lint/correctness/useYield: nothing comes from it
    async *objects() {
      await wait(50)
    },
  }),
  options: { threads: 1, memory: '256MiB' },
}
const options = { limits: { threads: 1, memory: '128MiB' } }
const rowsOf = async (table: string) => {
  const files = (await (await (await lake.newest()).table(table))?.files()) ?? []
  return files.reduce((sum, { records }) => sum + records, 0)
}

function remembered() {
  const told: string[] = []
  const journal: Journal = {
    ...silent,
    failed: ({ kind, name, failure }) => void told.push(`${kind} ${name} failed: ${failure}`),
    ended: ({ kind, name }) => void told.push(`${kind} ${name} ended`),
  }
  return { told, journal }
}

describe('a run with followers', () => {
  it('ends with the last source, once followers have read what there is', async () => {
    await store(1)
    await store(2)
    const { told, journal } = remembered()
    const followed = [{ follower: copier, options, pauseMs: 600_000 }]
    const running = run(lake, [ending], journal, new AbortController().signal, { followed })
    await running.done
    expect(await rowsOf('copied')).toBe(2)
    expect(running.followers[0]).toMatchObject({ status: 'ended', rows: 2, written: 2, behind: { rows: 0 } })
    expect(told).toEqual(['source it ended', 'follower copier ended'])
  })

  it('that fail goes on without them, and ends', async () => {
    await store(1)
    const { told, journal } = remembered()
    const failing: Follower = {
      ...copier,
      work: async () => {
        throw new TypeError('{"a": "log"}')
      },
    }
    const followed = [
      { follower: failing, options, pauseMs: 10 },
      { follower: { ...copier, name: 'other' }, options, pauseMs: 10 },
    ]
    const running = run(lake, [ending], journal, new AbortController().signal, { followed })
    await running.done
    expect(await rowsOf('copied')).toBe(1)
    expect(running.followers[0]?.failure).toBe('TypeError')
    expect(told).toContain('follower copier failed: TypeError')
    expect(told).toContain('follower other ended')
  })

  it('tells of one that was let go, and goes on', async () => {
    await store(1)
    await register(lake, 'copier', ['thing'])
    await letGo(lake, 'copier')
    const followed = [{ follower: copier, options, pauseMs: 10 }]
    const running = run(lake, [ending], silent, new AbortController().signal, { followed })
    await running.done
    expect(running.followers[0]?.failure).toContain('was let go')
  })

  it('follow the rows that others write in their last turn', async () => {
    await store(1)
    const slow: Follower = {
      ...copier,
      work: async (changes) => {
        await wait(1_000)
        return copier.work(changes)
      },
    }
    const followed = [second, slow].map((follower) => ({ follower, options, pauseMs: 10 }))
    await run(lake, [ending], silent, new AbortController().signal, { followed }).done
    expect(await rowsOf('again')).toBe(1)
  })

  it('end where they wait for each other', async () => {
    await store(1)
    const back: Follower = { ...second, writes: [again, copied] }
    const forth: Follower = { ...copier, tables: [source, copied], writes: [again] }
    const followed = [back, forth].map((follower) => ({
      follower: { ...follower, work: async ({ end }: { end: Cursor }) => ({ rows: {}, cursor: end }) },
      options,
      pauseMs: 10,
    }))
    const running = run(lake, [ending], silent, new AbortController().signal, { followed })
    await running.done
    expect(running.followers.map(({ status }) => status)).toEqual(['ended', 'ended'])
  })

  it('read the rows that came while their turn before the last one ran', async () => {
    await register(lake, 'copier', ['thing'])
    const finish = new AbortController()
    // What is committed once a turn has looked at the lake, and the end of the sources right after it.
    const newest = vi.fn(lake.newest).mockImplementationOnce(async () => {
      const version = await lake.newest()
      await store(1)
      finish.abort()
      return version
    })
    const one = { follower: copier, options, pauseMs: 10 }
    const report = emptyFollowerReport('copier')
    const worker = followerWorker({ ...lake, newest }, one, report, silent, finish.signal)
    await worker.work(new AbortController().signal)
    await worker.close?.()
    expect(await rowsOf('copied')).toBe(1)
  })

  it('alone goes on until the run is stopped', async () => {
    const stop = new AbortController()
    const running = run(lake, [], silent, stop.signal, {
      followed: [{ follower: copier, options, pauseMs: 10 }],
    })
    for (const id of [1, 2, 3]) {
      await store(id)
      while ((await rowsOf('copied')) < id) await wait(20)
    }
    stop.abort()
    await running.done
    expect(running.followers[0]).toMatchObject({ status: 'ended', rows: 3, lost: 0 })
  })
})
