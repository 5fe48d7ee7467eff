import { hashIn, hashOf } from '../hash.ts'
import type { StatisticsFile, TableMetadata } from '../iceberg/index.ts'
import { MAGIC, puffinBlobs, puffinFooter } from '../puffin.ts'
import type { Storage } from '../storage/contract.ts'

/**
 * Lists which data files have their filters in which group. There is one listing a table, which the table's
 * metadata names as a statistics file of the current snapshot. It is a Puffin file with one blob of JSON. The
 * metadata lists no blobs for it, because pyiceberg cannot read a table whose metadata names an unknown blob
 * type.
 */
export interface Listing {
  groups: readonly Group[]
}

/** Filters of up to 64 data files, in one Puffin file. */
export interface Group {
  /** Relative to the table's `metadata/`. */
  file: string
  /** The data files, by `fileName`, in the order of their bits. */
  files: readonly string[]
  /** Rows of the largest file. */
  rows: number
  keys: Readonly<Record<string, KeyFilter>>
}

/** Where the filter of one key lies in a group's file. */
export type KeyFilter =
  /** `blocks` rows, each with one block of every file. */
  | { kind: 'bloom'; offset: number; blocks: number }
  /** `entries` distinct values, each with the files that have it. */
  | { kind: 'values'; offset: number; entries: number }

const END = '.needles.puffin'
const BLOB_TYPE = 'loglake-needles-v1'

/** A data file's name in a listing: without hash and extension. */
export function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).split('.', 1)[0] as string
}

export function encodeListing({ groups }: Listing): { bytes: Uint8Array; footer: number; end: string } {
  const blob = Buffer.from(JSON.stringify({ groups }))
  const footer = puffinFooter([{ type: BLOB_TYPE, fields: [], offset: MAGIC.length, length: blob.length }])
  return { bytes: Buffer.concat([MAGIC, blob, footer]), footer: footer.length, end: END }
}

/** Undefined when there is none, or it is damaged: then every file is read. */
export async function readListing(storage: Storage, key: string): Promise<Listing | undefined> {
  try {
    const bytes = await storage.find(key)
    if (!bytes || hashIn(key) !== hashOf(bytes)) return undefined
    const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    const blob = puffinBlobs(file)?.find(({ type }) => type === BLOB_TYPE)
    return blob && JSON.parse(file.toString('utf8', blob.offset, blob.offset + blob.length))
  } catch {
    return undefined
  }
}

/** The path of the listing that the metadata names. */
export function listingPath({ statistics }: TableMetadata): string | undefined {
  return statistics.map(pathOf).find((path) => path?.endsWith(END))
}

function pathOf(file: StatisticsFile): string | undefined {
  return typeof file['statistics-path'] === 'string' ? file['statistics-path'] : undefined
}

/** The metadata with a listing, new or unchanged, as a statistics file of the current snapshot. */
export function withListing(
  metadata: TableMetadata,
  written?: { path: string; bytes: number; footer: number },
): TableMetadata {
  const snapshot = metadata['current-snapshot-id']
  const before = metadata.statistics.find((file) => pathOf(file)?.endsWith(END))
  const listing: StatisticsFile | undefined = written
    ? {
        'snapshot-id': snapshot,
        'statistics-path': written.path,
        'file-size-in-bytes': written.bytes,
        'file-footer-size-in-bytes': written.footer,
        'blob-metadata': [],
      }
    : before && { ...before, 'snapshot-id': snapshot }
  if (!listing) return metadata
  return { ...metadata, statistics: [...metadata.statistics.filter((file) => file !== before), listing] }
}
