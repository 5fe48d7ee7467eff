import { basename } from 'node:path'
import { listCatalog } from '../../src/lake/catalog.ts'
import type { Predicate } from '../../src/lake/iceberg/index.ts'
import type { Lake } from '../../src/lake/lake.ts'
import type { TableDefinition } from '../../src/lake/table.ts'
import type { LakeVersion, TableVersion } from '../../src/lake/version.ts'
import { identifier, literal } from '../../src/lib/sql.ts'
import type { Facts, SnapshotFacts } from './contract.ts'
import { ownFacts, rowsOf, snapshotFacts } from './facts.ts'
import { TEXTS, TIMESTAMPS } from './hostile.ts'
import type { Job, ReaderPredicate } from './readers.ts'

/** A job for the readers, and what loglake itself says to it. */
export interface Task {
  definition: TableDefinition
  table: TableVersion
  job: Job
  facts: Facts
  /** Names of the table's data files. */
  files: string[]
  /** What loglake reads for each of the job's predicates. */
  planned: { files: string[]; rows: number }[]
  snapshots: Record<string, SnapshotFacts>
}

interface Wanted {
  distinct: string[]
  sample: Job['sample']
  /** What leaves out files in every reader, at every stage. */
  narrow: ReaderPredicate[][]
  /** What need not leave any out. */
  other: ReaderPredicate[][]
}

const DAY: ReaderPredicate = { column: 'lake_day', op: '=', value: '2026-01-07' }

const WANTED: Record<string, Wanted> = {
  cloudtrail: {
    distinct: ['eventid', 'useridentity_arn', 'eventname', 'lake_object', 'lake_day', 'readonly'],
    sample: {
      column: 'eventid',
      values: [
        ...TEXTS.map((_, place) => `text-${place}`),
        ...TIMESTAMPS.map((_, place) => `moment-${place}`),
      ],
    },
    narrow: [
      [DAY],
      [{ column: 'lake_day', op: '<', value: '2026-01-06' }],
      [{ column: 'lake_day', op: 'is null' }],
      [
        { column: 'eventtime', op: '>=', value: '2026-01-07T12:00:00+00:00' },
        { column: 'eventtime', op: '<', value: '2026-01-07T18:00:00+00:00' },
      ],
      [{ column: 'eventtime', op: '<', value: '1970-01-01T00:00:00+00:00' }],
      [{ column: 'eventtime', op: '>', value: '2026-01-09T12:00:00.000001+00:00' }],
    ],
    other: [
      [{ column: 'eventname', op: '=', value: 'StartSession' }],
      ...TEXTS.filter((text) => text.length < 100).map((value): ReaderPredicate[] => [
        { column: 'useridentity_arn', op: '>=', value },
        { column: 'eventname', op: '=', value },
      ]),
      [{ column: 'readonly', op: 'is null' }],
    ],
  },
  ledger: {
    distinct: ['lake_object', 'outcome', 'sha256'],
    sample: { column: 'lake_object', values: [] },
    narrow: [[DAY]],
    other: [[{ column: 'lake_day', op: 'is null' }], [{ column: 'outcome', op: '=', value: 'rejected' }]],
  },
  reject: {
    distinct: ['id', 'code'],
    sample: { column: 'id', values: [] },
    narrow: [[DAY]],
    other: [[{ column: 'lake_day', op: 'is null' }], [{ column: 'code', op: '=', value: 'damaged-gzip' }]],
  },
}

/** What is asked of a table: of most, their ids and one day. */
export function wantedOf({ name, key = [] }: TableDefinition): Wanted {
  const [id = ''] = key
  return WANTED[name] ?? { distinct: [id], sample: { column: id, values: [] }, narrow: [], other: [[DAY]] }
}

