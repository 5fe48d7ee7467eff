import type { DuckDBValue } from '@duckdb/node-api'
import type { Engine } from '../../lib/duckdb.ts'
import { isOutOfMemory } from '../../lib/errors.ts'
import { identifier, sql } from '../../lib/sql.ts'
import { counted as amount } from '../../lib/terminal.ts'
import { decodeFilter, filterKeyOf, heldBy } from '../file-filter.ts'
import { askedKeys } from '../fuse.ts'
import { hashIn, hashOfFile } from '../hash.ts'
import { compareBounds, type DataFile, type Field, toBytes, type Value } from '../iceberg/index.ts'
import { readParquet } from '../parquet.ts'
import { filteredColumns, stagedKeys } from '../staged-keys.ts'
import type { Storage } from '../storage/contract.ts'
import { DAY, type TableDefinition } from '../table.ts'
import type { TableVersion } from '../version.ts'
import { type Finding, findingOf, INGEST_AGAIN, RESTORE } from './findings.ts'

const url = (name: string) => new URL(`./${name}`, import.meta.url)

/** Re-reads one data file and compares it with its metadata. It is sound when its rows can be counted. */
export async function verifyFile(
  engine: Engine,
  storage: Storage,
  definition: TableDefinition,
  table: TableVersion,
  file: DataFile,
): Promise<{ sound: boolean; findings: Finding[] }> {
  const wrong = (code: string, message: string) => ({
    sound: false,
    findings: [wrongFile(table, file, code, message)],
  })
  const key = table.keyOf(file.path)
  const size = await storage.size(key)
  if (size === undefined) return wrong('missing-file', 'a data file is missing')
  if (size !== file.bytes)
    return wrong('wrong-size', `a data file has ${size} bytes, not the ${file.bytes} that were committed`)
  const local = await storage.local(key)
  try {
    const findings = await verifyRows(engine, table, definition, file, local)
    const hash = hashIn(file.path)
    // A specific finding says more than the hash.
    if (findings.length === 0 && hash !== undefined && hash !== (await hashOfFile(local)).sha256) {
      const message = 'a data file holds other bytes than were committed'
      findings.push(wrongFile(table, file, 'wrong-hash', message))
    }
    const sound = findings.length === 0
    if (sound && definition.key)
      findings.push(...(await verifyFilter(engine, storage, definition, file, key, local)))
    return { sound, findings }
  } finally {
    storage.release([local])
  }
}

function wrongFile(table: TableVersion, { path }: DataFile, code: string, message: string): Finding {
  const remedy = `${RESTORE}; ${INGEST_AGAIN}`
  return { severity: 'wrong', code, table: table.name, file: path, message, remedy }
}

/** Counts a file's rows, and finds the least and greatest values of its columns. */
async function verifyRows(
  engine: Engine,
  table: TableVersion,
  definition: TableDefinition,
  file: DataFile,
  local: string,
): Promise<Finding[]> {
  const findings: Finding[] = []
  const report = (code: string, message: string) => findings.push(wrongFile(table, file, code, message))
  const limited = table.schema.fields.filter(({ id }) => file.lower.has(id) || file.upper.has(id))
  const counted = table.schema.fields.filter(({ id }) => file.nullCounts?.has(id))
  let row: Record<string, DuckDBValue>
  try {
    const [found] = await engine.objects(
      sql(url('file.sql'), {
        columns: table.schema.fields.map(({ name }) => identifier(name)).join(', '),
        limits: [...limited.flatMap(limitsSql), ...counted.map(nullsSql), ...daySql(table)]
          .map((part) => `,\n  ${part}`)
          .join(''),
        file: readParquet([local], table.schema, definition),
      }),
    )
    row = found as Record<string, DuckDBValue>
  } catch (thrown) {
    if (isOutOfMemory(thrown)) throw thrown
    const finding = findingOf(thrown, 'unreadable-file', file.path, table.name)
    return [{ ...finding, message: `a data file cannot be read: ${finding.message}` }]
  }

  if (Number(row.rows) !== file.records)
    report(
      'wrong-count',
      `a data file has ${amount(Number(row.rows), 'row')}, not the ${file.records} that were committed`,
    )
  for (const field of limited) {
    const fault = boundsFault(field, file, row)
    if (fault) report('wrong-bounds', `the column ${field.name} ${fault}: queries may skip this file`)
  }
  for (const { id, name } of counted) {
    if (Number(row[`nulls_${id}`]) !== file.nullCounts?.get(id))
      report(
        'wrong-bounds',
        `the column ${name} has ${row[`nulls_${id}`]} nulls, not ${file.nullCounts?.get(id)}`,
      )
  }
  const day = file.partition[DAY]
  // In a file of several days, the bounds of the day are checked like those of any other column.
  if (
    day !== undefined &&
    file.records > 0 &&
    (day === null ? row.days !== 0 : row.first_day !== day || row.last_day !== day)
  )
    report('wrong-day', 'a data file has rows of another day than its partition says')
  return findings
}

