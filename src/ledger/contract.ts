import type { Refusal } from '../json/refusal.ts'
import type { FilterCache } from '../lake/filters.ts'
import type { Lake } from '../lake/lake.ts'
import type { Engine } from '../lib/duckdb.ts'
import type { LedgerRow, Reading } from './lookup.ts'

/** What writing rows of the ledger needs. */
export interface Writer {
  engine: Engine
  lake: Lake
  filters: FilterCache
  /** The folder for Parquet files before their commit. */
  place: string
}

/** The run that read objects: its source, by its name in the configuration, its limits and its log types. */
export interface ReadingRun extends Reading {
  source: string
}

/** An object that a run read, or that a filter excluded, as the ledger records it. */
export interface LedgerObject {
  object: { uri: string; version: string; bytes: number }
  opened: OpenedFacts
  /** Its row from an earlier run under another limit, which this run replaces. */
  previous?: LedgerRow
  /** It is read again because the set of log types changed, so its rejects may change too. */
  retyped?: boolean
  /** The filter that excluded it; the object was then not read. */
  filteredBy?: string
}

/** Facts about an object's bytes, known once it is opened. */
export interface OpenedFacts {
  sha256: string
  expandedBytes: number
  /**
   * For a CloudTrail log file: SHA-256 of its unzipped bytes in hex, and the number of bytes after its first
   * gzip member.
   */
  unzipped?: { sha256: string; trailing?: number } | undefined
  envelope: string
  /** Records found: spooled, rejected and skipped. */
  read: number
  spooled: number
  /** The log types of its records, the first record's first; undefined when the object has none. */
  logtype?: string
  /** Why the object as a whole holds nothing to store. */
  skipped?: string
  rejected: RejectedRecord[]
  /** Records without anything to store, counted by reason. */
  skippedRecords?: Map<string, number>
}

/** A dead letter as a row of its table. */
export interface DeadLetterRow {
  id: string
  code: string
  reason: string
  message: string
  messageId: string
  queue: string
  /** Milliseconds since 1970. */
  sentMs: number
  receiveCount: number
  object?: string
}

/** Where a record lies in its object. */
export interface RecordLocation {
  /** Index of the record in its object, from 0. */
  position: number
  offset: number
}

/** A record that cannot be stored: its bytes, its location in the object's expanded bytes, and the reason. */
export interface RejectedRecord extends RecordLocation, Refusal {
  /** All bytes, or the head of a long record. */
  bytes: Uint8Array
  /** Number of all its bytes, and their SHA-256 in hex unless it must not be known. */
  size: number
  sha256: string | undefined
  /** Records that the reject stands for. */
  records: number
}

/** Counts the rejected records. */
export function countRejects(rejected: readonly RejectedRecord[]): number {
  return rejected.reduce((sum, { records }) => sum + records, 0)
}

/** The reason under which conflicts are counted. */
export const CONFLICT = 'another record has its id and time, and other content'

/** The ledger's reason for an object that a filter excluded. */
export function filteredText(by: string): string {
  return `left out by ${by}`
}

/**
 * Counts of an object's rows: those within the limits on event time, and those of them that are new to the
 * lake.
 */
export interface Tally {
  within: number
  fresh: number
  /** Rows within the limits that conflict with another row. */
  conflicts: number
  first?: string
  last?: string
}
