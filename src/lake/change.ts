import { randomBytes, randomUUID } from 'node:crypto'
import { LakeError, sentence } from '../lib/errors.ts'
import type { TableEntry } from './catalog.ts'
import { hashOf, withHash } from './hash.ts'
import {
  addSnapshot,
  createTable,
  currentSnapshot,
  type DataFile,
  evolveSchema,
  expireSnapshots,
  logChange,
  type Operation,
  serialise,
  summarise,
  type TableMetadata,
  withUnpartitioned,
  writeManifestList,
} from './iceberg/index.ts'
import { encodeListing, type Listing, withListing } from './needles/listing.ts'
import { isUnpartitioned, nextManifests } from './next-manifests.ts'
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

  /**
   * Begins to write a file. One names the other by its bytes, so none waits for the other; all are there in
   * the end.
   */
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
