import { createHash } from 'node:crypto'
import { DuckDBBlobValue, DuckDBDateValue, DuckDBTimestampTZValue, type DuckDBValue } from '@duckdb/node-api'
import type { Lake } from '../../src/lake/lake.ts'
import type { TableColumnType, TableDefinition } from '../../src/lake/table.ts'
import type { LakeVersion } from '../../src/lake/version.ts'
import { identifier } from '../../src/lib/sql.ts'
import { ask } from '../../src/query/question.ts'
import type { Facts, Measure, SnapshotFacts, WrittenRow } from './contract.ts'
import type { Job } from './readers.ts'

/** What loglake says of a table. */
export async function ownFacts(
  lake: Lake,
  { name, columns }: TableDefinition,
  { distinct, sample }: Pick<Job, 'distinct' | 'sample'>,
): Promise<Facts> {
  const table = identifier(name)
  const select = columns.map((column) => identifier(column.name)).join(', ')
  const rows = (await rowsOf(lake, `select ${select} from ${table}`)).map((row) => row.map(written))
  const at = columns.findIndex((column) => column.name === sample.column)
  const wanted = columns.flatMap(({ name: column, type }) => {
    const value = identifier(column)
    const numbers = `count(${value}), coalesce(sum(${NUMBER[type](value)}), 0)`
    return distinct.includes(column) ? `${numbers}, count(distinct ${value})` : `${numbers}, null`
  })
  const [told = []] = await rowsOf(lake, `select ${wanted.join(', ')} from ${table}`)
  const measures = columns.map(({ name: column }, index) => {
    const [values, total, different] = told.slice(index * 3, index * 3 + 3)
    const measure: Measure = { values: Number(values), total: String(total) }
    return [column, different === null ? measure : { ...measure, distinct: Number(different) }] as const
  })
  return {
    rows: rows.length,
    digest: digestOf(rows),
    measures: Object.fromEntries(measures),
    samples: sorted(rows.filter((row) => sample.values.includes(row[at] ?? ''))),
  }
}

/** What loglake says of a table as an earlier version of the lake had it. */
export async function snapshotFacts(
  lake: Lake,
  version: LakeVersion,
  table: string,
  column: string,
): Promise<SnapshotFacts> {
  const value = identifier(column)
  const question = `select count(*), count(${value}), count(distinct ${value}) from ${identifier(table)}`
  const [[rows, values, distinct] = []] = await rowsOf(lake, question, version)
  return { rows: Number(rows), values: Number(values), distinct: Number(distinct) }
}

export async function rowsOf(lake: Lake, question: string, version?: LakeVersion): Promise<DuckDBValue[][]> {
  const answer = await ask(lake, question, version ? { version } : {})
  try {
    const rows: DuckDBValue[][] = []
    for await (const row of answer.rows()) rows.push(row)
    return rows
  } finally {
    answer.close()
  }
}

export function digestOf(rows: readonly WrittenRow[]): string {
  const lines = rows.map((row) => hash(JSON.stringify(row))).sort()
  return hash(lines.join(''))
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** Rows in the order of their lines' bytes, which is Python's order of texts. */
function sorted(rows: WrittenRow[]): WrittenRow[] {
  const line = (row: WrittenRow) => Buffer.from(JSON.stringify(row))
  return rows.sort((one, other) => line(one).compare(line(other)))
}

function written(value: DuckDBValue): string | null {
  if (value === null) return null
  if (value instanceof DuckDBTimestampTZValue) return String(value.micros)
  if (value instanceof DuckDBDateValue) return String(value.days)
  if (value instanceof DuckDBBlobValue) return Buffer.from(value.bytes).toString('hex')
  if (typeof value === 'number') return doubleBits(value)
  return String(value)
}

/** A double's bits in hex: each reader writes its digits in its own way. */
export function doubleBits(value: number): string {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleBE(value)
  return bytes.toString('hex')
}

const NUMBER: Record<TableColumnType, (value: string) => string> = {
  string: (value) => `strlen(${value})`,
  json: (value) => `strlen(${value})`,
  binary: (value) => `octet_length(${value})`,
  boolean: (value) => `${value}::integer`,
  long: (value) => value,
  // In whole numbers: a sum of doubles depends on their order.
  double: (value) => `floor(abs(${value}))::hugeint`,
  date: (value) => `${value} - date '1970-01-01'`,
  timestamptz: (value) => `epoch_us(${value})::hugeint`,
}
