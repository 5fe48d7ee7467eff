import type { DataFile } from './iceberg/index.ts'
import type { Storage } from './storage/contract.ts'
import { allDone } from './storage/lanes.ts'
import type { TableVersion } from './version.ts'

/**
 * Runs `use` on the paths of data files on this machine, in the order of `files`. They are released
 * afterwards, also when one of them could not be fetched: a copy that stays held is never evicted from the
 * cache.
 */
export async function withLocalFiles<T>(
  storage: Storage,
  table: TableVersion,
  files: readonly DataFile[],
  use: (paths: string[]) => Promise<T>,
): Promise<T> {
  const held: string[] = []
  const holding = files.map(async ({ path, bytes }) => {
    const local = await storage.local(table.keyOf(path), bytes)
    held.push(local)
    return local
  })
  try {
    return await use(await allDone(holding))
  } finally {
    storage.release(held)
  }
}
