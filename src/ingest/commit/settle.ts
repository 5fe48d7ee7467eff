import type { TableChange } from '../../lake/change.ts'
import type { LakeChange, Prepare } from '../../lake/lake.ts'
import type { LakeVersion } from '../../lake/version.ts'
import type { Tally } from '../../ledger/contract.ts'
import { writeLetters } from '../../ledger/letters.ts'
import { outcomeOf, skippedRecords, writeOwnTables } from '../../ledger/rows.ts'
import { step } from '../../lib/steps.ts'
import type { Batch, BatchObject, ObjectCounts } from '../contract.ts'
import { type Session, writerOf } from '../session.ts'
import type { Staged } from '../stage/contract.ts'
import { adoptFresh, dedupe, freshRows, releaseFresh, tallyOf } from './dedupe.ts'
import { rebaseLetters, rebaseObjects, remainingOf } from './rebase.ts'

/** A batch on its way through the commit: what it holds changes with what other writers were first with. */
export interface Settling {
  prepare: Prepare
  /** Gives up the local files, once the commit is done or given up. */
  release(): void
  /** What became of each object, once committed. Objects that another writer was first with are not among them. */
  outcome(): { object: BatchObject; counts: ObjectCounts }[]
  /** Dead letters that the lake did not have. */
  letters(): number
}

/**
 * Makes a staged batch ready to commit, again and again until it is committed: first the objects that another writer was first
 * with are taken out (`rebase.ts`), then the rows that the lake has (`dedupe.ts`), then the ledger is written of what is left.
 */
export async function settle(session: Session, batch: Batch, staged: readonly Staged[]): Promise<Settling> {
  const writer = writerOf(session)
  const run = { source: batch.source, window: session.window, types: session.types }
  const writeOwn = batch.writeOwn ?? writeOwnTables
  const remaining = remainingOf(batch)
  const fresh = await freshRows(session, staged)
  let letterFiles: TableChange | undefined
  let ownFiles: Record<string, TableChange> | undefined
  const tally = ({ object }: BatchObject): Tally => tallyOf(fresh, object.uri)

  async function prepare(base: LakeVersion): Promise<LakeChange | undefined> {
    const taken = await rebaseObjects(session, remaining, base)
    const reread = remaining.objects.filter(({ previous, reread: again }) => previous || again)
    const uris = reread.map(({ object }) => object.uri)
    if ((await dedupe(fresh, base, taken, uris)) || taken.length > 0) ownFiles = undefined
    step('repeats-checked')
    if (await rebaseLetters(session, remaining, base)) letterFiles = undefined
    const { objects, letters } = remaining
    if (objects.length === 0 && letters.length === 0) return undefined

    const tables = await adoptFresh(fresh, base)
    if (!ownFiles || batch.writeOwn || objects.some(({ previous }) => previous)) {
      ownFiles = await writeOwn(writer, run, objects, tally, base)
      step('ledger-adopted')
    }
    if (letters.length > 0) letterFiles ??= await writeLetters(writer, batch.source, letters, base)
    return { tables: { ...tables, ...ownFiles, ...(letterFiles ? { deadletter: letterFiles } : {}) } }
  }

  return {
    prepare,
    release: () => releaseFresh(fresh),
    letters: () => new Set(remaining.letters.map(({ id }) => id)).size,
    outcome: () => remaining.objects.map((object) => ({ object, counts: runCounts(object, tally(object)) })),
  }
}

/** The run's own view: what this reading of the object brought. */
function runCounts({ opened }: BatchObject, { within, fresh, conflicts }: Tally): ObjectCounts {
  return {
    outcome: outcomeOf(opened),
    stored: fresh,
    repeated: within - fresh - conflicts,
    conflicts,
    skipped: opened.spooled - within + skippedRecords(opened),
  }
}
