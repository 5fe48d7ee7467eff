import { randomBytes, randomUUID } from 'node:crypto'
import { LakeError, sentence } from '../lib/errors.ts'
import type { TableEntry } from './catalog.ts'
import { hashOf, withHash } from './hash.ts'
import {
  addedEntry,
  addSnapshot,
  createTable,
  currentSchema,
  currentSnapshot,
  currentSpec,
  type DataFile,
  deletedEntry,
  describeManifest,
  evolveSchema,
  existingEntry,
  expireSnapshots,
  logChange,
  type ManifestEntry,
  type ManifestFile,
  type Operation,
  serialise,
  specById,
  summarise,
  type TableMetadata,
  unpartitionedSpec,
  withUnpartitioned,
  writeManifest,
  writeManifestList,
} from './iceberg/index.ts'
import { encodeListing, type Listing, withListing } from './needles/listing.ts'
import { type CommitStep, faultPoint } from './steps.ts'
import type { Storage } from './storage/contract.ts'
import { allDone } from './storage/lanes.ts'
import { DAY, folderOf, icebergFields, type TableDefinition } from './table.ts'
import type { TableVersion } from './version.ts'

/** A commit's change of one table. */
export interface TableChange {
  add?: readonly DataFile[]
  /** Files to remove, of the version that the change was prepared against. */
  remove?: readonly DataFile[]
  /** `replace` when the same rows move to other files; by default derived from what is added and removed. */
  operation?: Operation
  /** By path of an added file: the sequence number of its rows, if they were in another file before. */
  numbers?: ReadonlyMap<string, number> | undefined
  /** Snapshots to drop. Without files, this alone makes a change of metadata. */
  expire?: { keepLast: number; olderThanMs: number }
  /** The new listing of the files' filter groups. */
  listing?: Listing
}

/** What a commit does, table by table. */
export interface LakeChange {
  tables: Record<string, TableChange>
  /** Null takes a cursor away. */
  cursors?: Record<string, string | null>
  /** Files written before this moment that no version names are about to be removed. */
  vacuumed?: string
  /** Why it is done, where a person has to say so. */
  why?: string
}

/** A table's next state, written but not yet named by any catalog. */
export interface WrittenChange {
  entry: TableEntry
  /** The bytes of the metadata file, for engines that open a table by its path. */
  bytes: Uint8Array
  /** All keys that were written for it, which are removed when the commit is lost. */
  keys: string[]
}

/** 100 snapshots are kept in a table's metadata; `vacuum` removes the files of older ones. */
const KEPT_SNAPSHOTS = 100

/** So many manifests of about one size are merged, so that a table has few: O(log n) that are not full. */
const MERGE_AT = 8
/**
 * Files of a full manifest, which is not merged again. What is merged to more files is cut by their days into full manifests:
 * each covers few days, so that a question about one day reads few of them, however many files the table has.
 */
const FULL_MANIFEST = 4096

/** A table's first metadata, or its current metadata with the columns of the table definition. */
export function plannedMetadata(
  storage: Storage,
  table: TableDefinition,
  current: TableVersion | undefined,
): TableMetadata {
  if (current) return evolved(table, current)
  return createTable({
    uuid: randomUUID(),
    location: `${storage.root}/${folderOf(table.name)}`,
    fields: icebergFields(table),
    partitionBy: DAY,
    properties: {
      comment: table.doc,
      'write.parquet.compression-codec': 'zstd',
      ...(table.key ? { [KEY]: keyOf(table) } : {}),
    },
    nowMs: Date.now(),
  })
}

/** The table property that names the key columns. */
const KEY = 'loglake.key'

function keyOf({ key = [] }: TableDefinition): string {
  return key.join(', ')
}

/** The table's metadata with its new columns. */
function evolved(table: TableDefinition, { metadata, entry }: TableVersion): TableMetadata {
  const key = metadata.properties[KEY]
  try {
    if (key !== undefined && key !== keyOf(table))
      throw new Error(`the key of the table would change from (${key}) to (${keyOf(table)})`)
    return evolveSchema(metadata, icebergFields(table))
  } catch (thrown) {
    throw new LakeError(`the lake's table ${table.name} is another one: ${sentence(thrown)}`, {
      file: `${metadata.location}/${entry.metadata}`,
      remedy:
        'use a version of loglake at least as new as the one that wrote the table: columns are only added',
      cause: thrown,
    })
  }
}

