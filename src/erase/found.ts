import type { DataFile } from '../lake/iceberg/index.ts'
import type { Lake } from '../lake/lake.ts'
import { readParquet } from '../lake/parquet.ts'
import type { TableDefinition } from '../lake/table.ts'
import type { LakeVersion, TableVersion } from '../lake/version.ts'
import { reject } from '../ledger/tables.ts'
import type { Engine } from '../lib/duckdb.ts'
import { sql } from '../lib/sql.ts'
import { holdsOf } from './holds.ts'
import { linksOf } from './links.ts'
import { asItIs, conditionOf, isErasable, mentionOf, type Selector } from './selector.ts'

export interface FoundTable {
  definition: TableDefinition
  table: TableVersion
  files: Map<string, { file: DataFile; sequence: number }>
  /** Matches the rows to remove: rows under a hold are excluded. */
  condition: string
}

/** The rows that were removed, or would be. */
export interface Removed {
  id: string
  /** Rows that were removed, or would be, by table. */
  tables: Record<string, number>
  rows: number
  /** Rows that stay because of a legal hold, by table. */
  held: Record<string, number>
  /** Rows that stay although their text contains the value, by table. */
  mentioned: Record<string, number>
  /** The same in the tables about the lake itself. */
  kept: Record<string, number>
  objects: number
}

type Counts = Omit<Removed, 'id'>

const url = (name: string) => new URL(`./sql/${name}.sql`, import.meta.url)

export function nothing(): Counts {
  return { tables: {}, rows: 0, held: {}, mentioned: {}, kept: {}, objects: 0 }
}

/** Finds the rows to remove; leaves counts by object in the engine's table `erased`. */
export async function findRows(
  { lake, engine, base }: { lake: Lake; engine: Engine; base: LakeVersion },
  { selector, tables: only }: { selector: Selector; tables?: readonly string[] },
): Promise<{ counts: Counts; tables: FoundTable[] }> {
  const counts = nothing()
  const tables: FoundTable[] = []
  const meant = await rowsOf(lake, base, engine, selector)
  const holds: Awaited<ReturnType<typeof rowsOf>>[] = []
  for (const hold of await holdsOf(lake, base, engine))
    holds.push(await rowsOf(lake, base, engine, hold.selector))
  await engine.run(sql(url('erased-table')))
  for (const whole of lake.tables.values()) {
    const { name } = whole
    const table = await base.table(name)
    if (!table || (only && !only.includes(name))) continue
    const definition = asItIs(whole, table)
    const mention = mentionOf(definition, selector)
    const isMentioned = selector.kind !== 'days' && selector.mentions === true
    const wanted = either(meant(definition), isMentioned ? mention : undefined)
    const numbered = await table.numbered()
    if (numbered.length === 0 || (wanted === undefined && mention === undefined)) continue
    const goes = isErasable(definition) ? (wanted ?? 'false') : 'false'
    const hold = either(...holds.map((held) => held(definition))) ?? 'false'
    const condition = `(${goes} and not ${hold})`
    const hasObjects = table.schema.fields.some((field) => field.name === 'lake_object')
    const files: FoundTable['files'] = new Map()
    const locals = new Map<string, (typeof numbered)[number]>()
    const count = (of: Record<string, number>, rows: unknown) => {
      if (Number(rows) > 0) of[name] = (of[name] ?? 0) + Number(rows)
    }
    try {
      for (const one of numbered)
        locals.set(await lake.storage.local(table.keyOf(one.file.path), one.file.bytes), one)
      const rows = await engine.objects(
        sql(url('found'), {
          goes,
          hold,
          mention: mention ?? 'false',
          rows: readParquet([...locals.keys()], table.schema, definition),
          near: either(wanted, mention) ?? 'true',
        }),
      )
      for (const { filename, gone, held, mentioned } of rows) {
        count(counts.held, held)
        count(counts.tables, gone)
        count(isErasable(definition) ? counts.mentioned : counts.kept, mentioned)
        counts.rows += Number(gone)
        if (Number(gone) > 0)
          files.set(String(filename), locals.get(String(filename)) as { file: DataFile; sequence: number })
      }
      if (files.size > 0 && !definition.derived && hasObjects && name !== reject.name)
        await engine.run(
          sql(url('erased-rows'), {
            rows: readParquet([...files.keys()], table.schema, definition),
            condition,
          }),
        )
    } finally {
      lake.storage.release(locals.keys())
    }
    if (files.size > 0) tables.push({ definition: whole, table, files, condition })
  }
  const [row] = await engine.rows(sql(url('erased-objects')))
  counts.objects = Number(row?.[0] ?? 0)
  return { counts, tables }
}

/** The condition on each table: its own values, and rows that belong to rows of another table. */
async function rowsOf(
  lake: Lake,
  base: LakeVersion,
  engine: Engine,
  selector: Selector,
): Promise<(table: TableDefinition) => string | undefined> {
  const links = await linksOf(lake, base, engine, selector)
  return (table) => either(conditionOf(table, selector), links.get(table.name))
}

function either(...conditions: readonly (string | undefined)[]): string | undefined {
  const all = conditions.filter((one) => one !== undefined)
  return all.length === 0 ? undefined : `(${all.join(' or ')})`
}
