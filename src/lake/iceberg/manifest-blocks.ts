/**
 * The blocks of a manifest, each about few days: a question about one day decodes only that day's entries,
 * however many others are in the file. What the blocks hold is in the header, under a property of ours that
 * other readers pass over.
 */
import { readContainerMetadata } from './avro.ts'
import { partitionTypes } from './manifest-schema.ts'
import type {
  ManifestEntry,
  ManifestFile,
  PartitionSpec,
  PartitionSummary,
  PartitionValue,
  Schema,
} from './types.ts'
import { compareBounds, toBytes } from './value.ts'

const BLOCKS = 'loglake.blocks'
/** Entries after which a block ends with the partition: smaller ones are compressed badly. */
const ENTRIES = 256

/** A block's bounds as hexadecimal digits. */
interface SummaryText {
  containsNull: boolean
  containsNan?: boolean
  lower: string | null
  upper: string | null
}

/** What is asked of an entry's Avro record. */
interface Partitioned {
  data_file: { partition: Record<string, PartitionValue> }
}

/** Options of a container whose blocks end with a partition. The entries have to be sorted by it. */
export function inBlocks(schema: Schema, spec: PartitionSpec, entries: readonly ManifestEntry[]) {
  return {
    endsBlock(before: Partitioned, next: Partitioned, count: number): boolean {
      const partition = ({ data_file }: Partitioned) => JSON.stringify(data_file.partition)
      return count >= ENTRIES && partition(before) !== partition(next)
    },
    describe(counts: readonly number[]): Record<string, string> {
      if (counts.length < 2) return {}
      let from = 0
      const blocks = counts.map((count) => {
        const summaries = summarisePartitions(schema, spec, entries.slice(from, from + count))
        from += count
        return summaries.map(toText)
      })
      return { [BLOCKS]: JSON.stringify(blocks) }
    },
  }
}

/**
 * The blocks of a manifest, each as a row of the manifest list would say it. Undefined where the manifest has
 * one block, or another program wrote it.
 */
export function blocksOf(bytes: Uint8Array, manifest: ManifestFile): ManifestFile[] | undefined {
  const said = readContainerMetadata(bytes)[BLOCKS]
  if (said === undefined) return undefined
  const blocks = JSON.parse(said) as SummaryText[][]
  return blocks.map((summaries) => ({ ...manifest, partitions: summaries.map(fromText) }))
}

function toText({ lower, upper, ...rest }: PartitionSummary): SummaryText {
  const hex = (bound: Uint8Array | null) => bound && Buffer.from(bound).toString('hex')
  return { ...rest, lower: hex(lower), upper: hex(upper) }
}

function fromText({ lower, upper, ...rest }: SummaryText): PartitionSummary {
  const bytes = (bound: string | null) => (bound === null ? null : Buffer.from(bound, 'hex'))
  return { ...rest, lower: bytes(lower), upper: bytes(upper) }
}

/** What a manifest, or a block of it, has as values of each partition field. */
export function summarisePartitions(
  schema: Schema,
  spec: PartitionSpec,
  entries: readonly ManifestEntry[],
): PartitionSummary[] {
  return partitionTypes(schema, spec).map(({ name, type }) => {
    const summary: PartitionSummary = { containsNull: false, containsNan: false, lower: null, upper: null }
    for (const value of new Set(entries.map((entry) => entry.file.partition[name] ?? null))) {
      if (value === null) {
        summary.containsNull = true
      } else if (Number.isNaN(value)) {
        summary.containsNan = true
      } else {
        const bytes = toBytes(type, type === 'timestamptz' ? BigInt(value) : value)
        if (!summary.lower || compareBounds(type, bytes, summary.lower) < 0) summary.lower = bytes
        if (!summary.upper || compareBounds(type, bytes, summary.upper) > 0) summary.upper = bytes
      }
    }
    return summary
  })
}
