import { type DigestReport, digestStanding } from '../digests/report.ts'
import { type MirrorStanding, mirrorStanding } from '../engines/mirror/standing.ts'
import { type FollowerStanding, followersOf } from '../follow/standing.ts'
import type { Lake } from '../lake/lake.ts'
import { stops } from '../lake/stop.ts'
import { rowsIn } from '../lake/version.ts'
import type { EngineLimits, Values } from '../lib/duckdb.ts'
import { sql } from '../lib/sql.ts'
import { ask } from '../query/question.ts'
import type { SourceSettings } from '../sources/index.ts'
import { type StampStanding, stampStanding } from '../witness/stamp/standing.ts'
import { type Delivered, type Hole, holes } from './holes.ts'
import { type Asking, type Waiting, waitingOf } from './waiting.ts'

/** The state of a lake. Times are in milliseconds since 1970. */
export interface Status {
  version: number
  sources: SourceStatus[]
  logtypes: LogTypeStatus[]
  followers: FollowerStanding[]
  /** How far the Glue Data Catalog is behind; undefined when the lake was never mirrored. */
  mirror?: MirrorStanding
  /** The state of the time stamps of the lake's log; undefined when no authority was ever asked. */
  stamps?: StampStanding
  total: Delivery
  /** Days and hours without a file whose neighbours have some. */
  holes: Hole[]
  /** What CloudTrail's digests prove of its log files, by day; null where the lake has none. */
  digests: Pick<DigestReport, 'days' | 'total'> | null
}

export interface SourceStatus extends Delivery {
  name: string
  /** Undefined when the source is in the lake but not in the configuration. */
  type?: string
  stopped: boolean
  waiting: Waiting
  lastCommitMs?: number
  /** The time of its newest record. */
  newestMs?: number
  /** Objects that its filter excluded. */
  filtered: Filtered[]
}

/** Objects excluded by one filter. */
export interface Filtered {
  /** As in `left out by its account`. */
  reason: string
  objects: number
  /** The first by name. */
  first: string
  last: string
  lastCommitMs: number
}

/** What was delivered, and how much of it is in the lake. */
export interface Delivery {
  objects: { read: number; rejected: number; deadLetters: number; waiting?: number }
  /**
   * read = stored + repeated + skipped + rejected; of the rejected, `conflicts` have the id and time of
   * another record.
   */
  records: {
    read: number
    stored: number
    repeated: number
    skipped: number
    rejected: number
    conflicts: number
  }
  /**
   * Percentages of delivered objects, and of the records in them, that are in the lake. 100 when nothing was
   * delivered.
   */
  percent: { objects: number; records: number }
}

export interface LogTypeStatus {
  name: string
  rows: number
  objects: number
  repeated: number
  rejected: number
  lastCommitMs?: number
  newestMs?: number
}

type Row = Record<string, unknown>

/**
 * The state of the lake, and the objects that wait for it.
 *
 * @param configured the sources of the configuration, by their names
 * @param days how far back holes are searched, from the newest day in the lake
 */
export async function statusOf(
  lake: Lake,
  configured: Readonly<Record<string, SourceSettings>>,
  { days, limits, ...asking }: Asking & { days: number; limits: EngineLimits },
): Promise<Status> {
  const version = await lake.newest()
  const answer = (name: string, values: Values = {}) => rows(lake, name, values, limits)
  const seen = new Map((await answer('sources')).map((row) => [String(row.source), row]))
  const deadLetters = new Map(
    (await answer('deadletters')).map(({ source, letters }) => [String(source), Number(letters)]),
  )
  const filtered = (await answer('leftout')).map(filteredOf)
  const stopped = new Set((await stops(lake)).map(({ source }) => source))
  const names = new Set([...Object.keys(configured), ...seen.keys(), ...deadLetters.keys()])
  const sources: SourceStatus[] = []
  for (const name of names) {
    const settings = configured[name]
    const row = seen.get(name) ?? {}
    const waiting = settings ? await waitingOf(lake, name, settings, asking) : {}
    sources.push({
      name,
      ...(settings ? { type: settings.type } : {}),
      stopped: stopped.has(name),
      waiting,
      ...delivery(row, deadLetters.get(name) ?? 0, waiting.objects),
      ...timestamps(row),
      filtered: filtered.flatMap(({ source, ...rest }) => (source === name ? [rest] : [])),
    })
  }
  const logtypes = await Promise.all(
    (await answer('logtypes')).map(async (row): Promise<LogTypeStatus> => {
      const name = String(row.logtype)
      const files = (await (await version.table(name))?.files()) ?? []
      return {
        name,
        rows: rowsIn(files),
        objects: Number(row.objects),
        repeated: Number(row.records_repeated),
        rejected: Number(row.records_rejected),
        ...timestamps(row),
      }
    }),
  )
  const delivered = (await answer('days', { days })).map(
    ({ files, hours, ...row }) =>
      ({
        ...row,
        files: Number(files),
        hours: itemsOf(hours).flatMap((hour) => (hour === null ? [] : [Number(hour)])),
      }) as unknown as Delivered,
  )
  const mirror = await mirrorStanding(lake, version)
  const stamps = await stampStanding(lake.storage)
  return {
    version: version.number,
    ...(mirror ? { mirror } : {}),
    ...(stamps ? { stamps } : {}),
    sources,
    logtypes,
    followers: await followersOf(version),
    total: totalOf(sources),
    holes: holes(delivered),
    digests: await digestStanding(lake, limits),
  }
}

