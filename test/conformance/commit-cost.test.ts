import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { folder, ingest, type Lake, lakeTables, localStorage, openLake } from 'loglake'
import { type DataFile, plannedMetadata } from 'loglake/lake'
import { afterAll, expect, it } from 'vitest'
import type { Storage } from '../../src/lake/storage/contract.ts'

/** What a commit asks of the storage does not grow with the data files that the lake has. */

const place = mkdtempSync(join(tmpdir(), 'commit-cost-'))
afterAll(() => rmSync(place, { recursive: true }))

const COUNTED = ['read', 'find', 'size', 'write', 'create', 'hint', 'adopt', 'local', 'list', 'now'] as const
/** Manifests are merged eight at a time: so many commits have as many merges, wherever they begin. */
const COMMITS = 16

interface Counts {
  calls: Record<string, number>
  read: number
}

function counting(storage: Storage): { counted: Storage; counts: Counts } {
  const counts: Counts = { calls: {}, read: 0 }
  const counted = { ...storage }
  for (const name of COUNTED) {
    const real = storage[name] as (...args: unknown[]) => unknown
    Object.assign(counted, {
      [name]: (...args: unknown[]) => {
        counts.calls[name] = (counts.calls[name] ?? 0) + 1
        return real(...args)
      },
    })
  }
  counted.read = async (key) => {
    const bytes = await storage.read(key)
    counts.calls.read = (counts.calls.read ?? 0) + 1
    counts.read += bytes.length
    return bytes
  }
  return { counted, counts }
}

/** Names files of a hundred days that are not there: a commit of another time does not open them. */
async function name(lake: Lake, files: number): Promise<void> {
  const change: Record<string, { add: DataFile[] }> = {}
  for (const table of [...lake.tables.values()].filter((one) =>
    ['cloudtrail', 'ledger'].includes(one.name),
  )) {
    const { schemas, location } = plannedMetadata(lake.storage, table, undefined)
    const time = schemas[0]?.fields.find((field) => field.name === table.time)
    const add = Array.from({ length: files }, (_, index): DataFile => {
      const day = 20_454 + (index % 100)
      const bound = Buffer.alloc(8)
      bound.writeBigInt64LE(BigInt(day) * 86_400_000_000n + BigInt(index))
      const bounds = new Map<number, Uint8Array>(time ? [[time.id, bound]] : [])
      return {
        path: `${location}/data/${index}.parquet`,
        format: 'PARQUET',
        partition: { lake_day: day },
        records: 1,
        bytes: 1000,
        lower: bounds,
        upper: bounds,
      }
    })
    change[table.name] = { add }
  }
  await lake.commit('test', async () => ({ tables: change }))
}

async function costOf(files: number): Promise<Counts> {
  const own = mkdtempSync(join(place, `${files}-`))
  const { counted, counts } = counting(localStorage(join(own, 'lake')))
  const lake = openLake(counted, lakeTables)
  await name(lake, files)
  const run = async (from: number) => {
    const objects = join(own, `objects-${from}`)
    mkdirSync(objects)
    for (let index = from; index < from + COMMITS; index++) {
      const eventTime = `2026-01-07T12:00:${String(index).padStart(2, '0')}Z`
      const event = { eventVersion: '1.11', eventTime, eventID: `event-${index}`, eventName: 'GetObject' }
      writeFileSync(join(objects, `${index}.json`), JSON.stringify({ Records: [event] }))
    }
    const { commits } = await ingest(lake, folder([objects]), { batchObjects: 1, threads: 1 })
    expect(commits).toBe(COMMITS)
  }
  // The first commits read what the others find in memory.
  await run(0)
  Object.assign(counts, { calls: {}, read: 0 })
  await run(COMMITS)
  return { calls: { ...counts.calls }, read: counts.read }
}

it('asks as much of the storage with 10 data files in each table as with 2,000', async () => {
  const [few, many] = [await costOf(10), await costOf(2000)]
  // Two steps that read the same at the same time read it once: that is by chance, a few times in all commits.
  expect(Object.keys(many.calls).sort()).toEqual(Object.keys(few.calls).sort())
  const more = Object.entries(many.calls).filter(([name, calls]) => calls > (few.calls[name] ?? 0) + 4)
  expect(more).toEqual([])
  expect(few.calls.create).toBeGreaterThanOrEqual(COMMITS)
  expect(many.read).toBeLessThan(few.read * 1.1)
})
