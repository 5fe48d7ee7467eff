import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { cursorText } from '../lake/changes.ts'
import { compact } from '../lake/compact.ts'
import { type Lake, openLake } from '../lake/lake.ts'
import { localStorage } from '../lake/storage/local.ts'
import { type AppendedTable, OWN_COLUMNS, type TableDefinition } from '../lake/table.ts'
import { vacuum } from '../lake/vacuum.ts'
import { deadletter, ledger } from '../ledger/tables.ts'
import { DAY_MS } from '../lib/day.ts'
import { openEngine } from '../lib/duckdb.ts'
import type { Changes, Follower } from './contract.ts'
import { forget, letGoOfStale } from './cursor.ts'
import { catchUp, openFollowing } from './follow.ts'
import { openReading } from './read.ts'
import { replay, startAnew, startFromNow } from './replay.ts'
import { commitResults, stageResults } from './results.ts'
import { followersOf } from './standing.ts'

const source: AppendedTable = {
  name: 'thing',
  doc: 'One row per thing.',
  columns: [
    { name: 'id', type: 'long', doc: 'Its id.' },
    { name: 'moment', type: 'timestamptz', doc: 'When.', bounds: true },
    ...OWN_COLUMNS,
  ],
  time: 'moment',
}
const copied: TableDefinition = { ...source, name: 'copied', doc: 'One row per thing that was seen.' }

/** Copies every row that is new. */
const copier: Follower = {
  name: 'copier',
  doc: 'Copies things.',
  tables: [source],
  writes: [copied],
  again: 'rebuild',
  async work({ added, end }) {
    const rows = added.get('thing')?.rows
    return { rows: rows ? { copied: `select * from ${rows}` } : {}, cursor: end }
  },
}

const limits = { threads: 1, memory: '256MiB' }
let folder: string
let lake: Lake
let nextId: number
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'follow-'))
  lake = openLake(localStorage(folder), [source, copied])
  nextId = 0
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Commits `commits` files of two things each, an hour apart. */
async function store(commits = 1): Promise<void> {
  const engine = await openEngine(limits)
  const place = await lake.storage.workplace()
  for (let n = 0; n < commits; n++) {
    const at = `timestamptz '2026-01-07T00:00:00Z' + to_hours(id)`
    const rows = `select id, ${at} as moment, (${at})::date as lake_day, 'o' as lake_object, now() as lake_ingested_at
      from range(${nextId}, ${nextId + 2}) as t(id)`
    nextId += 2
    const staged = await stageResults(
      lake,
      engine,
      { writes: [source] },
      await lake.newest(),
      { thing: rows },
      place,
    )
    await commitResults(lake, staged, {
      name: 'test',
      since: Date.now(),
      cursors: new Map(),
      to: {},
      read: new Map(),
    })
  }
  engine.close()
  rmSync(place, { recursive: true })
}

async function ids(table: TableDefinition = copied): Promise<number[]> {
  const version = await lake.newest()
  const opened = await version.table(table.name)
  const reading = openReading(lake)
  const engine = await openEngine(limits)
  const rows = await engine.rows(
    `select id from ${await reading.from(table, opened, (await opened?.files()) ?? [])} order by id`,
  )
  engine.close()
  reading.close()
  return rows.map(([id]) => Number(id))
}

const allIds = () => Array.from({ length: nextId }, (_, id) => id)
const options = { limits }

