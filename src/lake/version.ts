import { LakeError, sentence } from '../lib/errors.ts'
import type { Catalog, TableEntry } from './catalog.ts'
import { hashIn, hashOf } from './hash.ts'
import {
  blocksOf,
  currentSchema,
  currentSnapshot,
  type DataFile,
  DELETED,
  type ManifestEntry,
  type ManifestFile,
  manifestMayMatch,
  mayMatch,
  type Predicate,
  parse,
  readManifest,
  readManifestList,
  type Schema,
  specById,
  type TableMetadata,
} from './iceberg/index.ts'
import { type Listing, listingPath, readListing } from './needles/listing.ts'
import { narrow } from './needles/narrow.ts'
import type { Storage } from './storage/contract.ts'
import type { TableDefinition } from './table.ts'

/**
 * The lake at one point in time: everything read through it comes from one catalog version.
 *
 * A version is immutable, so all that is read through it fits together, whatever is committed meanwhile. The
 * catalog names the metadata of each table, the metadata a manifest list, the list manifests, and these the
 * data files with their bounds. `files` prunes on every level: by the day of the partition, by the bounds of
 * the columns, and by the filters in `needles/`. Metadata files never change, so parsed ones are cached
 * across versions, within a bound.
 */
export interface LakeVersion {
  number: number
  catalog: Catalog
  /** Undefined when the lake has no such table yet. */
  table(name: string): Promise<TableVersion | undefined>
}

export interface TableVersion {
  name: string
  entry: TableEntry
  metadata: TableMetadata
  schema: Schema
  /**
   * Converts a path in the metadata to a key below the lake's root. A lake may be moved, but the paths in its
   * files stay.
   */
  keyOf(path: string): string
  manifests(): Promise<ManifestFile[]>
  /** Its entries; with predicates, without blocks of entries that cannot match them. */
  entries(manifest: ManifestFile, predicates?: Predicate[]): Promise<ManifestEntry[]>
  /** The number of commits that changed its rows; files are numbered by it, and `after` refers to it. */
  sequence: number
  /** The data files added after that commit that may hold rows for all of these conditions. */
  files(predicates?: Predicate[], after?: number): Promise<DataFile[]>
  /** The groups of filters; undefined when there are none, or the listing cannot be read. */
  listing(): Promise<Listing | undefined>
  /**
   * The same files, each with the sequence number of its newest row: a compacted file has that of its newest
   * input.
   */
  numbered(predicates?: Predicate[], after?: number): Promise<NumberedFile[]>
}

/** The number of rows in data files. */
export function rowsIn(files: readonly Pick<DataFile, 'records'>[]): number {
  return files.reduce((sum, { records }) => sum + records, 0)
}

export interface NumberedFile {
  file: DataFile
  /** Iceberg's data sequence number. */
  sequence: number
}

/** Parsed files of the lake, which never change; the most recently used are kept, within a bound. */
export interface MetadataCache {
  get<T>(key: string, weigh: (value: T) => number, make: () => Promise<T>): Promise<T>
  /**
   * The version of each table that was read last. Every commit makes another one with all snapshots in it:
   * earlier ones are large and no longer read.
   */
  tables: Map<string, TableVersion>
}

/** Cached counts and bounds of manifests: about 25 MiB. */
const CACHED_VALUES = 500_000
const BYTES_OF_VALUE = 50

export function metadataCache(): MetadataCache {
  const kept = new Map<string, { value: unknown; weight: number }>()
  const making = new Map<string, Promise<unknown>>()
  let total = 0
  return {
    tables: new Map(),
    async get<T>(key: string, weigh: (value: T) => number, make: () => Promise<T>): Promise<T> {
      const hit = kept.get(key)
      if (hit) {
        kept.delete(key)
        kept.set(key, hit)
        return hit.value as T
      }
      const under = making.get(key)
      if (under) return (await under) as T
      const made = make()
      making.set(key, made)
      const value = await made.finally(() => making.delete(key))
      const weight = weigh(value)
      total += weight
      kept.set(key, { value, weight })
      for (const [oldest, { weight: freed }] of kept) {
        if (total <= CACHED_VALUES || oldest === key) break
        kept.delete(oldest)
        total -= freed
      }
      return value
    },
  }
}

export function lakeVersion(
  storage: Storage,
  catalog: Catalog,
  cache: MetadataCache,
  definitions: ReadonlyMap<string, TableDefinition> = new Map(),
): LakeVersion {
  const tables = new Map<string, Promise<TableVersion | undefined>>()
  return {
    number: catalog.version,
    catalog,
    table(name) {
      let table = tables.get(name)
      if (!table) {
        table = openTable(storage, name, entryOf(catalog, name), cache, definitions.get(name))
        tables.set(name, table)
      }
      return table
    },
  }
}

/** Own properties only, since a name may come from anywhere: `constructor` names no table. */
function entryOf({ tables }: Catalog, name: string): TableEntry | undefined {
  return Object.hasOwn(tables, name) ? tables[name] : undefined
}

