import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { repair } from '../../src/lake/repair.ts'
import { LakeError } from '../../src/lib/errors.ts'
import { full } from './form.ts'
import { judge, judgeVersions, lakeIn } from './judge.ts'
import { makeObjects, type Truth } from './objects.ts'
import { type Ended, freshFolder, ownRoot, runWriter } from './processes.ts'
import { mountSmallDisk, type SmallDisk } from './small-disk.ts'
import { Tally } from './tally.ts'

const tally = new Tally()
const isRoot = process.getuid?.() === 0
const NOBODY = 65534

let objects: string
let truth: Truth
/** A lake that has the first half of the objects. */
let half: string

beforeAll(async () => {
  objects = freshFolder('objects')
  truth = makeObjects(objects, { objects: 14, seed: 5 })
  half = freshFolder('half')
  const { totals, output } = await runWriter({ lake: half, paths: truth.files.slice(0, 7) })
  expect(totals?.objects.stored, output).toBe(7)
})

afterAll(() => {
  tally.print()
  const root = ownRoot()
  if (root) rmSync(root, { recursive: true, force: true })
})

/** The run stopped, and said which file is at fault and what to do. */
function expectClear({ code, error, output }: Ended, file: string | RegExp): void {
  expect(code, output).toBe(1)
  expect(error?.name, output).toBe('LakeError')
  expect(error?.file, output).toMatch(file)
  expect(error?.remedy, output).toMatch(/\w+ \w+/)
}

async function expectWhole(lake: string): Promise<void> {
  const { wrong } = existsSync(join(lake, 'catalog')) ? await judgeVersions(lakeIn(lake)) : { wrong: [] }
  expect(wrong).toEqual([])
}

/** The cause is gone: the run completes, and the lake tells the truth. */
async function expectHealed(fault: string, lake: string): Promise<void> {
  const { totals, output } = await runWriter({ lake, paths: [objects] })
  expect(totals, output).toBeDefined()
  expect(tally.add(fault, await judge(lake, truth))).toEqual([])
}

function filesIn(lake: string, below: string, name: RegExp): string[] {
  const found = readdirSync(join(lake, below), { recursive: true, encoding: 'utf8' })
  return found.filter((file) => name.test(file)).map((file) => join(lake, below, file))
}

function halfLake(): string {
  const lake = freshFolder('lake')
  cpSync(half, lake, { recursive: true })
  return lake
}

describe.skipIf(!isRoot)('a full disk', () => {
  const disks: SmallDisk[] = []
  afterAll(() => {
    for (const disk of disks) disk.unmount()
  })

  /** Undefined, with a notice, where nothing can be mounted. */
  function smallDisk(bytes: number): SmallDisk | undefined {
    const disk = mountSmallDisk(freshFolder('disk'), bytes)
    if (disk) disks.push(disk)
    else process.stdout.write('no small disk can be mounted here: the test of a full disk is skipped\n')
    return disk
  }

  it.each(full ? [40, 80, 120, 160, 200, 240, 280, 320, 360, 400] : [40, 160, 280, 400])(
    'of %d KiB under the lake',
    async (size) => {
      const disk = smallDisk(size << 10)
      if (!disk) return
      const lake = join(disk.folder, 'lake')
      const ended = await runWriter({ lake, paths: [objects] })
      expectClear(ended, lake)
      expect(ended.error?.message).toMatch(/no space left/)
      await expectWhole(lake)
      disk.resize(64 << 20)
      await expectHealed('full disk under the lake', lake)
    },
  )

  it.each([4, 40, 100])('of %d KiB for temporary files', async (size) => {
    const disk = smallDisk(size << 10)
    if (!disk) return
    const lake = freshFolder('lake')
    const ended = await runWriter({ lake, paths: [objects] }, { env: { TMPDIR: disk.folder } })
    if (ended.code !== 0) expectClear(ended, /temporary|disk/)
    await expectWhole(lake)
    await expectHealed('full disk for temporary files', lake)
  })
})