function filteredOf(row: Row): Filtered & { source: string } {
  const { source, reason, objects, first, last, last_commit_ms } = row
  return {
    source: String(source),
    reason: String(reason),
    objects: Number(objects),
    first: String(first),
    last: String(last),
    lastCommitMs: Number(last_commit_ms),
  }
}

/** The rows of a query of this folder. */
export async function rows(lake: Lake, name: string, values: Values, limits: EngineLimits): Promise<Row[]> {
  const answer = await ask(lake, sql(new URL(`./sql/${name}.sql`, import.meta.url)), {
    values,
    limits,
    views: [],
  })
  try {
    const found: Row[] = []
    for await (const row of answer.rows())
      found.push(Object.fromEntries(answer.columns.map((column, at) => [column, row[at]])))
    return found
  } finally {
    answer.close()
  }
}

/** DuckDB returns a list as an object with its items. */
function itemsOf(list: unknown): unknown[] {
  return (list as { items?: unknown[] } | null)?.items ?? []
}

function delivery(row: Row, deadLetters: number, waiting: number | undefined): Delivery {
  const count = (column: string) => Number(row[column] ?? 0)
  return withPercent(
    {
      read: count('objects'),
      rejected: count('objects_rejected'),
      deadLetters,
      ...(waiting === undefined ? {} : { waiting }),
    },
    {
      read: count('records_read'),
      stored: count('records_stored'),
      repeated: count('records_repeated'),
      skipped: count('records_skipped'),
      rejected: count('records_rejected'),
      conflicts: count('records_conflicting'),
    },
  )
}

function withPercent(objects: Delivery['objects'], records: Delivery['records']): Delivery {
  const known = objects.read + objects.deadLetters + (objects.waiting ?? 0)
  return {
    objects,
    records,
    percent: {
      objects: percent(objects.read - objects.rejected, known),
      // A repeated record is in the lake, from another object.
      records: percent(records.stored + records.repeated, records.read),
    },
  }
}

/** Never 100 while something is missing. */
function percent(part: number, whole: number): number {
  return whole === 0 ? 100 : Math.floor((part * 10_000) / whole) / 100
}

function totalOf(sources: readonly SourceStatus[]): Delivery {
  const sum = (of: (source: SourceStatus) => number) =>
    sources.reduce((total, source) => total + of(source), 0)
  return withPercent(
    {
      read: sum(({ objects }) => objects.read),
      rejected: sum(({ objects }) => objects.rejected),
      deadLetters: sum(({ objects }) => objects.deadLetters),
      waiting: sum(({ objects }) => objects.waiting ?? 0),
    },
    {
      read: sum(({ records }) => records.read),
      stored: sum(({ records }) => records.stored),
      repeated: sum(({ records }) => records.repeated),
      skipped: sum(({ records }) => records.skipped),
      rejected: sum(({ records }) => records.rejected),
      conflicts: sum(({ records }) => records.conflicts),
    },
  )
}

function timestamps({ last_commit_ms, newest_ms }: Row): { lastCommitMs?: number; newestMs?: number } {
  const known = (value: unknown) => value !== null && value !== undefined
  return {
    ...(known(last_commit_ms) ? { lastCommitMs: Number(last_commit_ms) } : {}),
    ...(known(newest_ms) ? { newestMs: Number(newest_ms) } : {}),
  }
}
