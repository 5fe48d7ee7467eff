import type { Context, Damage, Delivery, Wrapper } from '../../envelopes/contract.ts'
import type { CompiledShape } from '../../json/compile.ts'
import type { OpenedFacts, RecordLocation, RejectedRecord } from '../../ledger/contract.ts'
import type { FlattenedType, LogType, OverflowBodies, PreparedType, Row } from '../../logtypes/contract.ts'
import type { Spool } from '../spool/contract.ts'
import type { Head } from './head.ts'
import type { RejectSink } from './rejects.ts'
import type { RowSink } from './row-columns.ts'

export interface Kept extends RecordLocation {
  /** Its UTC day, as 20260107. */
  day: number
  /** See `Fit`; 0 when it was not computed. */
  groupKey: number
}

/** A record that DuckDB turns into a row. */
export interface KeptJson extends Kept {
  kind: 'json'
  type: FlattenedType
  bytes: Uint8Array
}

/** A record that was turned into a row here, but is not in columns. */
export type KeptRow = Kept & MadeRow

export type KeptRecord = KeptJson | KeptRow

/** Outcomes of an object's records. */
export interface ReadRecords {
  /** Records found: kept, rejected and skipped. */
  read: number
  kept: KeptRecord[]
  /** Records put into columns; the kept ones do not include them. */
  inColumns: number
  /** The log types of the kept records and of those in columns, the first record's first. */
  types: Set<LogType>
  rejected: RejectedRecord[]
  /** Where rejected records go. */
  rejects: RejectSink
  /** Records without anything to store, counted by reason. */
  skipped: Map<string, number>
  /** Objects with overflow bodies that must be read first; no record is kept until then. */
  pending: Set<string>
  /** The last tiny record that was rejected. */
  last?: RejectSink['last']
  /** Whether a record is of a log type with sensitive fields. */
  isSensitive: boolean
  /** The wrapper that the first record came in. */
  wrapper?: string
}

export interface HowToRead {
  context: Context
  typeOf(delivery: Delivery): LogType | undefined
  wrappers?: readonly Wrapper[]
  overflowBodies?: OverflowBodies | undefined
  /** Takes the rows that records were turned into. */
  rows?: RowSink | undefined
  /** The log type that takes anything. */
  catchAll?: PreparedType | undefined
  /**
   * Whether a text from a CloudWatch Logs event is always a log line, unless `catchAll` leaves its stream to
   * other log types.
   */
  textsAreLogs?: boolean
  /** Bytes of the expanded object before this source begins. */
  base?: number
  /** Called with every record as it was delivered, and its position. */
  delivered?: (position: number, delivery: Delivery) => void
  /** Why the array ends early, where that is known. */
  damage?: Damage | undefined
  /** The log type whose fitting records need no further check. */
  quick?: { type: FlattenedType; shape: CompiledShape } | undefined
}

/** A row made of one record. */
export interface MadeRow {
  kind: 'row'
  type: PreparedType
  row: Row
  /** Its UTC day, as 20260107. */
  day: number
  /** See `Fit`. */
  groupKey: number
}

/** A request to a worker thread: the bytes of objects, and where to spool their records. */
export interface OpenRequest {
  /** `serial` is a short number that names an object in this run. */
  objects: ObjectBytes[]
  /** The folder for spool files. */
  folder: string
  /** Most bytes that one object may expand to. */
  maxBytes: number
  /** Read each record on its own, even if all seem to fit. */
  strictly: boolean
}

/** An object's content, and where it comes from. */
export type ObjectBytes = Context & { serial: number; overflowBodies?: OverflowBodies } & Content

/** An object's bytes, the file that holds them, or the head of one that is too large. */
export type Content =
  | { kind: 'bytes'; bytes: Uint8Array }
  | { kind: 'file'; file: string }
  | { kind: 'head'; head: Head; reason?: string }

/** The outcomes of the objects, in their order, and the spool files with their records. */
export interface OpenedGroup {
  objects: OpenedObject[]
  spools: Spool[]
}

/** The outcome of one object, and what is still needed to open it. */
export interface OpenedObject extends OpenedFacts {
  serial: number
  /** Where each spooled record was in the object, when records were read one by one. */
  locations?: (RecordLocation & { logtype: string })[]
  /**
   * Objects with overflow bodies of its records: they must be read, and the object is then opened again with
   * them.
   */
  pending?: string[]
}
