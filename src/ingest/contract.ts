import type { TableChange } from '../lake/change.ts'
import type { LakeVersion } from '../lake/version.ts'
import type { ReadingRun, Tally, Writer } from '../ledger/contract.ts'
import type { LedgerRow } from '../ledger/lookup.ts'
import type { Parts } from '../logtypes/contract.ts'
import type { DeadLetter, LogObject } from '../sources/contract.ts'
import type { OpenedObject } from './open/contract.ts'
import type { Spool } from './spool/contract.ts'

/** An object on its way into the lake. */
export interface BatchObject {
  object: LogObject
  opened: OpenedObject
  /** What was read of the other objects that its records name. */
  parts?: Parts
  /** Its row from an earlier run under another limit, which this run replaces. */
  previous?: LedgerRow
  /** The same bytes were read under another limit, as another version. */
  reread?: boolean
  /** It is read again since there are other log types: its rejects are others now. */
  retyped?: boolean
  /** By what it is left out: then it has not been read. */
  leftOut?: string
  /** Its bytes, once it was opened again on its own and each record looked at: then its spool files hold nothing else. */
  alone?: Uint8Array
}

/** Objects that are committed together. */
export interface Batch {
  source: string
  objects: BatchObject[]
  /** The files with their records. */
  spools: Spool[]
  /** Named once more by the source; acknowledged together with the first. */
  again: LogObject[]
  letters: DeadLetter[]
  /** The ledger's sequence when the first of them was looked up. */
  ledgerSequence: number
  /** How its rows of the ledger and of the rejects are written, where its records come out of those. */
  writeOwn?: (
    writer: Writer,
    run: ReadingRun,
    objects: readonly BatchObject[],
    tally: (object: BatchObject) => Tally,
    base: LakeVersion,
  ) => Promise<Record<string, TableChange>>
}

/** What became of an object's records. */
export interface ObjectCounts {
  outcome: 'stored' | 'skipped' | 'rejected'
  stored: number
  repeated: number
  /** Rejected since another record has their id and time, and other content. */
  conflicts: number
  skipped: number
}