describe.skipIf(!isRoot)('a folder without permission', () => {
  const asNobody = { uid: NOBODY, gid: NOBODY }

  it('where the lake should be', async () => {
    const lake = join(freshFolder('closed'), 'lake')
    const ended = await runWriter({ lake, paths: [objects] }, asNobody)
    expectClear(ended, lake)
    expect(ended.error?.message).toMatch(/not allowed/)
    await expectHealed('folder without permission', lake)
  })

  it.each(['catalog', 'tables/cloudtrail/metadata', 'tables/ledger/data'])(
    'in the lake: %s',
    async (below) => {
      const lake = halfLake()
      chownSync(lake, NOBODY, NOBODY)
      for (const name of readdirSync(lake, { recursive: true, encoding: 'utf8' }))
        chownSync(join(lake, name), NOBODY, NOBODY)
      const closed = join(lake, below)
      for (const folder of [closed, ...filesIn(lake, below, /lake_day=[^/]*$/)]) chmodSync(folder, 0o555)
      const ended = await runWriter({ lake, paths: [objects] }, asNobody)
      expectClear(ended, closed)
      await expectWhole(lake)
      for (const folder of [closed, ...filesIn(lake, below, /lake_day=[^/]*$/)]) chmodSync(folder, 0o755)
      await expectHealed('folder without permission', lake)
    },
  )

  it('an object that may not be read', async () => {
    const lake = freshFolder('lake')
    chownSync(lake, NOBODY, NOBODY)
    const [closed = ''] = truth.files.slice(3)
    chmodSync(closed, 0o600)
    const ended = await runWriter({ lake, paths: [objects] }, asNobody)
    chmodSync(closed, 0o644)
    // It fails alone.
    expect(ended.totals?.objects, ended.output).toMatchObject({ failed: 1 })
    expect(ended.totals?.failures.first).toMatchObject([{ uri: closed, outcome: 'denied' }])
    await expectWhole(lake)
    await expectHealed('object without permission', lake)
  })
})

