// Writes samples/logs and samples/manifest.json, the same every time: npm run samples
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { captures } from './captures.ts'
import { type Delivery, deliver, LOST_EVENTS, makeDigest, rawJson } from './deliver.ts'
import type { LogFile } from './firehose.ts'
import { invocationLogs } from './invocation-logs.ts'
import { notices } from './notices.ts'
import { DAYS, isoTime } from './organisation.ts'
import { type Entry, groupBy } from './record.ts'
import { sessionLogs } from './session-logs.ts'
import { SESSIONS } from './sessions.ts'
import { playWeek } from './week.ts'

export interface SampleFile {
  key: string
  raw: string
  damaged: boolean
}

export interface Manifest {
  // Log files, including the damaged one; the digest is not counted.
  files: number
  damaged: { key: string; records: number }
  digest: string
  // Readable records: records = distinct + repeats.
  records: number
  distinct: number
  repeats: number
  denied: number
  sessions: { started: number; denied: number; terminated: number; resumed: number }
  days: Record<string, number>
  accounts: Record<string, number>
  categories: Record<string, number>
  types: Record<string, number>
  sources: Record<string, number>
  objects: { key: string; records: number; repeats: number }[]
}

export interface Samples {
  // CloudTrail's files.
  files: SampleFile[]
  // Files of all other logs, a folder for each bucket.
  others: LogFile[]
  manifest: Manifest
}

const EVENTS = 4000
const FOLDER = join('samples', 'logs')

export function makeSamples(): Samples {
  const week = playWeek(EVENTS + LOST_EVENTS)
  const deliveries = deliver(week)
  const digest = makeDigest(deliveries)
  const files = deliveries.map((each) => ({ key: each.key, raw: rawJson(each), damaged: each.damaged }))
  return {
    files: [...files, { ...digest, damaged: false }],
    others: [...sessionLogs(week), ...invocationLogs(week), ...captures(week), ...notices(week)],
    manifest: describe(deliveries, digest.key),
  }
}

// Cut off in the middle, as a broken upload leaves it.
export function compress(file: SampleFile): Buffer {
  const whole = gzipSync(file.raw)
  return file.damaged ? whole.subarray(0, Math.floor(whole.length * 0.6)) : whole
}

function describe(deliveries: Delivery[], digest: string): Manifest {
  const damaged = deliveries.filter((each) => each.damaged)
  const [broken] = damaged
  if (!broken || damaged.length !== 1) throw new Error('exactly one file is to be damaged')
  const readable = deliveries.filter((each) => !each.damaged)
  const records = readable.reduce((total, each) => total + each.entries.length, 0)
  const distinct = [
    ...new Map(readable.flatMap((each) => each.entries.map((entry) => [entry.id, entry]))).values(),
  ]
  function having(name: string): Entry[] {
    return distinct.filter(
      (each) => each.record.eventSource === 'ssm.amazonaws.com' && each.record.eventName === name,
    )
  }
  const starts = having('StartSession')
  if (starts.length !== SESSIONS.length) throw new Error('a privileged session got lost')
  return {
    files: deliveries.length,
    damaged: { key: broken.key, records: broken.entries.length },
    digest,
    records,
    distinct: distinct.length,
    repeats: records - distinct.length,
    denied: distinct.filter(isDenied).length,
    sessions: {
      started: starts.filter((each) => !isDenied(each)).length,
      denied: starts.filter(isDenied).length,
      terminated: having('TerminateSession').length,
      resumed: having('ResumeSession').length,
    },
    days: count(distinct, (each) => isoTime(each.at).slice(0, 10)),
    accounts: count(distinct, (each) => each.account),
    categories: count(distinct, (each) => each.record.eventCategory as string),
    types: count(distinct, (each) => each.record.eventType as string),
    sources: count(distinct, (each) => (each.record.eventSource as string | undefined) ?? ''),
    objects: deliveries.map((each) => ({
      key: each.key,
      records: each.damaged ? 0 : each.entries.length,
      repeats: each.repeats,
    })),
  }
}

function isDenied(entry: Entry): boolean {
  return /AccessDenied/.test((entry.record.errorCode as string | undefined) ?? '')
}

function count(entries: Entry[], keyOf: (entry: Entry) => string): Record<string, number> {
  const groups = groupBy(entries, keyOf)
  return Object.fromEntries([...groups.keys()].sort().map((key) => [key, groups.get(key)?.length ?? 0]))
}

function main(): void {
  const { files, others, manifest } = makeSamples()
  rmSync(FOLDER, { recursive: true, force: true })
  for (const { key, bytes } of [
    ...files.map((file) => ({ key: file.key, bytes: compress(file) })),
    ...others,
  ]) {
    const path = join(FOLDER, key)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, bytes)
  }
  writeFileSync(join('samples', 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`)
  process.stdout.write(`${manifest.files} files, ${manifest.records} records, ${DAYS.length} days\n`)
}

if (process.argv[1] === import.meta.filename) main()
