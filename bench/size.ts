/**
 * Where the bytes of a lake lie, and what other orders, encodings and compressions of the same rows would save
 * and cost (`docs/decisions/2026-12-01-stored-size.md`).
 */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { quoted, statementOf } from './by-hand.ts'
import { generateCorpus } from './corpus.ts'
import { bytesBelow, machine, median, run, table } from './measure.ts'

interface Settings {
  short: boolean
  dir: string
  threads: string
}

interface Way {
  what: string
  order: string
  options: string
}

interface Bytes {
  ids: bigint
  times: bigint
  others: bigint
}

const OURS = 'useridentity_arn, eventsource, eventname, eventtime'
const ZSTD = 'compression zstd, compression_level 1'

/** The first is what a batch is written with. */
const WAYS: readonly Way[] = [
  { what: 'as it is: by caller, service, call, time; zstd 1', order: OURS, options: ZSTD },
  { what: 'by time', order: 'eventtime', options: ZSTD },
  { what: 'by caller, time', order: 'useridentity_arn, eventtime', options: ZSTD },
  { what: 'by call, caller, time', order: 'eventname, useridentity_arn, eventtime', options: ZSTD },
  {
    what: 'by access key, call, time',
    order: 'useridentity_accesskeyid, eventname, eventtime',
    options: ZSTD,
  },
  { what: 'row groups of 122,880', order: OURS, options: `${ZSTD}, row_group_size 122880` },
  { what: 'zstd 3', order: OURS, options: 'compression zstd, compression_level 3' },
  { what: 'zstd 9', order: OURS, options: 'compression zstd, compression_level 9' },
  { what: 'gzip', order: OURS, options: 'compression gzip' },
  { what: 'brotli', order: OURS, options: 'compression brotli' },
  { what: 'encodings of Parquet 2', order: OURS, options: `${ZSTD}, parquet_version v2` },
]

export async function benchSize({ short, dir, threads }: Settings): Promise<void> {
  console.error(machine())
  const events = short ? 100_000 : 1_000_000
  const corpus = join(dir, `corpus-${events}`)
  const lake = join(dir, 'size-lake')
  const { gzipBytes } = await generateCorpus({ dir: corpus, events })
  rmSync(lake, { recursive: true, force: true })
  await run('./run-ingest.js', corpus, lake, threads)
  const share = (bytes: number) => (bytes / gzipBytes).toFixed(3)
  const line = (what: string, measured: string) => ({ what, measured, wanted: '', kept: undefined })
  const lines = [line('all files of the lake', share(bytesBelow(lake)))]
  const mixed = join(dir, 'size-mixed.parquet')
  await write('size-mixed', { from: quoted(`${lake}/tables/cloudtrail/data/*/*.parquet`), to: quoted(mixed) })
  const stored = await bytesOf(`${lake}/tables/cloudtrail/data/*/*.parquet`)
  lines.push(
    line('… event ids and request ids', share(Number(stored.ids))),
    line('… times', share(Number(stored.times))),
    line('… all other columns', share(Number(stored.others))),
    line('… filters of keys', share(bytesBelow(lake, (name) => name.endsWith('.puffin')))),
  )
  const turns = short ? 1 : 3
  const seconds = WAYS.map((): number[] => [])
  const sizes: Bytes[] = []
  const target = join(dir, 'size-way.parquet')
  for (let turn = 0; turn < turns; turn++) {
    for (const [at, { order, options }] of WAYS.entries()) {
      // It takes as long as all others together.
      if (turn > 0 && options.includes('brotli')) continue
      seconds[at]?.push(
        await write('size-way', {
          ...{ from: quoted(mixed), order, to: quoted(target) },
          options: options.includes('row_group_size') ? options : `${options}, row_group_size 20480`,
        }),
      )
      sizes[at] = await bytesOf(target)
    }
  }
  for (const [at, { what }] of WAYS.entries()) {
    const { ids, times, others } = sizes[at] as Bytes
    const cost = median(seconds[at] as number[]) / median(seconds[0] as number[])
    lines.push(
      line(
        what,
        `${share(Number(ids + times + others))} (ids ${share(Number(ids))}, times ${share(Number(times))}); ${cost.toFixed(2)} times the processor time`,
      ),
    )
  }
  for (const file of [mixed, target]) rmSync(file)
  rmSync(lake, { recursive: true })
  console.log(`\n${machine()}\n\n${table(lines)}`)
}

/** Runs a statement of `sql/` on one thread. @returns its processor time in seconds */
async function write(name: string, parts: Record<string, string>): Promise<number> {
  const connection = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect()
  const since = process.cpuUsage()
  await connection.run(statementOf(name, parts))
  const { user, system } = process.cpuUsage(since)
  connection.closeSync()
  return (user + system) / 1e6
}

async function bytesOf(files: string): Promise<Bytes> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect()
  const [found] = (
    await connection.runAndReadAll(statementOf('size-columns', { files: quoted(files) }))
  ).getRowObjects()
  connection.closeSync()
  return found as unknown as Bytes
}
