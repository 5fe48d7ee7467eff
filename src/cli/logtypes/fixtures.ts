import { existsSync, realpathSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import type { DuckDBValue } from '@duckdb/node-api'
import { ingest } from '../../ingest/ingest.ts'
import { type Lake, openLake } from '../../lake/lake.ts'
import { localStorage } from '../../lake/storage/local.ts'
import { ownTables } from '../../ledger/tables.ts'
import { UserError } from '../../lib/errors.ts'
import { identifier } from '../../lib/sql.ts'
import type { Definition } from '../../onboard/definition.ts'
import { allLogTypes } from '../../onboard/logtype.ts'
import { ask } from '../../query/question.ts'
import { folder } from '../../sources/folder.ts'
import { tableOf } from '../../tables/index.ts'

/** Rows and rejects in the form of an expectation, in order: without nulls, times as text. */
export type WrittenRow = Record<string, string | number | boolean>

/** The outcome of a fixture: an object, or a folder of several. */
export interface Tried {
  case: string
  rows: WrittenRow[]
  rejects: WrittenRow[]
  /** Records that other log types took, by their names. */
  elsewhere: string[]
  /** Why objects were excluded as a whole. */
  skipped: string[]
  /** Records with the id and time of an earlier one: with the same content, and with different content. */
  repeated: number
  conflicting: number
}

/** Fixtures are hashed with a public key, so that their rows are the same everywhere. */
const KNOWN_KEY = 'the key of loglake logtypes test'

const EXPECTATION = /\.(rows|rejects)\.json$/

/** Ingests a log type's fixtures into a temporary lake like any object, and reads the result back. */
export async function tryFixtures(definition: Definition): Promise<Tried[]> {
  const place = join(dirname(definition.file), 'fixtures')
  if (!existsSync(place)) throw new UserError(`${place} is missing: put an object in it, as it is delivered`)
  const fixtures = realpathSync(place)
  const root = await mkdtemp(join(tmpdir(), 'loglake-logtypes-'))
  try {
    const onboarded = { definitions: [definition], hashKey: KNOWN_KEY }
    const tables = [...allLogTypes(onboarded).map(tableOf), ...ownTables]
    const lake = openLake(localStorage(join(root, 'lake')), tables)
    const wanted = (uri: string) => !EXPECTATION.test(uri)
    await ingest(lake, folder([fixtures]), { threads: 1, memory: '512MiB', onboarded, wanted })
    const tried = await readBack(lake, definition, fixtures)
    if (tried.length === 0) throw new UserError(`${place} is empty: put an object in it, as it is delivered`)
    return tried
  } finally {
    await rm(root, { recursive: true, force: true })
  }
}

async function readBack(lake: Lake, definition: Definition, fixtures: string): Promise<Tried[]> {
  const tried = new Map<string, Tried>()
  const caseOf = (uri: unknown): Tried => {
    const [first = ''] = relative(fixtures, String(uri)).split(/[/\\]/)
    const name = relative(fixtures, String(uri)) === first ? (first.split('.')[0] ?? first) : first
    const found = tried.get(name) ?? {
      case: name,
      rows: [],
      rejects: [],
      elsewhere: [],
      skipped: [],
      repeated: 0,
      conflicting: 0,
    }
    tried.set(name, found)
    return found
  }
  for (const { lake_object, logtype, reason, repeated, conflicting } of await rows(
    lake,
    'select lake_object, logtype, reason, records_repeated as repeated, records_conflicting as conflicting from ledger order by all',
  )) {
    const one = caseOf(lake_object)
    const { elsewhere, skipped } = one
    one.repeated += Number(repeated)
    one.conflicting += Number(conflicting ?? 0)
    const others = String(logtype ?? '')
      .split(', ')
      .filter((name) => name !== '' && name !== definition.name)
    elsewhere.push(...others.filter((name) => !elsewhere.includes(name)))
    if (logtype === null && reason !== null) skipped.push(String(reason))
  }
  const columns = [...definition.columns, { name: 'unmapped', type: 'json' }].map(plainColumn).join(', ')
  for (const { lake_object, ...row } of await rows(
    lake,
    `select ${columns}, lake_object from ${identifier(definition.name)}`,
  )) {
    caseOf(lake_object).rows.push(written(row))
  }
  for (const { lake_object, ...reject } of await rows(
    lake,
    'select code, reason, position, octet_length(bytes) as bytes, lake_object from reject order by lake_object, position',
  )) {
    caseOf(lake_object).rejects.push(written(reject))
  }
  const key = (row: WrittenRow) => `${row[definition.time]} ${row[definition.id]} ${JSON.stringify(row)}`
  for (const { rows: own } of tried.values()) own.sort((one, other) => (key(one) < key(other) ? -1 : 1))
  return [...tried.values()].sort((one, other) => (one.case < other.case ? -1 : 1))
}

/** Times as in `2026-01-07T22:16:43.5Z`. */
function plainColumn({ name, type }: { name: string; type: string }): string {
  const column = identifier(name)
  if (type === 'date') return `${column}::varchar as ${column}`
  if (type !== 'timestamptz') return column
  const text = `strftime(make_timestamp(epoch_us(${column})), '%Y-%m-%dT%H:%M:%S.%fZ')`
  return `regexp_replace(${text}, '\\.?0+Z$', 'Z') as ${column}`
}

function written(row: Record<string, DuckDBValue>): WrittenRow {
  const entries = Object.entries(row).flatMap(([name, value]) => {
    if (value === null || value === undefined) return []
    if (typeof value !== 'bigint') return [[name, value as string | number | boolean] as const]
    // JSON parsers would round a number beyond 2^53.
    return [[name, Number.isSafeInteger(Number(value)) ? Number(value) : String(value)] as const]
  })
  return Object.fromEntries(entries)
}

async function rows(lake: Lake, sql: string): Promise<Record<string, DuckDBValue>[]> {
  const answer = await ask(lake, sql)
  try {
    const found: Record<string, DuckDBValue>[] = []
    for await (const row of answer.rows())
      found.push(Object.fromEntries(answer.columns.map((column, at) => [column, row[at] ?? null])))
    return found
  } finally {
    answer.close()
  }
}
