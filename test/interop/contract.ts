export interface Facts {
  rows: number
  /** Of every value of every row, in any order. */
  digest: string
  measures: Record<string, Measure>
  samples: WrittenRow[]
}

export interface SnapshotFacts {
  rows: number
  values: number
  distinct: number
}

export interface Measure {
  values: number
  /** Sum of numbers and times, or of the lengths in bytes. */
  total: string
  distinct?: number
}

/**
 * A row as the list of its columns' texts: times as microseconds since 1970, days as days since then, bytes and the bits
 * of doubles in hex.
 * The readers write theirs the same way.
 */
export type WrittenRow = (string | null)[]
