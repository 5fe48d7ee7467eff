import type { TableChange } from '../lake/change.ts'
import type { LakeVersion } from '../lake/version.ts'
import type { ReadingRun, Tally, Writer } from '../ledger/contract.ts'
import type { LedgerRow } from '../ledger/lookup.ts'
import type { OverflowBodies } from '../logtypes/contract.ts'
import type { DeadLetter, LogObject } from '../sources/contract.ts'
import type { OpenedObject } from './open/contract.ts'
import type { Spool } from './spool/contract.ts'

/** An object on its way into the lake. */
export interface BatchObject {
  object: LogObject
  opened: OpenedObject
  /** The bodies that its records keep in other objects. */
  overflowBodies?: OverflowBodies
  /** Its ledger row from an earlier run under another size limit, which this run replaces. */
  previous?: LedgerRow
  /** The same bytes were already read under another size limit, as another version. */
  reread?: boolean
  /** It is read again because the set of log types changed, so its rejects may change too. */
  retyped?: boolean
  /** The filter that excludes it; the object is then not read. */
  filteredBy?: string
  /**
   * Its bytes, once it was opened again on its own, record by record. Its spool files then hold no other
   * object.
   */
  alone?: Uint8Array
}

/** Objects that are committed together. */
export interface Batch {
  source: string
  objects: BatchObject[]
  /** The spool files with their records. */
  spools: Spool[]
  /** Later mentions of these objects by the source, acknowledged together with the first. */
  again: LogObject[]
  deadLetters: DeadLetter[]
  /** The ledger's sequence number when the first object was looked up. */
  ledgerSequence: number
  /**
   * Writes the rows of the ledger and of the rejects in place of the usual step, where the records come from
   * these.
   */
  writeOwn?: (
    writer: Writer,
    run: ReadingRun,
    objects: readonly BatchObject[],
    tally: (object: BatchObject) => Tally,
    base: LakeVersion,
  ) => Promise<Record<string, TableChange>>
}

/** Counts of one object's records. */
export interface ObjectCounts {
  outcome: 'stored' | 'skipped' | 'rejected'
  stored: number
  repeated: number
  /** Records rejected because another record has their id and time but other content. */
  conflicts: number
  skipped: number
}
