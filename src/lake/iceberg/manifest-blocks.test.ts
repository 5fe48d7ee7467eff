import { expect, it } from 'vitest'
import { readContainer } from './avro.ts'
import { addedEntry, readManifest, writeManifest } from './manifest.ts'
import { blocksOf } from './manifest-blocks.ts'
import { describeManifest } from './manifest-list.ts'
import { createTable, currentSchema, currentSpec } from './metadata.ts'
import { manifestMayMatch } from './prune.ts'
import type { ManifestEntry } from './types.ts'

const metadata = createTable({
  uuid: 'b1f5a6d4-3d0c-4b1e-9d6f-0e8f5f0a1c2d',
  location: 's3://lake/cloudtrail',
  fields: [{ name: 'lake_day', type: 'date' }],
  partitionBy: 'lake_day',
  nowMs: 1,
})
const [schema, spec] = [currentSchema(metadata), currentSpec(metadata)]

function written(days: readonly (number | null)[]) {
  const entries = days.map((day, at): ManifestEntry => {
    const path = `s3://lake/cloudtrail/data/${at}.parquet`
    const partition = { lake_day: day }
    const counts = { records: 1, bytes: 100, lower: new Map(), upper: new Map() }
    return addedEntry({ path, format: 'PARQUET', partition, ...counts }, 1, 1)
  })
  const manifest = { schema, spec, entries, snapshotId: 1 }
  const bytes = writeManifest(manifest)
  return { bytes, row: describeManifest(manifest, 's3://m.avro', bytes.length) }
}

const times = (count: number, day: number | null) => Array.from({ length: count }, () => day)
const daysOf = (entries: ManifestEntry[]) => [...new Set(entries.map(({ file }) => file.partition.lake_day))]

it('gives each day of many files a block of its own, which is read alone', () => {
  const { bytes, row } = written([...times(300, 20_000), ...times(400, 20_001), ...times(300, 20_002)])
  const blocks = blocksOf(bytes, row) ?? []
  expect(blocks).toHaveLength(3)
  const asked = (value: string) =>
    blocks.map((block) => manifestMayMatch(block, schema, spec, [{ column: 'lake_day', op: '=', value }]))
  expect(asked('2024-10-05')).toEqual([false, true, false])
  expect(asked('2024-10-09')).toEqual([false, false, false])
  const day = readManifest(bytes, row, { block: 1 })
  expect([day.length, daysOf(day)]).toEqual([400, [20_001]])
  expect(readManifest(bytes, row)).toHaveLength(1000)
})

it('puts days of few files into one block, and knows a block whose files have no day', () => {
  const { bytes, row } = written([
    ...times(100, null),
    ...Array.from({ length: 400 }, (_, at) => 20_000 + at),
  ])
  const blocks = blocksOf(bytes, row) ?? []
  expect(blocks.map(({ partitions }) => partitions?.[0]?.containsNull)).toEqual([true, false])
  const sizes = blocks.map((_, block) => readManifest(bytes, row, { block }).length)
  expect(sizes).toEqual([256, 244])
  expect(manifestMayMatch(blocks[1] ?? row, schema, spec, [{ column: 'lake_day', op: 'is null' }])).toBe(
    false,
  )
})

it('says nothing of the blocks of a manifest that has one', () => {
  const { bytes, row } = written(times(1000, 20_000))
  expect(blocksOf(bytes, row)).toBeUndefined()
  expect(Object.keys(readContainer(bytes).metadata)).not.toContain('loglake.blocks')
})
