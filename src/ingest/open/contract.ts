import type { Context, Damage, Delivery, Wrapper } from '../../envelopes/contract.ts'
import type { CompiledShape } from '../../json/compile.ts'
import type { OpenedFacts, Place, RejectedRecord } from '../../ledger/contract.ts'
import type { FlattenedType, LogType, Parts, PreparedType, Row } from '../../logtypes/contract.ts'
import type { Spool } from '../spool/contract.ts'
import type { Head } from './head.ts'
import type { RejectSink } from './rejects.ts'
import type { RowSink } from './row-columns.ts'

export interface Kept extends Place {
  /** Its UTC day, as 20260107. */
  day: number
  /** See `Fit`; 0 when it was not worked out. */
  cluster: number
}

/** A record that DuckDB makes a row of. */
export interface KeptJson extends Kept {
  type: FlattenedType
  bytes: Uint8Array
}

/** A record that was made a row of, and is not in columns. */
export type KeptRow = Kept & MadeRow

export type KeptRecord = KeptJson | KeptRow

/** What became of an object's records, one by one. */
export interface ReadRecords {
  /** How many there are: kept, rejected and skipped. */
  read: number
  kept: KeptRecord[]
  /** How many were put into columns; they are not among the kept. */
  inColumns: number
  /** The log types of both, the first record's first. */
  types: Set<LogType>
  rejected: RejectedRecord[]
  /** Where they are put. */
  rejects: RejectSink
  /** How many had nothing to store, by reason. */
  skipped: Map<string, number>
  /** Objects that hold parts of the records, still to be read; then nothing is kept yet. */
  awaited: Set<string>
  /** The last tiny record that was rejected. */
  last?: RejectSink['last']
  /** Whether one of them is of a log type with sensitive fields. */
  discreet: boolean
  /** The wrapper that the first record came in. */
  wrapper?: string
}

export interface HowToRead {
  context: Context
  typeOf(delivery: Delivery): LogType | undefined
  wrappers?: readonly Wrapper[]
  parts?: Parts | undefined
  /** Takes the rows that records were made into. */
  rows?: RowSink | undefined
  /** The log type that takes anything. */
  catchAll?: PreparedType | undefined
  /** Whether a text that was an event of CloudWatch Logs is nothing else, unless `catchAll` leaves its stream to others. */
  textsAreLogs?: boolean
  /** How many of the object's expanded bytes stand before the source's. */
  base?: number
  /** Is shown every record as it was delivered, by its position. */
  delivered?: (position: number, delivery: Delivery) => void
  /** Why the array breaks off, where that is known. */
  damage?: Damage | undefined
  /** The log type whose fitting records need no look at all. */
  quick?: { type: FlattenedType; shape: CompiledShape } | undefined
}

/** A row that a record was made into. */
export interface MadeRow {
  type: PreparedType
  row: Row
  /** Its UTC day, as 20260107. */
  day: number
  /** See `Fit`. */
  cluster: number
}

/** What a worker thread is asked: these objects' bytes, and where to put the records it finds. */
export interface OpenRequest {
  /** `serial` names an object in this run, in few digits. */
  objects: ObjectBytes[]
  /** The folder for spool files. */
  folder: string
  /** Most bytes that one object may expand to. */
  maxBytes: number
  /** Look at each record on its own, whether or not all seem to fit. */
  strictly: boolean
}

/** An object's bytes, or the file that holds them, or the head of one that is too large; and where it comes from. */
export type ObjectBytes = Context & { serial: number; parts?: Parts } & (
    | { bytes: Uint8Array }
    | { file: string }
    | { head: Head; reason?: string }
  )

/** What became of the objects, in their order, and the files with their records. */
export interface OpenedGroup {
  objects: OpenedObject[]
  spools: Spool[]
}

/** What became of an object's bytes, and how it goes on. */
export interface OpenedObject extends OpenedFacts {
  serial: number
  /** Where the spooled records were, when they were looked at one by one. */
  places?: (Place & { logtype: string })[]
  /** Objects that hold parts of its records. They are to be read, and the object then opened with them. */
  awaited?: string[]
}