describe('a follower', () => {
  it('makes rows of everything that is there, then of what is new', async () => {
    await store(3)
    expect(await catchUp(lake, copier, options)).toMatchObject([
      { outcome: 'committed', files: 3, rows: 6, written: 6, more: false },
    ])
    await store()
    const turns = await catchUp(lake, copier, options)
    expect(turns).toMatchObject([{ outcome: 'committed', files: 1, rows: 2, written: 2 }])
    expect(await catchUp(lake, copier, options)).toEqual([])
    expect(await ids()).toEqual(allIds())
  })

  it('reads no row twice when everything is compacted, given up and vacuumed between any two turns', async () => {
    const turned = []
    for (let n = 0; n < 4; n++) {
      await store(3)
      if (n === 2) await compact(lake, options)
      turned.push(...(await catchUp(lake, copier, options)))
      await compact(lake, options)
      await vacuum(lake, { keepMs: 0, graceMs: 0 })
    }
    expect(turned.reduce((sum, { rows }) => sum + rows, 0)).toBe(24)
    expect(await ids()).toEqual(allIds())
    expect(await ids(source)).toEqual(allIds())
    const files = await (await (await lake.newest()).table('thing'))?.files()
    expect(files).toHaveLength(1)
  })

  it('that sleeps through more commits than snapshots are kept loses nothing', {
    timeout: 300_000,
  }, async () => {
    await store()
    await catchUp(lake, copier, options)
    await store(500)
    await vacuum(lake, { keepMs: 0, graceMs: 0 })
    await compact(lake, options)
    const table = await (await lake.newest()).table('thing')
    expect(table?.metadata.snapshots.length).toBeLessThanOrEqual(1)
    const [behind] = await followersOf(await lake.newest())
    expect(behind).toMatchObject({
      name: 'copier',
      state: 'following',
      behind: { files: 500, rows: 1000, versions: 500 },
    })
    await catchUp(lake, copier, options)
    expect(await ids()).toEqual(allIds())
  })

  it('takes no more files into a turn than a turn may read, and one at least', async () => {
    await store(4)
    const [first] = (await (await (await lake.newest()).table('thing'))?.files()) ?? []
    const turnBytes = (first?.bytes as number) * 2.5
    const turns = await catchUp(lake, copier, { ...options, turnBytes })
    expect(turns.map(({ files, more }) => [files, more])).toEqual([
      [2, true],
      [2, false],
    ])
    await store(2)
    expect(await catchUp(lake, copier, { ...options, turnBytes: 1 })).toHaveLength(2)
    expect(await ids()).toEqual(allIds())
  })

  it('may stop at a file inside of its turn, and goes on behind it', async () => {
    await store(3)
    const hesitant: Follower = {
      ...copier,
      async work({ added, version, whole: _, ...rest }: Changes) {
        const [first] = added.get('thing')?.files ?? []
        if (!first) throw new Error('there is a file')
        const reading = openReading(lake)
        const rows = await reading.from(source, await version.table('thing'), [first.file])
        return { rows: { copied: `select * from ${rows}` }, cursor: { thing: first.position }, ...rest }
      },
    }
    expect(await catchUp(lake, hesitant, options)).toHaveLength(3)
    expect(await ids()).toEqual(allIds())
  })

  it('cannot say that it has read what it was not given, nor write to a table of another', async () => {
    await store()
    const ahead: Follower = {
      ...copier,
      work: async () => ({ rows: {}, cursor: { thing: { sequence: 9 } } }),
    }
    await expect(catchUp(lake, ahead, options)).rejects.toThrow('a file that it was not given')
    const elsewhere: Follower = {
      ...copier,
      work: async ({ end }) => ({ rows: { thing: 'select 1' }, cursor: end }),
    }
    await expect(catchUp(lake, elsewhere, options)).rejects.toThrow('none of its tables')
    expect(await ids()).toEqual([])
  })

  it('that fails has changed nothing', async () => {
    await store()
    const failing: Follower = {
      ...copier,
      work: async () => {
        throw new Error('made to fail')
      },
    }
    await expect(catchUp(lake, failing, options)).rejects.toThrow('made to fail')
    expect(await ids()).toEqual([])
    await catchUp(lake, copier, options)
    expect(await ids()).toEqual(allIds())
  })
})

