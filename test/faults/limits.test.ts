import { readdirSync, rmSync, statSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { full } from './form.ts'
import { judge, judgeVersions, lakeIn, rowsOf } from './judge.ts'
import { makeObjects } from './objects.ts'
import { freshFolder, ownRoot, runWriter } from './processes.ts'
import { Tally } from './tally.ts'

const tally = new Tally()
const micros = (time: string) => String(BigInt(Date.parse(time)) * 1000n)
/** The events go from 23:50 on; these lie in between. */
const T1 = micros('2026-01-07T23:53:00Z')
const T2 = micros('2026-01-07T23:59:30Z')
const T3 = micros('2026-01-08T00:04:00Z')

afterAll(() => {
  tally.print()
  const root = ownRoot()
  if (root) rmSync(root, { recursive: true, force: true })
})

type Limits = { since?: string; until?: string }

/** Reads a folder under each of these limits, one after the other or all at once. */
async function read(lake: string, folder: string, limits: Limits[], atOnce = false): Promise<void> {
  const runs = limits.map((limit) => () => runWriter({ lake, paths: [folder], ...limit }))
  const ended = atOnce ? await Promise.all(runs.map((run) => run())) : []
  if (!atOnce) for (const run of runs) ended.push(await run())
  for (const { totals, output } of ended) expect(totals, output).toBeDefined()
  const verdict = await judgeVersions(lakeIn(lake))
  expect(verdict.wrong).toEqual([])
}

/** How many rows of the lake lie within limits, and how many without. */
async function rowsWithin(lake: string, { since, until }: Limits): Promise<[number, number]> {
  const opened = lakeIn(lake)
  const table = await (await opened.newest()).table('cloudtrail')
  const within = `epoch_us(eventtime) >= ${since ?? 0} and epoch_us(eventtime) < ${until ?? '9e18::bigint'}`
  const [row] = await rowsOf<{ within: number; without: number }>(
    opened,
    table,
    `count(*) filter (${within})::int as within, count(*) filter (not (${within}))::int as without`,
  )
  return [row?.within ?? 0, row?.without ?? 0]
}

const cases: [name: string, limits: Limits[]][] = [
  ['since, then all', [{ since: T2 }, {}]],
  ['until, then all', [{ until: T2 }, {}]],
  ['a span, then a wider one, then all', [{ since: T1, until: T2 }, { since: T1, until: T3 }, {}]],
  ['spans beside one another, then all', [{ since: T1, until: T2 }, { since: T2, until: T3 }, {}]],
  ['spans that overlap, then all', [{ since: T1, until: T3 }, { since: T2 }, { until: T2 }, {}]],
  ['nothing in the span, then all', [{ until: micros('2020-01-01T00:00:00Z') }, {}]],
  ['all, then a span, then all', [{}, { since: T1, until: T2 }, {}]],
]

it.each(cases)('%s: each record comes in once', async (_, limits) => {
  const folder = freshFolder('objects')
  const truth = makeObjects(folder, { objects: 10, seed: 80 })
  const lake = freshFolder('lake')
  const [first = {}] = limits
  await read(lake, folder, [first])
  const [within, without] = await rowsWithin(lake, first)
  expect(without).toBe(0)
  await read(lake, folder, limits.slice(1))
  expect((await rowsWithin(lake, first))[0]).toBe(within)
  expect(tally.add('limits, one after the other', await judge(lake, truth))).toEqual([])
  const again = await runWriter({ lake, paths: [folder] })
  expect(again.totals?.objects.already).toBe(truth.files.length)
})

it('writers under different limits at once, then one without', async () => {
  for (let seed = 90; seed < (full ? 100 : 92); seed++) {
    const folder = freshFolder('objects')
    const truth = makeObjects(folder, { objects: 10, seed })
    const lake = freshFolder('lake')
    await read(lake, folder, [{ since: T1, until: T2 }, { since: T2 }, { until: T3 }], true)
    await read(lake, folder, [{}, {}], true)
    expect(tally.add('limits, at once', await judge(lake, truth))).toEqual([])
  }
})

it('files that were touched in between bring no row twice', async () => {
  const folder = freshFolder('objects')
  const truth = makeObjects(folder, { objects: 6, seed: 99, sound: true })
  const lake = freshFolder('lake')
  await read(lake, folder, [{ since: T1, until: T2 }])
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, name)
    if (statSync(path).isFile()) utimesSync(path, 1, 1)
  }
  await read(lake, folder, [{}])
  const verdict = await judge(lake, truth)
  // The ledger has a row for each version of an object; the first read none but a part of it.
  const { lost, doubled } = verdict
  expect({ lost, doubled }).toEqual({ lost: 0, doubled: truth.files.length })
  expect(await rowsWithin(lake, {})).toEqual([truth.ids.size + truth.nameless, 0])
})
