import type { LakeVersion } from '../lake/version.ts'
import { accessKey, type Reader } from '../query/reader.ts'

/**
 * Everything that an answer depends on, as a key of `cache.ts`.
 *
 * @param what names the answer, with all that was given
 * @param reads the tables that it is made of
 */
export function cacheKey(
  what: readonly unknown[],
  reads: readonly string[] | 'all',
  reader: Reader,
  { catalog }: LakeVersion,
): string {
  // Its rows tell of the reading itself: each answer would make the next one new.
  const names = reads === 'all' ? Object.keys(catalog.tables).filter((name) => name !== 'access_log') : reads
  const versions = names.map((name) => [name, catalog.tables[name]?.number ?? 0])
  return JSON.stringify([...what, accessKey(reader), versions])
}
