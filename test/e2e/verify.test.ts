import { cpSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { plannedMetadata } from '../../src/lake/change.ts'
import { currentSchema, type DataFile } from '../../src/lake/iceberg/index.ts'
import { openLake } from '../../src/lake/lake.ts'
import { adopt, readParquet, stageParquet } from '../../src/lake/parquet.ts'
import { stagedKeys } from '../../src/lake/staged-keys.ts'
import { localStorage } from '../../src/lake/storage/local.ts'
import type { Verified } from '../../src/ledger/verify.ts'
import { openEngine } from '../../src/lib/duckdb.ts'
import { lakeTables } from '../../src/tables/index.ts'
import { freshFolder, loglake, SAMPLES } from './program.ts'

const folder = freshFolder()
const logs = join(folder, 'logs')
const whole = join(folder, 'lake')
let copies = 0

beforeAll(async () => {
  cpSync(SAMPLES, logs, { recursive: true })
  await loglake(['ingest', logs, '--lake', whole, '--include', '2026/01/08/', '--include', '2026/01/06/'])
})

function copyOfLake(): string {
  const copy = join(folder, `lake-${++copies}`)
  cpSync(whole, copy, { recursive: true })
  return copy
}

async function verified(lake: string, ...args: string[]): Promise<{ code: number | null } & Verified> {
  const { code, out, err } = await loglake(['verify', '--json', '--lake', lake, ...args])
  expect(err).toBe('')
  return { code, ...JSON.parse(out) }
}

/** The first file below a folder of the lake whose name matches. */
function filesOf(lake: string, below: string, name: RegExp): string[] {
  const found = readdirSync(join(lake, below), { recursive: true, encoding: 'utf8' }).sort()
  return found.filter((path) => name.test(path)).map((path) => join(lake, below, path))
}

function fileOf(lake: string, below: string, name: RegExp): string {
  return filesOf(lake, below, name)[0] as string
}

it('finds nothing in a sound lake', async () => {
  const { code, findings, checked } = await verified(whole, '--objects')
  expect({ code, findings }).toEqual({ code: 0, findings: [] })
  expect(checked).toMatchObject({ tables: 3, objects: expect.any(Number) })
  expect(checked.objects).toBeGreaterThan(80)
  const { out } = await loglake(['verify', '--lake', whole])
  expect(out).toMatch(/^version 1: [\d,]+ rows in \d+ files of 3 tables \(.*\)\nall adds up\n$/)
})

it('finds nothing in a lake that was moved', async () => {
  expect(await verified(copyOfLake())).toMatchObject({ code: 0, findings: [] })
})

describe('finds', () => {
  it.each<[string, string, 0 | 1, string, RegExp, (lake: string) => void]>([
    [
      'a data file that is gone',
      'missing-file',
      1,
      'tables/cloudtrail/data',
      /\.parquet$/,
      (file) => rmSync(file),
    ],
    [
      'a data file that is cut',
      'wrong-size',
      1,
      'tables/cloudtrail/data',
      /\.parquet$/,
      (file) => truncateSync(file, 4000),
    ],
    ['a data file that is damaged', 'unreadable-file', 1, 'tables/cloudtrail/data', /\.parquet$/, scribble],
    ['a ledger that is damaged', 'unreadable-file', 1, 'tables/ledger/data', /\.parquet$/, scribble],
    [
      'a manifest that is damaged',
      'unreadable-metadata',
      1,
      'tables/cloudtrail/metadata',
      /-m\.avro$/,
      scribble,
    ],
    [
      'a manifest list that is gone',
      'unreadable-metadata',
      1,
      'tables/cloudtrail/metadata',
      /^snap-/,
      (file) => rmSync(file),
    ],
    [
      'metadata that is gone',
      'unreadable-metadata',
      1,
      'tables/reject/metadata',
      /^00001-/,
      (file) => rmSync(file),
    ],
    [
      'a filter that is gone',
      'missing-filter',
      0,
      'tables/cloudtrail/data',
      /\.puffin$/,
      (file) => rmSync(file),
    ],
    ['a filter that is damaged', 'damaged-filter', 0, 'tables/cloudtrail/data', /\.puffin$/, scribble],
    [
      'metadata that others miss',
      'stale-for-others',
      0,
      'tables/cloudtrail/metadata',
      /v1\.metadata\.json$/,
      (file) => rmSync(file),
    ],
    [
      'metadata that differs for others',
      'stale-for-others',
      1,
      'tables/cloudtrail/metadata',
      /v1\.metadata\.json$/,
      (file) => writeFileSync(file, '{}'),
    ],
  ])('%s', async (_, finding, exit, below, name, damage) => {
    const lake = copyOfLake()
    damage(fileOf(lake, below, name))
    const { code, findings } = await verified(lake)
    expect({ code, codes: [...new Set(findings.map(({ code }) => code))] }).toEqual({
      code: exit,
      codes: [finding],
    })
    for (const { file, remedy, message } of findings) {
      expect(file).not.toBe('')
      expect(remedy).not.toBe('')
      expect(message).not.toMatch(/\n/)
    }
  })

  it('a filter that denies what is there', async () => {
    const lake = copyOfLake()
    // That of another day: it has keys of the same kind.
    const filters = filesOf(lake, 'tables/cloudtrail/data', /\.puffin$/)
    writeFileSync(filters[0] as string, readFileSync(filters.at(-1) as string))
    expect(await verified(lake)).toMatchObject({ code: 1, findings: [{ code: 'wrong-filter' }] })
  })

  it.each<[string, string, string, string[], ((file: DataFile) => DataFile)?]>([
    ['a row that is missing', 'cloudtrail', 'select * from {} offset 1', ['ledger-differs']],
    [
      'a row that is there twice',
      'cloudtrail',
      'from {} union all (from {} limit 1)',
      ['duplicates', 'ledger-differs'],
    ],
    ['a reject that is missing', 'reject', 'from {} where false', ['ledger-differs']],
    [
      'records that do not add up',
      'ledger',
      'select * replace (records_read + 1 as records_read) from {}',
      ['ledger-differs'],
    ],
    [
      'a count that is wrong',
      'cloudtrail',
      'from {}',
      ['wrong-count'],
      (file) => ({ ...file, records: file.records - 1 }),
    ],
    [
      'a bound that is too low',
      'cloudtrail',
      'from {}',
      ['wrong-bounds'],
      (file) => ({ ...file, upper: file.lower }),
    ],
    [
      'rows of another day',
      'cloudtrail',
      'from {}',
      ['wrong-day'],
      (file) => ({ ...file, partition: { lake_day: 1 } }),
    ],
  ])('%s', async (_, table, rows, codes, change) => {
    const lake = copyOfLake()
    await rewrite(lake, table, rows, change)
    const { code, findings } = await verified(lake)
    expect(code).toBe(1)
    expect([...new Set(findings.map((finding) => finding.code))]).toEqual(codes)
  })

  it('objects that are gone, and objects that were changed', async () => {
    const [first = '', second = ''] = readdirSync(logs, { recursive: true, encoding: 'utf8' }).filter(
      (path) => path.includes('/2026/01/08/') && path.endsWith('.gz'),
    )
    rmSync(join(logs, first))
    expect(await verified(whole, '--objects')).toMatchObject({
      code: 0,
      findings: [{ code: 'object-gone', file: join(logs, first) }],
    })
    writeFileSync(join(logs, second), 'changed')
    const { out, code } = await loglake(['verify', '--objects', '--lake', whole])
    expect(code).toBe(1)
    expect(out).toMatch(/wrong {2}ledger: changed since it was read/)
    expect(out).toMatch(/1 thing wrong, 1 warning\n$/)
    expect(await verified(whole)).toMatchObject({ code: 0, findings: [] })
  })
})

function scribble(file: string): void {
  const bytes = readFileSync(file)
  bytes.fill(0x5a, Math.floor(bytes.length / 4), Math.floor(bytes.length / 2))
  writeFileSync(file, bytes)
}

/** Commits other rows in place of a data file, as a program with a fault would. */
async function rewrite(
  place: string,
  name: string,
  rows: string,
  change: (file: DataFile) => DataFile = (file) => file,
): Promise<void> {
  const lake = openLake(localStorage(place), lakeTables)
  const definition = lake.tables.get(name)
  const table = await (await lake.newest()).table(name)
  const [old] = (await table?.files()) ?? []
  if (!definition || !table || !old) throw new Error(`nothing to rewrite in ${name}`)
  const engine = await openEngine({ threads: 1 })
  const metadata = plannedMetadata(lake.storage, definition, table)
  const location = { metadata, schema: currentSchema(metadata) }
  const source = readParquet([await lake.storage.local(table.keyOf(old.path))], table.schema, definition)
  const staged = await stageParquet(
    engine,
    definition,
    location.schema,
    rows.replaceAll('{}', source),
    await lake.storage.workplace(),
  )
  const add: DataFile[] = []
  for (const file of staged) {
    const filter = definition.key ? (await stagedKeys(engine, definition, file)).filter : undefined
    add.push(change((await adopt(lake.storage, definition, location, file, filter)).file))
  }
  engine.close()
  await lake.commit('test', async () => ({ tables: { [name]: { add, remove: [old] } } }))
}
