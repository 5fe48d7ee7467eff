import type { DuckDBValue } from '@duckdb/node-api'
import type { DataFile, Predicate } from '../../lake/iceberg/index.ts'
import { DAY, holds, type TableDefinition, type TableKey } from '../../lake/table.ts'
import type { LakeVersion } from '../../lake/version.ts'
import { identifier, literal, sql } from '../../lib/sql.ts'
import type { Answer } from '../answer.ts'
import { predicatesOf, type Scope } from '../scope.ts'
import { isoTime } from '../values.ts'
import { type Asked, recognise } from './recognise.ts'

export interface FoundRow {
  table: string
  /** ISO 8601; null for a row without a time. */
  time: string | null
  /** The row's own id, which `record` takes. */
  id: string | null
  /** The column that has the value. */
  column: string
  account: string | null
  region: string | null
  who: string | null
  what: string | null
  /** The whole row as JSON, where requested. */
  row?: string
}

export interface Found {
  /** The kinds that the text was recognised as. */
  asked: Asked[]
  /** Sorted by time. */
  rows: FoundRow[]
  /** Whether more rows match than were returned; the newest are returned. */
  more: boolean
  tables: { table: string; rows: number; files: { read: number; all: number } }[]
  /** Data files that were opened, and all files. */
  files: { read: number; all: number }
}

export interface FindOptions {
  scope?: Scope
  /** Maximum number of rows. */
  limit: number
  /** Whether each row is returned whole. */
  whole?: boolean
}

/** The column that identifies rows of a table. */
function idOf({ key, columns }: TableDefinition): string | undefined {
  return key?.[0] ?? columns.find(({ name }) => name === 'id')?.name
}

/** Runs SQL over a table; only these of its files are opened. */
export type AskFiles = (
  question: string,
  files: ReadonlyMap<string, readonly DataFile[]>,
  values: Record<string, DuckDBValue>,
) => Promise<Answer>

const WHO = [
  'actor',
  'identity_session',
  'identity_name',
  'who',
  'person',
  'useridentity_arn',
  'userprofilename',
]
const WHAT = [
  'eventname',
  'title',
  'operation',
  'detail_type',
  'metric_name',
  'type',
  'kind',
  'outcome',
  'loggroup',
]

const url = (name: string) => new URL(`../sql/${name}`, import.meta.url)

/**
 * Finds the rows that have a value, in every table and column declared for its kind. File filters name the
 * files that can have it; where none can, no SQL runs.
 */
export async function find(
  version: LakeVersion,
  tables: Iterable<TableDefinition>,
  text: string,
  ask: AskFiles,
  options: FindOptions,
): Promise<Found> {
  const asked = recognise(text)
  const found: Found = { asked, rows: [], more: false, tables: [], files: { read: 0, all: 0 } }
  for (const table of tables) {
    const wanted = wantedOf(table, asked)
    if (wanted.length === 0) continue
    const one = await findIn(version, table, wanted, ask, options)
    if (!one) continue
    found.rows.push(...one.rows)
    found.more ||= one.more
    found.files.read += one.files.read
    found.files.all += one.files.all
    if (one.files.read > 0) found.tables.push({ table: table.name, rows: one.rows.length, files: one.files })
  }
  const order = (row: FoundRow) => row.time ?? ''
  found.rows.sort((a, b) => (order(a) < order(b) ? -1 : order(a) > order(b) ? 1 : 0))
  if (found.rows.length > options.limit) {
    found.more = true
    found.rows = found.rows.slice(-options.limit)
    for (const one of found.tables) one.rows = found.rows.filter(({ table }) => table === one.table).length
  }
  return found
}

interface Wanted {
  key: TableKey
  values: string[]
}

function wantedOf({ keys = [] }: TableDefinition, asked: readonly Asked[]): Wanted[] {
  return keys.flatMap((key) => {
    const kinds = [key.is].flat()
    const values = [...new Set(asked.filter(({ is }) => kinds.includes(is)).map(({ value }) => value))]
    return values.length === 0 ? [] : [{ key, values }]
  })
}

