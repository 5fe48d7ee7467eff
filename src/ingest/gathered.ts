import type { DeadLetter, LogObject } from '../sources/contract.ts'
import type { BatchObject } from './contract.ts'
import type { Filtered } from './fetch/lookup.ts'
import type { Session } from './session.ts'
import type { Spool } from './spool/contract.ts'

/** What enters a batch together: a group of opened objects, or one thing that needs no opening. */
export interface Gathered {
  objects: BatchObject[]
  spools: Spool[]
  /** Later mentions of these objects by the source. */
  again: LogObject[]
  deadLetters: DeadLetter[]
  /** The ledger's sequence number when the first of them was looked up. */
  ledgerSequence: number
}

/** What gets into the ledger without being read: an excluded object, or a dead letter. */
export type Unopened = Filtered | DeadLetter

export async function* unopened(session: Session, found: AsyncIterable<Unopened>): AsyncGenerator<Gathered> {
  const nothing = { objects: [], spools: [], again: [], deadLetters: [] }
  for await (const one of found)
    yield one.kind === 'dead-letter'
      ? { ...nothing, deadLetters: [one], ledgerSequence: Number.POSITIVE_INFINITY }
      : { ...nothing, objects: [unread(session, one)], ledgerSequence: one.ledgerSequence }
}

/** The ledger's facts about an object that a filter excludes. */
function unread(session: Session, { object, filteredBy }: Filtered): BatchObject {
  const nothing = { sha256: '', expandedBytes: 0, envelope: '', read: 0, spooled: 0, rejected: [] }
  return { object, opened: { serial: session.nextSerial(), ...nothing }, filteredBy }
}