describe('a damaged lake', () => {
  const newest = (lake: string) =>
    join(lake, 'catalog', `v${readFileSync(join(lake, 'catalog/newest'))}.json`)
  const entry = (lake: string, table: string) => {
    const { tables } = JSON.parse(readFileSync(newest(lake), 'utf8'))
    return join(lake, tables[table].folder, tables[table].metadata)
  }
  const snapshotFiles = (lake: string, table: string, name: RegExp) =>
    filesIn(lake, `tables/${table}/metadata`, name)

  const cut = (path: string) => truncateSync(path, readFileSync(path).length >> 1)
  const cases: [string, (lake: string) => string[], (path: string) => void][] = [
    ['truncated catalog', (lake) => [newest(lake)], cut],
    ['empty catalog', (lake) => [newest(lake)], (path) => truncateSync(path, 0)],
    ['truncated metadata.json', (lake) => [entry(lake, 'cloudtrail')], cut],
    ['truncated metadata.json of the ledger', (lake) => [entry(lake, 'ledger')], cut],
    ['missing metadata.json', (lake) => [entry(lake, 'cloudtrail')], (path) => rmSync(path)],
    ['truncated manifest lists', (lake) => snapshotFiles(lake, 'cloudtrail', /^snap-.*avro$/), cut],
    ['truncated manifest lists of the ledger', (lake) => snapshotFiles(lake, 'ledger', /^snap-.*avro$/), cut],
    [
      'missing manifest lists',
      (lake) => snapshotFiles(lake, 'ledger', /^snap-.*avro$/),
      (path) => rmSync(path),
    ],
    ['truncated manifests', (lake) => snapshotFiles(lake, 'cloudtrail', /-m\.avro$/), cut],
    ['missing manifests', (lake) => snapshotFiles(lake, 'ledger', /-m\.avro$/), (path) => rmSync(path)],
    [
      'missing data files',
      (lake) => filesIn(lake, 'tables/cloudtrail/data', /parquet$/),
      (path) => rmSync(path),
    ],
    [
      'missing ledger files',
      (lake) => filesIn(lake, 'tables/ledger/data', /parquet$/),
      (path) => rmSync(path),
    ],
    ['truncated data files', (lake) => filesIn(lake, 'tables/cloudtrail/data', /parquet$/), cut],
    ['truncated ledger files', (lake) => filesIn(lake, 'tables/ledger/data', /parquet$/), cut],
  ]

  it.each(cases)('%s: the file is named, nothing is written', async (fault, find, damage) => {
    const lake = halfLake()
    const files = find(lake)
    expect(files.length).toBeGreaterThan(0)
    const sound = new Map(files.map((file) => [file, readFileSync(file)]))
    for (const file of files) damage(file)
    const versions = readdirSync(join(lake, 'catalog')).length
    const ended = await runWriter({ lake, paths: [objects] })
    expectClear(ended, /./)
    expect(files).toContain(ended.error?.file?.replace('file://', ''))
    expect(readdirSync(join(lake, 'catalog')).length).toBe(versions)
    await expect(judge(lake, truth)).rejects.toBeInstanceOf(LakeError)
    for (const [file, bytes] of sound) writeFileSync(file, bytes)
    await expectWhole(lake)
    await expectHealed(fault, lake)
  })

  const filters: [string, (path: string) => void][] = [
    ['missing filters', (path) => rmSync(path)],
    ['truncated filters', cut],
    ['empty filters', (path) => truncateSync(path, 0)],
    [
      'filters with bits lost',
      (path) => {
        const bytes = readFileSync(path)
        bytes.fill(0, 4, 4 + 64)
        writeFileSync(path, bytes)
      },
    ],
  ]
  it.each(filters)('%s: repeats are found all the same', async (fault, damage) => {
    const lake = halfLake()
    const files = filesIn(lake, 'tables', /\.bloom\.puffin$/)
    expect(files.length).toBeGreaterThan(2)
    for (const file of files) damage(file)
    await expectHealed(fault, lake)
  })

  it('the newest catalog is lost: nothing is written before a repair', async () => {
    const lake = halfLake()
    rmSync(newest(lake))
    const ended = await runWriter({ lake, paths: [objects] })
    expectClear(ended, /catalog\/v\d+\.json$/)
    expect(ended.error?.message).toMatch(/is missing, although it was committed/)
    await repair(lakeIn(lake))
    await expectHealed('newest catalog removed', lake)
  })

  it.each(['hint lost', 'hint too low', 'hint too high', 'hint that is none'])('%s', async (fault) => {
    const lake = halfLake()
    const hint = join(lake, 'catalog/newest')
    if (fault === 'hint lost') rmSync(hint)
    else writeFileSync(hint, { 'hint too low': '1', 'hint too high': '4711' }[fault] ?? 'v2\0')
    // Only a version that was committed is ever hinted at: without it, what it added is lost.
    if (fault === 'hint too high') await repair(lakeIn(lake))
    await expectHealed(fault, lake)
  })

  it('cut at any byte, a file of metadata gives an error and never an answer', async () => {
    const lake = halfLake()
    const paths = [
      newest(lake),
      entry(lake, 'ledger'),
      ...snapshotFiles(lake, 'ledger', /^snap-.*avro$/).slice(-1),
      ...snapshotFiles(lake, 'ledger', /-m\.avro$/).slice(-1),
    ]
    for (const path of paths) {
      const bytes = readFileSync(path)
      // Of JSON the last byte is a line's end.
      const whole = bytes.length - (path.endsWith('json') ? 1 : 0)
      for (let length = 0; length < whole; length += Math.min(37, whole - length - 1) || 1) {
        writeFileSync(path, bytes.subarray(0, length))
        const opened = lakeIn(lake)
        const answer = opened
          .newest()
          .then((version) => allFiles(opened, version.number))
          .catch((thrown) => thrown)
        expect(await answer, `${path} at ${length}`).toBeInstanceOf(LakeError)
      }
      writeFileSync(path, bytes)
    }
    await expectHealed('metadata cut at any byte', lake)
  })

  /** The files of the ledger at every version: old manifests and lists are read too. */
  async function allFiles(lake: ReturnType<typeof lakeIn>, newestNumber: number): Promise<number> {
    let files = 0
    for (let number = newestNumber; number > 0; number--) {
      const table = await (await lake.at(number)).table('ledger')
      files += (await table?.files())?.length ?? 0
    }
    return files
  }
})

it('a place where the lake is no folder', async () => {
  const place = freshFolder('place')
  mkdirSync(join(place, 'in'))
  const lake = join(place, 'lake')
  writeFileSync(lake, 'no folder')
  expectClear(await runWriter({ lake, paths: [objects] }), lake)
})
