import type { DataFile, Predicate } from '../lake/iceberg/index.ts'
import type { Lake } from '../lake/lake.ts'
import { readParquet } from '../lake/parquet.ts'
import { allDone } from '../lake/storage/lanes.ts'
import { columnsOfOtherType, KEEP_TYPES, SQL_TYPE, type TableDefinition } from '../lake/table.ts'
import { type LakeVersion, rowsIn, type TableVersion } from '../lake/version.ts'
import type { Engine } from '../lib/duckdb.ts'
import { LakeError } from '../lib/errors.ts'
import { identifier } from '../lib/sql.ts'
import { conditionOf, isPersonal, maskedColumn, newestOf, type RowLimit } from './rows-of.ts'
import { predicatesOf, type Scope, whereOf } from './scope.ts'
import { emptyTable } from './view-engine.ts'

/** By table, the conditions in DuckDB's plan: alternatives, each a list of conditions that hold together. */
type Scans = Map<string, Predicate[][]>

/**
 * Creates each table as a view over the files that the question needs, or as an empty table.
 *
 * @param local receives the files' local paths
 * @returns how many files these tables have
 */
export async function createTables(
  engine: Engine,
  lake: Lake,
  tables: readonly TableDefinition[],
  base: LakeVersion,
  {
    scans,
    scope,
    wanted,
    files,
  }: {
    scans: Scans | undefined
    scope: Scope
    wanted: Pick<ReadonlySet<string>, 'has'>
    files: ReadonlyMap<string, readonly DataFile[]> | undefined
  },
  local: string[],
): Promise<number> {
  let all = 0
  for (const definition of tables) {
    if (!wanted.has(definition.name)) continue
    const limited = scope.limit && conditionOf(definition, scope.limit)
    const table = limited === 'nothing' ? undefined : await base.table(definition.name)
    const within = predicatesOf(definition, scope)
    const needed = new Map<string, DataFile>()
    if (table) {
      const asked = scans ? (scans.get(definition.name) ?? []) : [[]]
      const given = files?.get(definition.name)
      for (const predicates of asked) {
        for (const file of given ?? (await table.files([...predicates, ...within])))
          needed.set(table.keyOf(file.path), file)
      }
      if (asked.length > 0) all += await fileCount(table)
    }
    if (!table || needed.size === 0) {
      await engine.run(`create temp table ${emptyTable(definition)}`)
      continue
    }
    // Waits for all of them, so that after a failure none is held that is not in `local`.
    const paths = await allDone(
      [...needed].map(async ([key, { bytes }]) => {
        const path = await lake.storage.local(key, bytes)
        local.push(path)
        return path
      }),
    )
    const rows = rowsIn([...needed.values()])
    const read = readable({ paths, rows }, table, definition, scope.limit)
    await engine.run(`create temp view ${identifier(definition.name)} as ${read}${whereOf(within)}`)
  }
  return all
}

/** Data files on this machine, and the number of rows in all of them. */
interface LocalFiles {
  paths: readonly string[]
  rows: number
}

/**
 * A table's rows that a reader may see: limited first, so that no part of the question runs over other rows.
 */
function readable(
  files: LocalFiles,
  table: TableVersion,
  definition: TableDefinition,
  limit: RowLimit | undefined,
): string {
  const select = selectFrom(files, table, definition)
  if (!limit) return `from (${select})`
  const condition = conditionOf(definition, limit)
  const newest = newestOf(definition)
  const rows = newest === undefined ? `(${select})` : `(from (${select}) ${newest})`
  const columns = definition.columns.map((column) =>
    limit.masked && isPersonal(definition, column) ? maskedColumn(column) : identifier(column.name),
  )
  const limited = `(select * from ${rows}${condition === undefined ? '' : ` where ${condition}`})`
  return `from (select ${columns.join(', ')} from ${limited})`
}

/**
 * A table's rows from some of its files: columns newer than a file are null in its rows.
 *
 * @throws LakeError when the lake has a column with another type than its definition: files would be left out
 * wrongly
 */
export function selectFrom(
  { paths, rows }: LocalFiles,
  { schema, metadata, entry }: TableVersion,
  definition: TableDefinition,
): string {
  const [other] = columnsOfOtherType(definition, schema)
  if (other !== undefined)
    throw new LakeError(`the lake's table ${definition.name} is another one: ${other}`, {
      file: `${metadata.location}/${entry.metadata}`,
      remedy: KEEP_TYPES,
    })
  const known = new Set(schema.fields.map(({ name }) => name))
  const columns = definition.columns.map(({ name, type }) =>
    known.has(name) ? identifier(name) : `null::${SQL_TYPE[type]} as ${identifier(name)}`,
  )
  return `select ${columns.join(', ')} from ${readParquet(paths, schema, definition, rows)}`
}

async function fileCount(table: TableVersion): Promise<number> {
  const manifests = await table.manifests()
  return manifests.reduce((sum, { addedFiles, existingFiles }) => sum + addedFiles + existingFiles, 0)
}
