import { randomUUID } from 'node:crypto'
import { type Catalog, catalogHash } from './catalog.ts'
import type { LakeChange, WrittenChange } from './change.ts'

/** The version that a change makes of the one that it was prepared on. */
export function nextCatalog(
  catalog: Catalog,
  by: string,
  { why, vacuumed, cursors }: LakeChange,
  written: ReadonlyMap<string, WrittenChange>,
): Catalog {
  const { why: _, ...before } = catalog
  return {
    ...before,
    version: catalog.version + 1,
    commit: randomUUID(),
    parent: catalog.commit,
    ...(catalog.version === 0 ? {} : { parentHash: catalogHash(catalog) }),
    at: new Date().toISOString(),
    by,
    ...(why === undefined ? {} : { why }),
    tables: {
      ...catalog.tables,
      ...Object.fromEntries([...written].map(([name, { entry }]) => [name, entry])),
    },
    cursors: moved(catalog.cursors, cursors),
    ...(vacuumed === undefined ? {} : { vacuumed }),
  }
}

function moved(
  cursors: Record<string, string>,
  changes: Record<string, string | null> = {},
): Record<string, string> {
  const all = Object.entries({ ...cursors, ...changes })
  return Object.fromEntries(all.filter((entry): entry is [string, string] => entry[1] !== null))
}

/** What the first version goes on from. */
export function emptyCatalog(): Catalog {
  return {
    format: 1,
    lake: randomUUID(),
    version: 0,
    commit: '',
    parent: '',
    at: '',
    by: '',
    tables: {},
    cursors: {},
  }
}
