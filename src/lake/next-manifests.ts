/**
 * The manifests of a table's next snapshot. Small ones are merged, so that a table has few; those with many
 * files are cut by day, so that a question about one day reads few of them.
 */

import { randomUUID } from 'node:crypto'
import {
  addedEntry,
  currentSchema,
  currentSpec,
  type DataFile,
  deletedEntry,
  describeManifest,
  existingEntry,
  type ManifestEntry,
  type ManifestFile,
  manifestMayMatch,
  type Predicate,
  specById,
  type TableMetadata,
  unpartitionedSpec,
  writeManifest,
} from './iceberg/index.ts'
import type { CommitStep } from './steps.ts'
import { DAY } from './table.ts'
import type { TableVersion } from './version.ts'

/** So many manifests of about one size are merged, so that a table has few: O(log n) that are not full. */
const MERGE_AT = 8
/**
 * Files of a full manifest, which is not merged again. What is merged to more files is cut by their days into
 * full manifests: each covers few days, so that a question about one day reads few of them, however many
 * files the table has.
 */
const FULL_MANIFEST = 4096

export async function nextManifests(
  metadata: TableMetadata,
  current: TableVersion | undefined,
  {
    add,
    remove,
    keepNumber,
    numbers,
  }: {
    numbers?: ReadonlyMap<string, number> | undefined
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
  const ofTheirDays = ofDays(remove)
  // Rows that only moved to another file keep their sequence number: see `changes.ts`.
  let number: number | null = null
  const parts: Part[] = []
  for (const manifest of (await current?.manifests()) ?? []) {
    const files = manifest.addedFiles + manifest.existingFiles
    if (files === 0) continue
    const read = () => (current as TableVersion).entries(manifest)
    const { specId } = manifest
    const mayHit =
      removed.size > 0 && manifestMayMatch(manifest, schema, specById(metadata, specId), ofTheirDays)
    const hit = mayHit && (await read()).some(({ file }) => removed.has(file.path))
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
export function isUnpartitioned({ partition }: DataFile): boolean {
  return Object.keys(partition).length === 0
}

/** What a manifest meets that may hold one of these files. */
function ofDays(files: readonly DataFile[]): Predicate[] {
  // A file of several days has no day; its manifest has no partition either, and meets any day.
  const dated = files.filter((file) => !isUnpartitioned(file))
  const days = new Set(dated.map(({ partition }) => partition[DAY] ?? null))
  return days.has(null) ? [] : [{ column: DAY, op: 'in', values: [...days].filter((day) => day !== null) }]
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