describe('the same follower twice', () => {
  it('drops its work when the other was first', async () => {
    await store(2)
    const slow: Follower = {
      ...copier,
      async work(changes) {
        await catchUp(lake, copier, options)
        return await copier.work(changes)
      },
    }
    const following = await openFollowing(lake, slow, options)
    expect(await following.turn()).toMatchObject({ outcome: 'lost', written: 4 })
    await following.close()
    expect(await ids()).toEqual(allIds())
    const data = []
    for await (const { key } of lake.storage.list('tables/copied/data')) data.push(key)
    expect(data).toHaveLength(1)
  })

  it('from many processes at once makes each row once', async () => {
    await store(6)
    const [first] = (await (await (await lake.newest()).table('thing'))?.files()) ?? []
    const turnBytes = (first?.bytes as number) * 1.5
    const others = [1, 2, 3].map(() => openLake(localStorage(folder), [source, copied]))
    const turns = await Promise.all(others.map((other) => catchUp(other, copier, { ...options, turnBytes })))
    const committed = turns.flat().filter(({ outcome }) => outcome === 'committed')
    expect(committed.reduce((sum, { rows }) => sum + rows, 0)).toBe(12)
    expect(await ids()).toEqual(allIds())
  })

  it('drops its work when a file of its turn is removed meanwhile', async () => {
    await store(2)
    const slow: Follower = {
      ...copier,
      async work(changes) {
        const remove =
          changes.added
            .get('thing')
            ?.files.slice(0, 1)
            .map(({ file }) => file) ?? []
        await lake.commit('retention', async () => ({ tables: { thing: { remove } } }))
        return await copier.work(changes)
      },
    }
    const following = await openFollowing(lake, slow, options)
    expect((await following.turn()).outcome).toBe('lost')
    await following.close()
    await catchUp(lake, copier, options)
    expect(await ids()).toEqual([2, 3])
  })
})

describe('a follower that stands still', () => {
  it('is let go when it has something to read for too long, and says how it is taken up again', async () => {
    await store()
    await catchUp(lake, copier, options)
    const later = Date.now() + 31 * DAY_MS
    expect(await letGoOfStale(lake, 30 * DAY_MS, later)).toEqual([])
    await store(2)
    expect(await letGoOfStale(lake, 32 * DAY_MS, later)).toEqual([])
    expect(await compact(lake, options)).toEqual([])
    expect(await letGoOfStale(lake, 30 * DAY_MS, later)).toEqual(['copier'])
    expect(await compact(lake, options)).toMatchObject([{ table: 'thing', filesBefore: 3 }])
    expect((await followersOf(await lake.newest()))[0]?.state).toBe('let-go')
    await expect(catchUp(lake, copier, options)).rejects.toThrow(
      'was let go: `loglake follow copier --rebuild` or `--from-now`',
    )
  })

  it('is not let go when it commits while that is decided', async () => {
    await store()
    await catchUp(lake, copier, options)
    await store()
    const old = new Date(Date.now() - 31 * DAY_MS).toISOString()
    const cursors = { 'follower/copier/thing': cursorText({ sequence: 1, state: 'following', seen: old }) }
    await lake.commit('test', async () => ({ tables: {}, cursors }))
    const back: Lake = {
      ...lake,
      async commit(by, prepare, since) {
        await catchUp(lake, copier, options)
        return await lake.commit(by, prepare, since)
      },
    }
    expect(await letGoOfStale(back, 30 * DAY_MS)).toEqual([])
    expect((await followersOf(await lake.newest()))[0]?.state).toBe('following')
  })

  it('goes on without a table that it does not read any more, and keeps no files of it', async () => {
    await store()
    await catchUp(lake, copier, options)
    await store(2)
    // As if it had followed two tables, and one of them for long no more.
    const old = new Date(Date.now() - 31 * DAY_MS).toISOString()
    const at = (seen: string) => cursorText({ sequence: 1, state: 'following', seen })
    const cursors = {
      'follower/copier/thing': at(old),
      'follower/copier/other': at(new Date().toISOString()),
    }
    await lake.commit('test', async () => ({ tables: {}, cursors }))
    expect(await compact(lake, options)).toEqual([])
    expect(await letGoOfStale(lake, 30 * DAY_MS)).toEqual([])
    const [standing] = await followersOf(await lake.newest())
    expect(standing).toMatchObject({ state: 'following', tables: [{ table: 'other' }] })
    expect(await compact(lake, options)).toMatchObject([{ table: 'thing', filesBefore: 3 }])
  })

  it('begins anew with empty tables, or with what comes from now on', async () => {
    await store(2)
    await catchUp(lake, copier, options)
    await letGoOfStale(lake, -1)
    await startAnew(lake, copier)
    expect(await ids()).toEqual([])
    await catchUp(lake, copier, options)
    expect(await ids()).toEqual(allIds())
    await store()
    await startFromNow(lake, copier)
    expect(await catchUp(lake, copier, options)).toEqual([])
    await store()
    await catchUp(lake, copier, options)
    expect(await ids()).toEqual([0, 1, 2, 3, 6, 7])
  })

  it('leaves no trace once it is forgotten', async () => {
    await store()
    await catchUp(lake, copier, options)
    expect(await forget(lake, 'copier')).toBe(true)
    expect(await forget(lake, 'copier')).toBe(false)
    expect(Object.keys((await lake.newest()).catalog.cursors)).toEqual([])
  })
})