async function openTable(
  storage: Storage,
  name: string,
  entry: TableEntry | undefined,
  cache: MetadataCache,
  definition: TableDefinition | undefined,
): Promise<TableVersion | undefined> {
  if (!entry) return undefined
  const kept = cache.tables.get(name)
  if (kept?.entry.folder === entry.folder && kept.entry.metadata === entry.metadata) return kept
  const metadata = await decode(storage, `${entry.folder}/${entry.metadata}`, parse)
  const table = tableVersion(storage, name, entry, metadata, cache, definition)
  cache.tables.set(name, table)
  return table
}

/** A table as its metadata describes it, committed or not. */
export function tableVersion(
  storage: Storage,
  name: string,
  entry: TableEntry,
  metadata: TableMetadata,
  cache: MetadataCache,
  definition: Pick<TableDefinition, 'keys' | 'key' | 'filter'> = {},
): TableVersion {
  const schema = currentSchema(metadata)
  const keyOf = (path: string) => {
    if (path.startsWith(`${metadata.location}/`))
      return `${entry.folder}/${path.slice(metadata.location.length + 1)}`
    throw new LakeError(`the table ${name} names a file outside of its folder`, {
      file: path,
      remedy: 'another program wrote to this table: loglake reads only what lies in the lake',
    })
  }
  async function manifests(): Promise<ManifestFile[]> {
    const snapshot = currentSnapshot(metadata)
    if (!snapshot) return []
    const key = keyOf(snapshot['manifest-list'])
    return await cache.get(
      key,
      (list) => list.length * VALUES_APART,
      () => decode(storage, key, readManifestList),
    )
  }
  async function entries(manifest: ManifestFile, predicates: Predicate[] = []): Promise<ManifestEntry[]> {
    const key = keyOf(manifest.path)
    // The bytes are kept too: the next question may be about another day, and another block.
    const { bytes, parts } = await cache.get(
      key,
      ({ bytes }) => bytes.length / BYTES_OF_VALUE,
      () => decode(storage, key, (bytes) => ({ bytes, parts: partsOf(bytes, manifest) })),
    )
    const spec = specById(metadata, manifest.specId)
    const found: ManifestEntry[] = []
    for (const { part, block } of parts) {
      if (!manifestMayMatch(part, schema, spec, predicates)) continue
      const all = await cache.get(
        `${key}#${block ?? ''}`,
        (list) => list.reduce((sum, entry) => sum + valuesOf(entry), 0),
        async () => decoded(storage, key, () => readManifest(bytes, manifest, { block })),
      )
      for (const entry of all) if (entry.status !== DELETED) found.push(entry)
    }
    return found
  }
  async function numbered(predicates: Predicate[] = [], after = -1): Promise<NumberedFile[]> {
    const found: NumberedFile[] = []
    for (const manifest of await manifests()) {
      if (manifest.sequenceNumber <= after) continue
      const spec = specById(metadata, manifest.specId)
      if (!manifestMayMatch(manifest, schema, spec, predicates)) continue
      for (const { file, sequenceNumber } of await entries(manifest, predicates)) {
        const sequence = sequenceNumber ?? 0
        if (sequence > after && mayMatch(file, schema, predicates, spec)) found.push({ file, sequence })
      }
    }
    return await narrow({ storage, folder: entry.folder, definition, keyOf, listing }, found, predicates)
  }
  async function listing(): Promise<Listing | undefined> {
    const path = listingPath(metadata)
    if (path === undefined) return undefined
    const weigh = (found: Listing | undefined) =>
      found?.groups.reduce((sum, { files }) => sum + files.length + VALUES_APART, 0) ?? 0
    return await cache.get(keyOf(path), weigh, () => readListing(storage, keyOf(path)))
  }
  return {
    name,
    listing,
    entry,
    metadata,
    schema,
    keyOf,
    manifests,
    entries,
    sequence: metadata['last-sequence-number'],
    numbered,
    async files(predicates, after) {
      return (await numbered(predicates, after)).map(({ file }) => file)
    },
  }
}

/** The blocks of a manifest, or itself where it has one or says nothing of them. */
function partsOf(bytes: Uint8Array, manifest: ManifestFile): { part: ManifestFile; block?: number }[] {
  return blocksOf(bytes, manifest)?.map((part, block) => ({ part, block })) ?? [{ part: manifest }]
}

/** The weight of an entry without its columns, in counts and bounds. */
const VALUES_APART = 20

function valuesOf({ file }: ManifestEntry): number {
  const { lower, upper, columnSizes, valueCounts, nullCounts, nanCounts } = file
  const ofColumns = [lower, upper, columnSizes, valueCounts, nullCounts, nanCounts]
  return ofColumns.reduce((sum, map) => sum + (map?.size ?? 0), VALUES_APART)
}

async function decode<T>(storage: Storage, key: string, read: (bytes: Uint8Array) => T): Promise<T> {
  const bytes = await storage.read(key)
  const hash = hashIn(key)
  return decoded(storage, key, () => {
    if (hash !== undefined && hash !== hashOf(bytes))
      throw new Error('its bytes are not those that were committed')
    return read(bytes)
  })
}

function decoded<T>(storage: Storage, key: string, read: () => T): T {
  try {
    return read()
  } catch (thrown) {
    throw new LakeError(`a metadata file is damaged: ${sentence(thrown)}`, {
      file: `${storage.root}/${key}`,
      remedy: 'restore the file from a backup; `loglake verify` lists everything that is missing or damaged',
      cause: thrown,
    })
  }
}