/** Writes the manifests, the manifest list and the metadata of a change, based on the given version. */
export async function writeChange(
  storage: Storage,
  table: TableDefinition,
  current: TableVersion | undefined,
  { add = [], remove = [], operation, numbers, expire, listing }: TableChange,
): Promise<WrittenChange> {
  const keys: string[] = []
  const written: Promise<void>[] = []
  const folder = current?.entry.folder ?? folderOf(table.name)
  const number = (current?.entry.number ?? 0) + 1
  const own = plannedMetadata(storage, table, current)
  const planned = add.some(isUnpartitioned) ? withUnpartitioned(own) : own
  const previousFile = current ? `${planned.location}/${current.entry.metadata}` : null
  const nowMs = Date.now()

  /** Begins to write a file. One names the other by its bytes, so none waits for the other; all are there in the end. */
  function write(stem: string, end: string, bytes: Uint8Array, done?: CommitStep): string {
    const name = `${withHash(stem, hashOf(bytes))}${end}`
    const key = `${folder}/metadata/${name}`
    const writing = storage.write(key, bytes).then(() => {
      keys.push(key)
      if (done) faultPoint(done)
    })
    // It is waited for below, whatever happens until then.
    writing.catch(() => undefined)
    written.push(writing)
    return `${planned.location}/metadata/${name}`
  }

  let metadata: TableMetadata
  if (add.length === 0 && remove.length === 0) metadata = logChange(planned, { nowMs, previousFile })
  else {
    const snapshotId = randomBytes(6).readUIntBE(0, 6) + 1
    const sequenceNumber = planned['last-sequence-number'] + 1
    const keepNumber = operation === 'replace' || table.overwritten !== true
    const manifests = await nextManifests(
      planned,
      current,
      { add, remove, keepNumber, numbers },
      snapshotId,
      write,
    )
    const parentSnapshotId = currentSnapshot(planned)?.['snapshot-id'] ?? null
    const list = writeManifestList({ snapshotId, parentSnapshotId, sequenceNumber, manifests })
    const stem = `snap-${snapshotId}-${randomUUID()}`
    const manifestList = write(stem, '.avro', list, 'manifest-list-written')
    metadata = addSnapshot(planned, {
      snapshotId,
      sequenceNumber,
      manifestList,
      operation: operation ?? (remove.length === 0 ? 'append' : add.length === 0 ? 'delete' : 'overwrite'),
      summary: summarise({ added: [...add], removed: [...remove] }),
      nowMs,
      previousFile,
    })
  }
  if (listing) {
    const { bytes, footer, end } = encodeListing(listing)
    metadata = withListing(metadata, {
      path: write(randomUUID(), end, bytes),
      bytes: bytes.length,
      footer,
    })
  } else metadata = withListing(metadata)
  metadata = expireSnapshots(metadata, expire ?? { keepLast: KEPT_SNAPSHOTS, olderThanMs: nowMs }).metadata
  const bytes = serialise(metadata)
  const stem = `${String(number).padStart(5, '0')}-${randomUUID()}`
  const path = write(stem, '.metadata.json', bytes, 'metadata-written')
  await allDone(written)
  return { entry: { folder, metadata: path.slice(planned.location.length + 1), number }, bytes, keys }
}