describe('a replay', () => {
  const again: Follower = { ...copier, again: 'replay' }

  it('is over the rows of a span, under a name of its own, and ends with what was there when it began', async () => {
    await store(5)
    const span = { since: '2026-01-07T02:00:00Z', until: '2026-01-07T07:00:00Z' }
    const turns = await replay(lake, again, { ...options, as: 'copier-january', span })
    expect(turns.reduce((sum, { written }) => sum + written, 0)).toBe(5)
    expect(await ids()).toEqual([2, 3, 4, 5, 6])
    await store()
    expect(await replay(lake, again, { ...options, as: 'copier-january', span })).toEqual([])
    expect((await followersOf(await lake.newest()))[0]).toMatchObject({
      state: 'done',
      replay: 'of=copier since=2026-01-07T02:00:00Z until=2026-01-07T07:00:00Z',
      behind: { files: 0 },
    })
    expect(await compact(lake, options)).toMatchObject([{ table: 'thing', filesBefore: 6 }])
  })

  it('knows the rows before its span as earlier ones, in every turn, and no row as both', async () => {
    await store(3)
    const seen: (readonly number[])[][] = []
    const looking: Follower = {
      ...again,
      async work(changes) {
        const idsIn = async (item: string) =>
          (await changes.engine.rows(`select id from ${item} order by id`)).map(([id]) => Number(id))
        const added = changes.added.get('thing')?.rows as string
        seen.push([await idsIn(added), await idsIn(await changes.before(source))])
        return await again.work(changes)
      },
    }
    const span = { since: '2026-01-07T03:00:00Z' }
    await replay(lake, looking, { ...options, turnBytes: 1, as: 'r', span })
    expect(seen).toEqual([
      [[3], [0, 1, 2]],
      [
        [4, 5],
        [0, 1, 2, 3],
      ],
    ])
  })

  it('holds up compaction only as long as it reads', async () => {
    await store(3)
    const meanwhile: Follower = {
      ...again,
      async work(changes) {
        await store()
        expect(await compact(lake, options)).toEqual([])
        return await again.work(changes)
      },
    }
    await replay(lake, meanwhile, { ...options, as: 'r' })
    expect(await ids()).toEqual([0, 1, 2, 3, 4, 5])
    expect(await compact(lake, options)).toMatchObject([{ filesBefore: 4 }])
  })

  it('is refused under a name that is taken, with another span, and of rows that would count double', async () => {
    await store()
    await catchUp(lake, again, options)
    await expect(replay(lake, again, { as: 'copier' })).rejects.toThrow('a follower is called copier')
    await replay(lake, again, { ...options, as: 'r', span: { since: '2026-01-07T00:00:00Z' } })
    await expect(replay(lake, again, { as: 'r' })).rejects.toThrow('another replay already')
    await expect(replay(lake, again, { as: 'R/../x' })).rejects.toThrow('small letters')
    await expect(replay(lake, copier, { as: 'x' })).rejects.toThrow('would count double')
    await expect(startAnew(lake, again)).rejects.toThrow('shares its tables')
  })
})

it('a table whose rows are overwritten cannot be followed, by its type', () => {
  // @ts-expect-error: an object that is read again has its row in the ledger replaced
  const ofLedger: Follower['tables'] = [ledger]
  // @ts-expect-error: so has a dead letter that is replayed
  const ofDeadLetters: Follower['tables'] = [deadletter]
  expect([...ofLedger, ...ofDeadLetters].every(({ overwritten }) => overwritten)).toBe(true)
})
