import type { LakeVersion } from '../lake/version.ts'
import { accessKey, type Reader } from '../query/reader.ts'

/**
 * The cache key of an answer: everything that it depends on.
 *
 * @param what names the answer, with its inputs
 * @param reads the tables behind the answer
 */
export function cacheKey(
  what: readonly unknown[],
  reads: readonly string[] | 'all',
  reader: Reader,
  version: LakeVersion,
): string {
  return JSON.stringify([...what, accessKey(reader), tableVersions(reads, version)])
}

/** The number of each table's version, which changes with its rows. */
export function tableVersions(
  reads: readonly string[] | 'all',
  { catalog }: LakeVersion,
): [table: string, number: number][] {
  // The access log grows with every answer, so it would make every key new.
  const names = reads === 'all' ? Object.keys(catalog.tables).filter((name) => name !== 'access_log') : reads
  return names.map((name) => [name, catalog.tables[name]?.number ?? 0])
}
