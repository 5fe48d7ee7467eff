import { createHash } from 'node:crypto'
import { filterKeyOf, heldBy, readFilter } from '../file-filter.ts'
import { askedKeys } from '../fuse.ts'
import type { DataFile, Predicate, Value } from '../iceberg/index.ts'
import type { Storage } from '../storage/contract.ts'
import { limit } from '../storage/lanes.ts'
import { keyName, type TableDefinition } from '../table.ts'
import { filesThatMayHold } from './group-file.ts'
import { fileName, type Listing } from './listing.ts'

/** The table whose filters are read. */
export interface Filtered {
  storage: Storage
  /** The table's folder, relative to the lake's root. */
  folder: string
  definition: Pick<TableDefinition, 'keys' | 'key' | 'filter'>
  keyOf(path: string): string
  listing(): Promise<Listing | undefined>
}

/** Values of one predicate above which filters are not used. */
const MAX_VALUES = 100
/** Filters read at once. */
const AT_ONCE = 32

/** The lower half of a text's MD5, like DuckDB's `md5_number_lower`. */
export function hashOfValue(value: string): bigint {
  return createHash('md5').update(value).digest().readBigUInt64LE(8)
}

/**
 * Removes files whose filters exclude all values of a predicate. A file whose filter is missing or damaged
 * stays.
 */
export async function narrow<One extends { file: DataFile }>(
  table: Filtered,
  files: readonly One[],
  predicates: readonly Predicate[],
): Promise<One[]> {
  let left = [...files]
  for (const predicate of predicates) {
    if (left.length === 0) break
    const asked = askedOf(predicate)
    if (asked) left = await narrowBy(table, left, asked)
  }
  return left
}

interface Asked {
  name: string
  hashes: bigint[]
}

function askedOf(predicate: Predicate): Asked | undefined {
  const values = valuesOf(predicate)
  if (!values || values.length > MAX_VALUES || !values.every((value) => typeof value === 'string'))
    return undefined
  const path = predicate.op === 'has' ? { path: predicate.path } : {}
  return { name: keyName({ column: predicate.column, ...path }), hashes: values.map(hashOfValue) }
}

/** The values of which a row must have one; undefined where a predicate does not list them. */
function valuesOf(predicate: Predicate): readonly Value[] | undefined {
  switch (predicate.op) {
    case '=':
      return [predicate.value]
    case 'in':
    case 'has':
      return predicate.values
    default:
      return undefined
  }
}

async function narrowBy<One extends { file: DataFile }>(
  table: Filtered,
  files: readonly One[],
  asked: Asked,
): Promise<One[]> {
  const { keys = [], key = [], filter = key } = table.definition
  const ofFile = filter.length === 1 && filter[0] === asked.name
  const inGroups = keys.some((one) => keyName(one) === asked.name)
  if (!ofFile && !inGroups) return [...files]
  const verdicts = inGroups ? await askGroups(table, files, asked) : new Map<string, boolean>()
  const lanes = limit(AT_ONCE)
  const kept = await Promise.all(
    files.map(async ({ file }) => {
      const verdict = verdicts.get(fileName(file.path))
      if (verdict !== undefined) return verdict
      return ofFile ? await lanes(() => askOwn(table, file, asked)) : true
    }),
  )
  return files.filter((_, at) => kept[at])
}

/** Whether files may hold a value, by name; a file that is absent is in no readable group. */
async function askGroups(
  { storage, folder, listing }: Filtered,
  files: readonly { file: DataFile }[],
  { name, hashes }: Asked,
): Promise<Map<string, boolean>> {
  const verdicts = new Map<string, boolean>()
  const wanted = new Set(files.map(({ file }) => fileName(file.path)))
  const groups = ((await listing())?.groups ?? []).filter((group) =>
    group.files.some((one) => wanted.has(one)),
  )
  const lanes = limit(AT_ONCE)
  await Promise.all(
    groups.map(async (group) => {
      const filter = group.keys[name]
      if (!filter) return
      const found = await Promise.all(
        hashes.map((hash) => lanes(() => filesThatMayHold(storage, folder, group, filter, hash))),
      )
      if (found.includes(undefined)) return
      const bits = (found as bigint[]).reduce((all, one) => all | one, 0n)
      // When two groups have a file, either may exclude it.
      for (const [at, one] of group.files.entries())
        if (verdicts.get(one) !== false) verdicts.set(one, ((bits >> BigInt(at)) & 1n) === 1n)
    }),
  )
  return verdicts
}

/** Reads the filter next to a data file, which recent files have. */
async function askOwn(
  { storage, keyOf }: Filtered,
  file: DataFile,
  { name, hashes }: Asked,
): Promise<boolean> {
  const filter = await readFilter(storage, filterKeyOf(keyOf(file.path)), name).catch(() => undefined)
  if (!filter) return true
  const words = hashes.flatMap((hash) => [Number(hash & 0xffffffffn), Number(hash >> 32n)])
  return heldBy(filter, askedKeys(Uint32Array.from(words))).length > 0
}
