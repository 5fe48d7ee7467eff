import type { Refusal } from '../json/refusal.ts'
import type { FilterCache } from '../lake/filters.ts'
import type { Lake } from '../lake/lake.ts'
import type { Engine } from '../lib/duckdb.ts'
import type { LedgerRow, Reading } from './lookup.ts'

/** What the ledger's rows are written with. */
export interface Writer {
  engine: Engine
  lake: Lake
  filters: FilterCache
  /** The folder for Parquet files that wait for their commit. */
  place: string
}

/** The run that read objects: its source, by the name in the configuration, and how it read. */
export interface ReadingRun extends Reading {
  source: string
}

/** An object that a run read, or that a filter excluded, as the ledger keeps it. */
export interface LedgerObject {
  object: { uri: string; version: string; bytes: number }
  opened: OpenedFacts
  /** Its row from an earlier run under another limit, which this run replaces. */
  previous?: LedgerRow
  /** It is read again since there are other log types: its rejects are others now. */
  retyped?: boolean
  /** The filter that excluded it: then it has not been read. */
  leftOut?: string
}

/** What became of an object's bytes. */
export interface OpenedFacts {
  sha256: string
  expandedBytes: number
  /** Of a CloudTrail log file: SHA-256 of its unzipped bytes in hex, and how many bytes follow its first gzip member. */
  unzipped?: { sha256: string; trailing?: number } | undefined
  envelope: string
  /** Records found: those in spool files, the rejected and the skipped. */
  read: number
  spooled: number
  /** The log types of its records, the first record's first; undefined when the object has none. */
  logtype?: string
  /** Why the object as a whole holds nothing to store. */
  skipped?: string
  rejected: RejectedRecord[]
  /** Records with nothing to store, by reason. */
  skippedRecords?: Map<string, number>
}

/** A dead letter as its table keeps it. */
export interface LetterRow {
  id: string
  code: string
  reason: string
  message: string
  messageId: string
  queue: string
  /** In milliseconds since 1970. */
  sentMs: number
  receives: number
  object?: string
}

/** Where a record is in its object. */
export interface Place {
  /** Which record of the object, counted from 0. */
  position: number
  offset: number
}

/** A record that cannot be stored: its bytes, its place in the object's expanded bytes, and why. */
export interface RejectedRecord extends Place, Refusal {
  /** Of a long one the head. */
  bytes: Uint8Array
  /** How many bytes it has, and their SHA-256 in hex, where they may be known. */
  size: number
  sha256: string | undefined
  /** How many records the reject stands for. */
  records: number
}

/** How many records were rejected. */
export function countRejects(rejected: readonly RejectedRecord[]): number {
  return rejected.reduce((sum, { records }) => sum + records, 0)
}

/** What a record in conflict is counted under, beside the reasons of other rejects. */
export const CONFLICT = 'another record has its id and time, and other content'

/** The ledger's reason for an object that a filter excluded. */
export function leftOutText(by: string): string {
  return `left out by ${by}`
}

/** An object's rows: within the limits on event time, and of these the ones that are new to the lake. */
export interface Tally {
  within: number
  fresh: number
  /** Of those within the limits, the ones in conflict with another row. */
  conflicts: number
  first?: string
  last?: string
}
