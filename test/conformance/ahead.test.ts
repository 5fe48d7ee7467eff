import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { folder, ingest, type Lake, lakeTables, localStorage, openLake } from 'loglake'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { filterKeyOf } from '../../src/lake/file-filter.ts'
import type { Storage } from '../../src/lake/storage/contract.ts'
import { TURN } from '../../src/lake/turn.ts'

/** What a commit brings into the storage before it is its turn stays there only if the lake has none of it by then. */

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ahead-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

function lakeWith(change: (storage: Storage) => Partial<Storage> = () => ({})): Lake {
  const storage = localStorage(join(root, 'lake'))
  return openLake({ ...storage, ...change(storage) }, lakeTables)
}

/** An object with these events. */
function object(name: string, ids: readonly number[]): string {
  const Records = ids.map((id) => ({
    eventVersion: '1.11',
    eventTime: `2026-01-07T12:00:${String(id).padStart(2, '0')}Z`,
    eventID: `event-${id}`,
    eventName: 'GetObject',
  }))
  mkdirSync(join(root, 'objects'), { recursive: true })
  const path = join(root, 'objects', `${name}.json`)
  writeFileSync(path, JSON.stringify({ Records }))
  return path
}

/** Data files and filters that lie in the storage, and are not of the newest version. */
async function strays(): Promise<string[]> {
  const version = await lakeWith().newest()
  const named = new Set<string>()
  for (const name of Object.keys(version.catalog.tables)) {
    const table = await version.table(name)
    for (const { path } of (await table?.files()) ?? []) {
      const key = table?.keyOf(path) ?? ''
      named.add(key)
      named.add(filterKeyOf(key))
    }
  }
  return readdirSync(join(root, 'lake'), { recursive: true, encoding: 'utf8' })
    .filter((key) => /\/data\/.*\.(parquet|puffin)$/.test(key))
    .filter((key) => !named.has(key))
}

describe('what is brought ahead', () => {
  it('is taken away where the lake has some of it', async () => {
    await ingest(lakeWith(), folder([object('first', [1, 2, 3])]), { threads: 1 })
    const { records } = await ingest(lakeWith(), folder([object('second', [2, 3, 4])]), { threads: 1 })
    expect(records).toMatchObject({ stored: 1, repeated: 2 })
    expect(await strays()).toEqual([])
  })

  it('is taken away where another writer was first with all of it', async () => {
    const paths = [object('first', [1, 2]), object('second', [3])]
    let first = true
    const lake = lakeWith((storage) => ({
      async create(key, bytes) {
        if (key === 'catalog/v1.json' && first) {
          first = false
          await ingest(lakeWith(), folder(paths), { threads: 1 })
        }
        return await storage.create(key, bytes)
      },
    }))
    const { objects, commits, commitsLost } = await ingest(lake, folder(paths), { threads: 1 })
    expect({ commits, commitsLost, already: objects.already }).toEqual({
      commits: 0,
      commitsLost: 1,
      already: 2,
    })
    expect(await strays()).toEqual([])
  })

  it('is nothing where the lake has all of it', async () => {
    await ingest(lakeWith(), folder([object('first', [1, 2, 3])]), { threads: 1 })
    const adopted: string[] = []
    const lake = lakeWith((storage) => ({
      async adopt(file, key) {
        adopted.push(key)
        await storage.adopt(file, key)
      },
    }))
    const again = ['a', 'b', 'c'].map((name, at) => object(name, [at + 1]))
    await ingest(lake, folder(again), { threads: 1, batchObjects: 1 })
    // A row of the ledger for each of them, and no event.
    expect(adopted.map((key) => key.split('/')[1])).toEqual(['ledger', 'ledger', 'ledger'])
    expect(await strays()).toEqual([])
  })

  it('is looked at again in its turn', async () => {
    await ingest(lakeWith(), folder([object('first', [1])]), { threads: 1 })
    let first = true
    const lake = lakeWith((storage) => ({
      async create(key, bytes) {
        if (key === TURN && first) {
          first = false
          await ingest(lakeWith(), folder([object('between', [3])]), { threads: 1 })
        }
        return await storage.create(key, bytes)
      },
    }))
    const { records, commitsLost } = await ingest(lake, folder([object('late', [2, 3, 4])]), { threads: 1 })
    expect({ ...records, commitsLost }).toMatchObject({ stored: 2, repeated: 1, commitsLost: 0 })
    expect(await strays()).toEqual([])
  })
})
