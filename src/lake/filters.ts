import { bytesOf, type FileFilter, filterKeyOf, readFilter } from './file-filter.ts'
import type { DataFile } from './iceberg/index.ts'
import type { Storage } from './storage/contract.ts'
import type { TableVersion } from './version.ts'

/** Filters of data files; the most recently used are kept, within a memory bound. */
export type FilterCache = Map<string, FileFilter | undefined>
const CACHED_FILTER_BYTES = 3 << 20

/** Filters read at once: a bucket's latency is high, however small they are. */
const FILTERS_AT_ONCE = 32

/** Yields data files, each with its own filter if it has one. */
export async function* withFilters(
  storage: Storage,
  current: TableVersion,
  files: readonly DataFile[],
  cache: FilterCache,
  columns: string,
): AsyncGenerator<{ file: DataFile; key: string; filter: FileFilter | undefined }> {
  for (let from = 0; from < files.length; from += FILTERS_AT_ONCE) {
    const group = files.slice(from, from + FILTERS_AT_ONCE).map((file) => ({
      file,
      key: current.keyOf(file.path),
    }))
    const filters = await Promise.all(
      group.map(({ key }) => filterOf(storage, filterKeyOf(key), cache, columns)),
    )
    for (const [index, one] of group.entries()) yield { ...one, filter: filters[index] }
  }
}

async function filterOf(
  storage: Storage,
  key: string,
  cache: FilterCache,
  columns: string,
): Promise<FileFilter | undefined> {
  const filter = cache.has(key) ? cache.get(key) : await readFilter(storage, key, columns)
  cache.delete(key)
  cache.set(key, filter)
  let bytes = 0
  for (const kept of cache.values()) bytes += kept ? bytesOf(kept) : 0
  for (const [oldest, kept] of cache) {
    if (bytes <= CACHED_FILTER_BYTES || oldest === key) break
    cache.delete(oldest)
    bytes -= kept ? bytesOf(kept) : 0
  }
  return filter
}
