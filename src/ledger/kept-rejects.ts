import { dayOfKey } from '../aws/layout.ts'
import type { DataFile } from '../lake/iceberg/index.ts'
import { readingFiles, readParquet } from '../lake/parquet.ts'
import { DAY } from '../lake/table.ts'
import type { LakeVersion, TableVersion } from '../lake/version.ts'
import { list, sql } from '../lib/sql.ts'
import { addRows } from './add-rows.ts'
import type { LedgerObject, Tally, Writer } from './contract.ts'
import { reject } from './tables.ts'

const file = (name: string) => new URL(`./sql/${name}`, import.meta.url)

/**
 * Ids of the conflicts kept by earlier readings of these objects, by URI, so that no conflict is kept twice.
 */
export async function conflictsKept<T extends LedgerObject>(
  writer: Writer,
  objects: readonly T[],
  tally: (object: T) => Tally,
  base: LakeVersion,
): Promise<Map<string, Set<string>>> {
  const again = objects.filter((object) => object.previous && tally(object).conflicts > 0)
  const kept = new Map<string, Set<string>>()
  await lookInto(writer, again, base, async (files, table) => {
    const question = sql(file('conflicts-kept.sql'), {
      rejects: readParquet([...files.keys()], table.schema, reject),
      objects: list(again.map(nameOf)),
    })
    for (const [uri, id] of await writer.engine.rows(question))
      kept.set(String(uri), (kept.get(String(uri)) ?? new Set()).add(String(id)))
  })
  return kept
}

/**
 * The reject files to replace when objects are read again with other log types, and new files with the rows
 * that stay: rejects of other objects, and conflicts. Undefined when there are none.
 */
export async function rejectsToReplace(
  writer: Writer,
  objects: readonly LedgerObject[],
  base: LakeVersion,
): Promise<{ remove: DataFile[]; kept: DataFile[] } | undefined> {
  const again = objects.filter(({ retyped }) => retyped === true)
  return await lookInto(writer, again, base, async (files, table) => {
    const others = sql(file('rejects-without.sql'), {
      rejects: readParquet([...files.keys()], table.schema, reject),
      objects: list(again.map(nameOf)),
    })
    return { remove: [...files.values()], kept: await addRows(writer, reject, others, base) }
  })
}

/** Runs `look` on the files that may hold rejects of these objects. */
async function lookInto<T>(
  { engine, lake: { storage } }: Writer,
  objects: readonly LedgerObject[],
  base: LakeVersion,
  look: (files: ReadonlyMap<string, DataFile>, table: TableVersion) => Promise<T>,
): Promise<T | undefined> {
  const table = objects.length > 0 ? await base.table(reject.name) : undefined
  if (!table) return undefined
  const files = new Map<string, DataFile>()
  for (const day of new Set(objects.map(({ object }) => dayOfKey(object.uri)))) {
    const condition =
      day === undefined
        ? { column: DAY, op: 'is null' as const }
        : { column: DAY, op: '=' as const, value: day }
    for (const found of await table.files([condition]))
      files.set(await storage.local(table.keyOf(found.path), found.bytes), found)
  }
  if (files.size === 0) return undefined
  return await readingFiles(engine, [...files.keys()], () => look(files, table)).finally(() =>
    storage.release(files.keys()),
  )
}

function nameOf({ object: { uri, version } }: LedgerObject): string {
  return `${version} ${uri}`
}