/** The work on every table of the lake as it is now. */
export async function tasksOf(lake: Lake): Promise<Task[]> {
  const newest = await lake.newest()
  const tasks: Task[] = []
  for (const definition of lake.tables.values()) {
    const table = await newest.table(definition.name)
    // Nothing has been put aside from a queue.
    if (!table) continue
    // A table has the columns that the code wants from its next commit on.
    const known = new Set(table.schema.fields.map(({ name }) => name))
    const columns = definition.columns.filter(({ name }) => known.has(name))
    tasks.push(await taskOf(lake, { ...definition, columns }, table))
  }
  return tasks
}

async function taskOf(lake: Lake, definition: TableDefinition, table: TableVersion): Promise<Task> {
  const { name, columns } = definition
  const { distinct, sample, narrow, other } = wantedOf(definition)
  const files = await table.files()
  const predicates = [...narrow, ...other]
  const snapshots = await earlierSnapshots(lake, definition, table, sample.column)
  const [first] = await rowsOf(
    lake,
    `select ${identifier(sample.column)} from ${identifier(name)} order by 1 limit 1`,
  )
  const job: Job = {
    folder: table.metadata.location,
    metadata: `${table.metadata.location}/${table.entry.metadata}`,
    dataFiles: await Promise.all(files.map(({ path }) => lake.storage.local(table.keyOf(path)))),
    columns: columns.map((column) => column.name),
    distinct,
    sample: { ...sample, values: [...sample.values, String(first?.[0])] },
    predicates,
    snapshots: Object.keys(snapshots).map(Number),
  }
  const planned: Task['planned'] = []
  for (const each of predicates) {
    const question = `select count(*) from ${identifier(name)} where ${each.map((one) => condition(definition, one)).join(' and ')}`
    const [[rows] = []] = await rowsOf(lake, question)
    planned.push({ files: names(await table.files(each satisfies Predicate[])), rows: Number(rows) })
  }
  const facts = await ownFacts(lake, definition, job)
  return { definition, table, job, facts, files: names(files), planned, snapshots }
}

function names(files: readonly { path: string }[]): string[] {
  return files.map(({ path }) => basename(path)).sort()
}

function condition({ columns }: TableDefinition, predicate: ReaderPredicate): string {
  const column = identifier(predicate.column)
  if (predicate.op === 'is null') return `${column} is null`
  // DuckDB ends a statement at NUL.
  const value = predicate.value.split('\0').map(literal).join(' || chr(0) || ')
  const type = columns.find(({ name }) => name === predicate.column)?.type
  const typed = type === 'date' || type === 'timestamptz' ? `${value}::${type}` : value
  return `${column} ${predicate.op} ${typed}`
}

/** Some of the snapshots that the table still lists, as the lake's own earlier versions tell them. */
async function earlierSnapshots(
  lake: Lake,
  { name }: TableDefinition,
  table: TableVersion,
  column: string,
): Promise<Record<string, SnapshotFacts>> {
  const current = table.metadata['current-snapshot-id']
  const listed = table.metadata.snapshots.map((snapshot) => snapshot['snapshot-id'])
  const earlier = listed.filter((snapshot) => snapshot !== current)
  const chosen = new Set([0, 1, Math.floor(earlier.length / 2), earlier.length - 1].map((at) => earlier[at]))
  const told: Record<string, SnapshotFacts> = {}
  for (const version of await versionsOf(lake)) {
    const snapshot = (await version.table(name))?.metadata['current-snapshot-id']
    if (snapshot === undefined || !chosen.delete(snapshot as number)) continue
    told[String(snapshot)] = await snapshotFacts(lake, version, name, column)
  }
  chosen.delete(undefined)
  if (chosen.size > 0) throw new Error(`${name}: no version of the lake shows ${[...chosen].join(', ')}`)
  return told
}

/** The versions that can be read; the others were given up, and only their marks are there. */
async function versionsOf({ at, storage }: Lake): Promise<LakeVersion[]> {
  const { versions } = await listCatalog(storage)
  return await Promise.all(versions.map((number) => at(number)))
}