function predicateOf({ key: { column, path }, values }: Wanted): Predicate {
  if (path !== undefined) return { column, op: 'has', path, values }
  return values.length === 1 ? { column, op: '=', value: values[0] as string } : { column, op: 'in', values }
}

async function findIn(
  version: LakeVersion,
  table: TableDefinition,
  wanted: readonly Wanted[],
  ask: AskFiles,
  { scope = {}, limit, whole = false }: FindOptions,
): Promise<Pick<Found, 'rows' | 'more' | 'files'> | undefined> {
  const current = await version.table(table.name)
  if (!current) return undefined
  const rows: FoundRow[] = []
  const read = new Set<string>()
  let more = false
  const before: string[] = []
  for (const one of wanted) {
    const condition = conditionOf(one)
    const files = await current.files([predicateOf(one), ...predicatesOf(table, scope)])
    if (files.length > 0) {
      for (const { path } of files) read.add(path)
      const question = questionOf(table, { one, condition, before, limit: limit + 1, whole, id: idOf(table) })
      const answer = await ask(question, new Map([[table.name, files]]), {})
      try {
        let count = 0
        for await (const row of answer.rows()) {
          if (++count > limit) more = true
          else rows.push(foundRow(table, one, row))
        }
      } finally {
        answer.close()
      }
    }
    before.push(condition)
  }
  const all = (await current.manifests()).reduce(
    (sum, { addedFiles, existingFiles }) => sum + addedFiles + existingFiles,
    0,
  )
  return { rows, more, files: { read: read.size, all } }
}

function conditionOf({ key: { column, path }, values }: Wanted): string {
  const name = identifier(column)
  const texts = values.map(literal)
  if (path === undefined)
    return values.length === 1 ? `${name} = ${texts[0]}` : `${name} in (${texts.join(', ')})`
  const found = `json_extract_string(${name}, ${literal(path)})`
  // JSON is parsed only where the raw text contains the value; a text with quotes or the like is escaped
  // there, so it cannot be searched for.
  const plain = values.every((value) => /^[\w.:@/-]+$/.test(value) && !value.includes('/'))
  const near = plain ? `(${texts.map((text) => `contains(${name}, ${text})`).join(' or ')}) and ` : ''
  const has = path.includes('*')
    ? `list_has_any(${found}, [${texts.join(', ')}])`
    : `${found} in (${texts.join(', ')})`
  return `${near}${has}`
}

function questionOf(
  table: TableDefinition,
  {
    one,
    condition,
    before,
    limit,
    whole,
    id,
  }: {
    one: Wanted
    condition: string
    before: readonly string[]
    limit: number
    whole: boolean
    id: string | undefined
  },
): string {
  const names = new Set(table.columns.map(({ name }) => name))
  const column = (name: string | undefined) =>
    name !== undefined && names.has(name) ? identifier(name) : 'null'
  const first = (among: readonly string[]) => {
    const there = among.filter((name) => names.has(name) && name !== one.key.column)
    return there.length === 0
      ? 'null'
      : `coalesce(${there.map((name) => `${identifier(name)}::varchar`).join(', ')})`
  }
  const holding = (kind: string) => column(table.columns.find((other) => holds(other, kind))?.name)
  return sql(url('find.sql'), {
    table: identifier(table.name),
    time: table.time === undefined ? `${identifier(DAY)}::timestamptz` : identifier(table.time),
    id: column(id),
    account: holding('account'),
    region: holding('region'),
    who: first(WHO),
    what: first(WHAT),
    row: whole ? 'to_json(whole_row)::varchar' : 'null',
    condition: [condition, ...before.map((other) => `(${other}) is not true`)].join(' and '),
    limit: String(limit),
  })
}

function foundRow(table: TableDefinition, { key }: Wanted, row: readonly DuckDBValue[]): FoundRow {
  const [micros] = row
  const [id, account, region, who, what, whole] = row
    .slice(1)
    .map((value) => (value === null ? null : String(value)))
  return {
    table: table.name,
    time: typeof micros === 'bigint' ? isoTime(micros) : null,
    id: id ?? null,
    column: key.column,
    account: account ?? null,
    region: region ?? null,
    who: who ?? null,
    what: what ?? null,
    ...(whole === null || whole === undefined ? {} : { row: whole }),
  }
}
