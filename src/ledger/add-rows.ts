import { plannedMetadata } from '../lake/change.ts'
import { currentSchema, type DataFile } from '../lake/iceberg/index.ts'
import { stageDays } from '../lake/many-days.ts'
import { adopt } from '../lake/parquet.ts'
import { allStagedKeys } from '../lake/staged-keys.ts'
import { allDone } from '../lake/storage/lanes.ts'
import type { TableDefinition } from '../lake/table.ts'
import type { LakeVersion } from '../lake/version.ts'
import type { Writer } from './contract.ts'

/**
 * Writes the rows of a query as files of one of the lake's own tables. They are in storage, but not
 * committed.
 */
export async function addRows(
  { engine, lake, place }: Writer,
  table: TableDefinition,
  rows: string,
  base: LakeVersion,
): Promise<DataFile[]> {
  const metadata = plannedMetadata(lake.storage, table, await base.table(table.name))
  const schema = currentSchema(metadata)
  const files = await stageDays(engine, table, schema, rows, place)
  const keys = table.key ? await allStagedKeys(engine, table, files) : []
  const adopted = files.map((file, index) =>
    adopt(lake.storage, table, { metadata, schema }, file, keys[index]?.filter),
  )
  return (await allDone(adopted)).map(({ file }) => file)
}
