import type { LakeVersion } from '../../lake/version.ts'
import type { LetterRow } from '../../ledger/contract.ts'
import { knownLetters } from '../../ledger/letters.ts'
import { isRetyped, ledgerRows, settles } from '../../ledger/lookup.ts'
import type { Batch, BatchObject } from '../contract.ts'
import { type Session, writerOf } from '../session.ts'

/** What of a batch no other writer has committed. */
export interface Remaining {
  objects: BatchObject[]
  letters: readonly LetterRow[]
  /** The sequences of the ledger and of the dead letters up to which both were looked up. */
  ledgerSequence: number
  letterSequence: number
}

export function remainingOf({ objects, letters, ledgerSequence }: Batch): Remaining {
  return {
    objects,
    letters: letters.map(({ deadLetter }) => deadLetter),
    ledgerSequence,
    letterSequence: -1,
  }
}

/**
 * Takes out the objects that another writer committed since we looked, so that nothing is left to do. One that it read under a
 * narrower limit stays: its row is ours to replace.
 *
 * @returns the URIs of those that are out
 */
export async function rebaseObjects(
  session: Session,
  remaining: Remaining,
  base: LakeVersion,
): Promise<string[]> {
  const { settler: engine, lake, filters } = session
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
    if (row && (entry.leftOut !== undefined || settles(row, session))) taken.push(uri)
    else if (row) {
      entry.previous = row
      entry.retyped = isRetyped(row, session)
    }
  }
  remaining.objects = objects.filter(({ object }) => !taken.includes(object.uri))
  return taken
}

/**
 * Takes out the dead letters that the lake has: a message that could not be deleted comes again.
 *
 * @returns whether there were any
 */
export async function rebaseLetters(
  session: Session,
  remaining: Remaining,
  base: LakeVersion,
): Promise<boolean> {
  const { letters, letterSequence } = remaining
  const table = letters.length > 0 ? await base.table('deadletter') : undefined
  if (!table || table.sequence <= letterSequence) return false
  const known = await knownLetters(writerOf(session), table, letters, letterSequence)
  remaining.letterSequence = table.sequence
  remaining.letters = letters.filter(({ id }) => !known.has(id))
  return known.size > 0
}
