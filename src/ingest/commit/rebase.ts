import type { LakeVersion } from '../../lake/version.ts'
import type { DeadLetterRow } from '../../ledger/contract.ts'
import { knownDeadLetters } from '../../ledger/dead-letters.ts'
import { isDone, isRetyped, ledgerRows } from '../../ledger/lookup.ts'
import type { Batch, BatchObject } from '../contract.ts'
import { type Session, writerOf } from '../session.ts'

/** The part of a batch that no other writer has committed. */
export interface Remaining {
  objects: BatchObject[]
  deadLetters: readonly DeadLetterRow[]
  /** The sequences of the ledger and of the dead letters up to which both were looked up. */
  ledgerSequence: number
  deadLetterSequence: number
}

export function remainingOf({ objects, deadLetters, ledgerSequence }: Batch): Remaining {
  return {
    objects,
    deadLetters: deadLetters.map(({ deadLetter }) => deadLetter),
    ledgerSequence,
    deadLetterSequence: -1,
  }
}

/**
 * Removes the objects that another writer committed since the last look. An object that it read under a
 * narrower limit stays, and its row is replaced.
 *
 * @returns the URIs of the removed objects
 */
export async function rebaseObjects(
  session: Session,
  remaining: Remaining,
  base: LakeVersion,
): Promise<string[]> {
  const { committer: engine, lake, filters } = session
  const { objects, ledgerSequence } = remaining
  const table = await base.table('ledger')
  if (!table || table.sequence <= ledgerSequence) return []
  const uris = objects.map(({ object }) => object.uri)
  const rows = await ledgerRows(engine, lake.storage, table, uris, filters, ledgerSequence)
  remaining.ledgerSequence = table.sequence
  const taken: string[] = []
  for (const entry of objects) {
    const { uri, version } = entry.object
    const row = rows.get(uri)?.find((found) => found.version === version)
    if (row && (entry.filteredBy !== undefined || isDone(row, session))) taken.push(uri)
    else if (row) {
      entry.previous = row
      entry.retyped = isRetyped(row, session)
    }
  }
  remaining.objects = objects.filter(({ object }) => !taken.includes(object.uri))
  return taken
}

/**
 * Removes the dead letters that the lake has: a message that could not be deleted is received again.
 *
 * @returns whether there were any
 */
export async function rebaseDeadLetters(
  session: Session,
  remaining: Remaining,
  base: LakeVersion,
): Promise<boolean> {
  const { deadLetters, deadLetterSequence } = remaining
  const table = deadLetters.length > 0 ? await base.table('deadletter') : undefined
  if (!table || table.sequence <= deadLetterSequence) return false
  const known = await knownDeadLetters(writerOf(session), table, deadLetters, deadLetterSequence)
  remaining.deadLetterSequence = table.sequence
  remaining.deadLetters = deadLetters.filter(({ id }) => !known.has(id))
  return known.size > 0
}
