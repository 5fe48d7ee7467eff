import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Candidate, Detector, NewRows, Rule } from '../../src/detect/contract.ts'
import { openGroup } from '../../src/ingest/open/open.ts'
import { rowsOf } from '../../src/ingest/stage/rows.ts'
import { SQL_TYPE } from '../../src/lake/table.ts'
import type { Engine } from '../../src/lib/duckdb.ts'
import { identifier } from '../../src/lib/sql.ts'
import type { LogType } from '../../src/logtypes/contract.ts'
import { tableOf } from '../../src/tables/index.ts'

/**
 * Makes a table of records as they are delivered, by the way that objects take, without a lake: repeats stay.
 */
export async function makeRows(
  engine: Engine,
  type: LogType,
  records: readonly object[],
  name: string,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'rows-'))
  try {
    // An object for each: a record that is none of this log type does not take others with it.
    const objects = records.map((record, serial) => ({
      serial,
      uri: `object-${serial}`,
      writtenMs: 0,
      kind: 'bytes' as const,
      bytes: new TextEncoder().encode(JSON.stringify({ Records: [record] })),
    }))
    const group = openGroup({ objects, folder, maxBytes: 1 << 28, strictly: false })
    const spools = group.spools.filter(({ logtype }) => logtype === type.name)
    const own = tableOf(type).columns.filter(({ name: column }) => !column.startsWith('lake_'))
    // With the types that Parquet files of the lake give.
    const as = (value: (column: string) => string) =>
      own
        .map(
          (column) =>
            `${value(identifier(column.name))}::${SQL_TYPE[column.type]} as ${identifier(column.name)}`,
        )
        .join(', ')
    await engine.run(
      `create or replace temp table object as
       select range::int as serial, 'object-' || range as uri from range(${records.length})`,
    )
    const from =
      spools.length === 0
        ? `(select ${as(() => 'null')} where false)`
        : `(${rowsOf(type, spools, [], new Date(0))})`
    await engine.run(
      `create or replace table ${identifier(name)} as select ${as((column) => column)} from ${from}`,
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What a detector finds in rows; a rule that fails fails the test. */
export async function findIn(
  engine: Engine,
  detector: Detector,
  added: ReadonlyMap<string, string>,
  before: NewRows['before'] = async (table) => `(select * from ${added.get(table)} where false)`,
): Promise<Candidate[]> {
  const found: Candidate[] = []
  const failed = (rule: Rule, thrown: unknown) => {
    throw new Error(`${rule.title}: ${thrown}`, { cause: thrown })
  }
  const { signal } = new AbortController()
  for await (const candidate of detector.find({ engine, added, before, failed, signal }))
    found.push(candidate)
  return found
}