/** Metadata cannot hold an infinite time, so it is excluded from the limits. */
function limitsSql({ id, name, type }: Field): string[] {
  const column = identifier(name)
  const [value, finite] =
    type === 'timestamptz'
      ? [(least: string) => `epoch_us(${least})`, ` filter (isfinite(${column}))`]
      : type === 'date'
        ? [
            (least: string) => `date_diff('day', date '1970-01-01', ${least})::integer`,
            ` filter (isfinite(${column}))`,
          ]
        : [(least: string) => least, '']
  return ['min', 'max'].map((end) => `${value(`${end}(${column})${finite}`)} as ${end}_${id}`)
}

function nullsSql({ id, name }: Field): string {
  return `(count(*) - count(${identifier(name)}))::double as nulls_${id}`
}

function daySql({ schema }: TableVersion): string[] {
  if (!schema.fields.some(({ name }) => name === DAY)) return []
  const day = (end: string) => `date_diff('day', date '1970-01-01', ${end}(${DAY}))::integer`
  return [`${day('min')} as first_day`, `${day('max')} as last_day`, `count(${DAY})::double as days`]
}

/**
 * Truncated bounds are still bounds: the lower is at most the least value, the upper at least the greatest.
 */
function boundsFault(
  { id, type }: Field,
  { lower, upper }: DataFile,
  row: Record<string, DuckDBValue>,
): string | undefined {
  const least = row[`min_${id}`]
  const greatest = row[`max_${id}`]
  if (least === null || greatest === null) return undefined
  const from = lower.get(id)
  const to = upper.get(id)
  if (from && compareBounds(type, from, toBytes(type, least as Value)) > 0)
    return 'has a value below the bound that was committed'
  if (to && compareBounds(type, to, toBytes(type, greatest as Value)) < 0)
    return 'has a value above the bound that was committed'
  return undefined
}

/** A missing filter costs time; one that denies an existing key lets a duplicate in. */
async function verifyFilter(
  engine: Engine,
  storage: Storage,
  definition: TableDefinition,
  file: DataFile,
  key: string,
  local: string,
): Promise<Finding[]> {
  const path = file.path.replace(/[^/]*$/, '') + filterKeyOf(key).replace(/^.*\//, '')
  const about = { table: definition.name, file: path }
  const bytes = await storage.find(filterKeyOf(key))
  const filter = bytes && decodeFilter(bytes, filteredColumns(definition) ?? '')
  if (!filter) {
    const state = bytes ? 'damaged' : 'missing'
    const message = `the filter beside a data file is ${state}: the file itself is read, which is slower`
    const remedy = 'none is needed; `loglake compact` makes new filters for the files that it joins'
    return [{ severity: 'warning', code: `${state}-filter`, ...about, message, remedy }]
  }
  const { hashes } = await stagedKeys(engine, definition, { local, rows: file.records })
  const denied = hashes.length / 2 - heldBy(filter, askedKeys(hashes)).length
  if (denied === 0) return []
  const message = `the filter beside a data file denies ${denied} of its ${hashes.length / 2} keys: duplicates of them would be stored`
  const remedy = 'remove that file: the data file itself is read then'
  return [{ severity: 'wrong', code: 'wrong-filter', ...about, message, remedy }]
}