async function nextManifests(
  metadata: TableMetadata,
  current: TableVersion | undefined,
  {
    add,
    remove,
    keepNumber,
    numbers,
  }: Pick<TableChange, 'numbers'> & {
    add: readonly DataFile[]
    remove: readonly DataFile[]
    keepNumber: boolean
  },
  snapshotId: number,
  write: (stem: string, end: string, bytes: Uint8Array, done?: CommitStep) => string,
): Promise<ManifestFile[]> {
  const schema = currentSchema(metadata)
  async function put(specId: number, entries: ManifestEntry[]): Promise<ManifestFile> {
    const manifest = { schema, spec: specById(metadata, specId), entries, snapshotId }
    const bytes = writeManifest(manifest)
    const path = write(randomUUID(), '-m.avro', bytes, 'manifest-written')
    return describeManifest(manifest, path, bytes.length)
  }

  const removed = new Set(remove.map(({ path }) => path))
  // Rows that only moved to another file keep their sequence number: see `changes.ts`.
  let number: number | null = null
  const parts: Part[] = []
  for (const manifest of (await current?.manifests()) ?? []) {
    const files = manifest.addedFiles + manifest.existingFiles
    if (files === 0) continue
    const read = () => (current as TableVersion).entries(manifest)
    const hit = removed.size > 0 && (await read()).some(({ file }) => removed.has(file.path))
    const { specId } = manifest
    if (!hit) parts.push({ specId, manifest, files, entries: async () => (await read()).map(existingEntry) })
    else {
      const entries = (await read()).map((entry) => {
        if (!removed.has(entry.file.path)) return existingEntry(entry)
        if (keepNumber) number = Math.max(number ?? 0, entry.sequenceNumber ?? 0)
        return deletedEntry(entry, snapshotId)
      })
      // This manifest shows which files the snapshot removed, so this commit does not merge it.
      parts.push({ specId, files: Number.POSITIVE_INFINITY, entries: async () => entries })
    }
  }
  // All files of a manifest have one partition spec.
  const specIds = [currentSpec(metadata)['spec-id'], unpartitionedSpec(metadata)?.['spec-id']]
  for (const [at, specId] of specIds.entries()) {
    const files = add.filter((file) => isUnpartitioned(file) === (at === 1))
    if (specId === undefined || files.length === 0) continue
    const entries = files.map((file) => addedEntry(file, snapshotId, numbers?.get(file.path) ?? number))
    parts.push({ specId, files: files.length, entries: async () => entries })
  }

  // Merge the smallest first, until no size class has too many manifests.
  for (const { 'spec-id': specId } of metadata['partition-specs'])
    for (let tier = 0; MERGE_AT ** tier < FULL_MANIFEST; tier++) {
      const same = parts.filter((part) => part.specId === specId && tierOf(part.files) === tier)
      if (same.length < MERGE_AT) continue
      const entries = (await Promise.all(same.map((part) => part.entries()))).flat()
      for (const part of same) parts.splice(parts.indexOf(part), 1)
      parts.push({ specId, files: entries.length, entries: async () => entries })
    }
  const next = parts.map(async ({ manifest, specId, entries }) => {
    if (manifest) return [manifest]
    return await Promise.all(cutByDay(await entries()).map((some) => put(specId, some)))
  })
  return (await Promise.all(next)).flat()
}

/** Entries sorted by day, in parts that are full once there are enough of them. */
function cutByDay(entries: readonly ManifestEntry[]): ManifestEntry[][] {
  const sorted = [...entries].sort(byDayAndPath)
  const parts = Math.max(1, Math.floor(sorted.length / FULL_MANIFEST))
  const size = Math.ceil(sorted.length / parts)
  return Array.from({ length: parts }, (_, at) => sorted.slice(at * size, (at + 1) * size))
}

/** Whether its rows are of several days. */
function isUnpartitioned({ partition }: DataFile): boolean {
  return Object.keys(partition).length === 0
}

/** An existing manifest, or the entries of a manifest that is still to be written. */
interface Part {
  specId: number
  manifest?: ManifestFile
  files: number
  entries(): Promise<ManifestEntry[]>
}

function tierOf(files: number): number {
  return Math.floor(Math.log(Math.max(1, files)) / Math.log(MERGE_AT) + 1e-9)
}

function byDayAndPath(a: ManifestEntry, b: ManifestEntry): number {
  const day = Number(a.file.partition[DAY] ?? -1) - Number(b.file.partition[DAY] ?? -1)
  return day !== 0 ? day : a.file.path < b.file.path ? -1 : 1
}
