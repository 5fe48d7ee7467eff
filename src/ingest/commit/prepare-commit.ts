import type { LakeChange, TableChange } from '../../lake/change.ts'
import type { Prepare } from '../../lake/lake.ts'
import { dataKey } from '../../lake/names.ts'
import { disown } from '../../lake/parquet.ts'
import { folderOf } from '../../lake/table.ts'
import type { LakeVersion } from '../../lake/version.ts'
import type { Tally } from '../../ledger/contract.ts'
import { writeDeadLetters } from '../../ledger/dead-letters.ts'
import { outcomeOf, skippedRecords, writeOwnTables } from '../../ledger/rows.ts'
import type { Batch, BatchObject, ObjectCounts } from '../contract.ts'
import { type Session, writerOf } from '../session.ts'
import type { Staged } from '../stage/contract.ts'
import { faultPoint } from '../steps.ts'
import {
  adoptFresh,
  deduplicate,
  freshRows,
  look,
  releaseFresh,
  releaseLooked,
  tallyOf,
} from './deduplicate.ts'
import { rebaseDeadLetters, rebaseObjects, remainingOf } from './rebase.ts'

/** A batch on its way through the commit. It shrinks when other writers commit parts of it first. */
export interface PreparedCommit {
  prepare: Prepare
  /** Releases the local files, after the commit or when it is given up. */
  release(): void
  /**
   * The outcome of each object, after the commit; without the objects that another writer committed first.
   */
  outcome(): { object: BatchObject; counts: ObjectCounts }[]
  /** Dead letters that the lake did not have. */
  deadLetters(): number
}

/**
 * Prepares a staged batch for its commit, and again for each newer version until it is committed: removes the
 * objects that another writer committed first (`rebase.ts`), then the rows that the lake has
 * (`deduplicate.ts`), then writes the ledger's rows of the rest. The first time is before its turn to commit,
 * so that in its turn only newer rows are compared and others wait less.
 */
export async function prepareCommit(
  session: Session,
  batch: Batch,
  staged: readonly Staged[],
): Promise<PreparedCommit> {
  const writer = writerOf(session)
  const run = { source: batch.source, window: session.window, types: session.types }
  const writeOwn = batch.writeOwn ?? writeOwnTables
  const remaining = remainingOf(batch)
  const fresh = await freshRows(session, staged)
  let deadLetterFiles: TableChange | undefined
  let ownFiles: Record<string, TableChange> | undefined
  const tally = ({ object }: BatchObject): Tally => tallyOf(fresh, object.uri)

  async function forgetOwn(): Promise<void> {
    const { storage } = session.lake
    for (const [table, { add = [] }] of Object.entries(ownFiles ?? {}))
      for (const { path } of add) await disown(storage, dataKey(folderOf(table), path))
    ownFiles = undefined
  }

  /** Computes the change; parts that were computed for an earlier version are kept. */
  async function workOut(base: LakeVersion, ahead: boolean): Promise<LakeChange | undefined> {
    const looking = look(fresh, base)
    // Awaited below; until then, a failure must not end the process.
    looking.catch(() => undefined)
    const released = () =>
      looking.then(
        (looked) => releaseLooked(fresh, looked),
        () => undefined,
      )
    try {
      const taken = await rebaseObjects(session, remaining, base)
      const reread = remaining.objects.filter(({ previous, reread: again }) => previous || again)
      const uris = reread.map(({ object }) => object.uri)
      if ((await deduplicate(fresh, await looking, taken, uris)) || taken.length > 0) await forgetOwn()
    } finally {
      await released()
    }
    faultPoint('duplicates-checked')
    if (await rebaseDeadLetters(session, remaining, base)) deadLetterFiles = undefined
    const { objects, deadLetters } = remaining
    if (objects.length === 0 && deadLetters.length === 0) return undefined

    const tables = await adoptFresh(fresh, base)
    // Rows that depend on rows of the lake are written only for the version that is committed on.
    const rests = batch.writeOwn !== undefined || objects.some(({ previous }) => previous)
    if (rests ? !ahead : !ownFiles) {
      await forgetOwn()
      ownFiles = await writeOwn(writer, run, objects, tally, base)
      faultPoint('ledger-adopted')
    }
    if (deadLetters.length > 0)
      deadLetterFiles ??= await writeDeadLetters(writer, batch.source, deadLetters, base)
    return { tables: { ...tables, ...ownFiles, ...(deadLetterFiles ? { deadletter: deadLetterFiles } : {}) } }
  }

  try {
    // The slow part, when a day has many files, is done before other writers wait for it.
    await workOut(await session.lake.newest(), true)
  } catch (thrown) {
    releaseFresh(fresh)
    throw thrown
  }
  return {
    prepare: (base) => workOut(base, false),
    release: () => releaseFresh(fresh),
    deadLetters: () => new Set(remaining.deadLetters.map(({ id }) => id)).size,
    outcome: () => remaining.objects.map((object) => ({ object, counts: runCounts(object, tally(object)) })),
  }
}

/** The counts of this reading of the object, without those of earlier ones. */
function runCounts({ opened }: BatchObject, { within, fresh, conflicts }: Tally): ObjectCounts {
  return {
    outcome: outcomeOf(opened),
    stored: fresh,
    repeated: within - fresh - conflicts,
    conflicts,
    skipped: opened.spooled - within + skippedRecords(opened),
  }
}
