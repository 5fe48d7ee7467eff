import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { folder, ingest } from 'loglake'
import { afterAll, describe, expect, it } from 'vitest'
import { startAnew } from '../../src/follow/replay.ts'
import { compact } from '../../src/lake/compact.ts'
import { vacuum } from '../../src/lake/vacuum.ts'
import { verify } from '../../src/ledger/verify.ts'
import { summaryTables } from '../../src/summaries/tables.ts'
import { compared, limits, openSummarised } from './summaries/summarised.ts'

/**
 * The stored summaries say what the logs say, on every dimension and measure: after ingest in an order that brings late
 * rows, after repeats, after compaction in the middle of it, and when they are made anew.
 */

const SAMPLES = fileURLToPath(new URL('../../samples/logs/', import.meta.url))
const root = mkdtempSync(join(tmpdir(), 'loglake-summaries-'))
afterAll(() => rmSync(root, { recursive: true }))

const { lake, follower, rows, compare, follow, close } = await openSummarised(join(root, 'lake'))
afterAll(close)

const objects = readdirSync(SAMPLES, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(gz|json|jsonl|log|txt)$/.test(name))
  .sort()

const DELIVERED = new Date('2026-01-12T00:00:00Z')

function put(name: string, file: string): void {
  mkdirSync(dirname(file), { recursive: true })
  copyFileSync(join(SAMPLES, name), file)
  // Delivered long ago: a body that is in another part of the logs is not waited for.
  utimesSync(file, DELIVERED, DELIVERED)
}

/** Some of the samples, every `of`-th from `at` on, the latest first: what comes before them comes later. */
function part(at: number, of: number): string {
  const place = join(root, `part-${at}`)
  for (const [n, name] of objects.entries()) {
    if (n % of !== at) continue
    put(name, join(place, name))
  }
  return place
}

/** The same logs under other names, as a second trail delivers them: all of it is repeats. */
function again(): string {
  const place = join(root, 'again')
  for (const [n, name] of objects.entries()) {
    if (n % 9 !== 0) continue
    put(name, join(place, dirname(name), `again-${basename(name)}`))
  }
  return place
}

const storedOf = (name: string) =>
  readFileSync(new URL(`./summaries/${name}-stored.sql`, import.meta.url), 'utf8')
/** The span of a session's rows, and what tells which version of a row counts. */
const MAKING = ['from_time', 'until_time', 'gone', 'version', 'lake_ingested_at']

const PARTS = 3
const stages: { name: string; isPart?: true; act(): Promise<unknown> }[] = [
  ...[2, 0, 1].map((at, n) => ({
    name: `after part ${n + 1} of the logs, out of order`,
    isPart: true as const,
    async act() {
      const { records } = await ingest(lake, folder([part(at, PARTS)]), { threads: 1, batchObjects: 20 })
      expect(records.stored).toBeGreaterThan(0)
      // Some of the files are read and some are not, and there are summaries, of the first part.
      if (n === 1) await compact(lake, { limits })
      const turns = await follow()
      expect(turns.length).toBeGreaterThan(0)
    },
  })),
  {
    name: 'after repeats',
    async act() {
      const { records } = await ingest(lake, folder([again()]), { threads: 1 })
      expect(records.repeated).toBeGreaterThan(100)
      await follow()
    },
  },
  {
    name: 'after compaction, which adds up and drops what is replaced',
    async act() {
      const count = async () =>
        (
          await rows('select (select count(*) from activity_10min), (select count(*) from session_summary)')
        )[0] as number[]
      const before = await count()
      await compact(lake, { limits })
      const after = await count()
      for (const [at, number] of after.entries()) expect(number).toBeLessThan(before[at] as number)
      await vacuum(lake, { keepMs: 0, graceMs: 0 })
      expect(await follow()).toEqual([])
    },
  },
  {
    name: 'when they are made anew',
    async act() {
      await startAnew(lake, follower)
      expect(await rows('select count(*) from activity_10min')).toEqual([[0]])
      await follow()
    },
  },
]

describe.each(stages)('$name', ({ act, isPart }) => {
  it('each summary says what the rows say', { timeout: 600_000 }, async () => {
    await act()
    for (const name of compared) {
      const { rows: count, ...wrong } = await compare(name)
      expect(wrong, name).toEqual({ onlyStored: [], onlyRaw: [] })
      // A part of the logs may have no session.
      if (!isPart) expect(count, name).toBeGreaterThan(0)
    }
  })
})

it.each(summaryTables.map(({ name, columns }) => [name, columns] as const))(
  'every column of %s is compared, but for those that only its making needs',
  (name, columns) => {
    const stored = compared.map((one) => storedOf(one)).find((text) => text.includes(name)) ?? ''
    const missing = columns.filter((column) => !new RegExp(`\\b${column.name}\\b`).test(stored))
    expect(missing.map((column) => column.name).filter((column) => !MAKING.includes(column))).toEqual([])
  },
)

it('the lake with them adds up', async () => {
  expect((await verify(lake, { limits })).findings).toEqual([])
})
