import { channel } from '../lib/channel.ts'
import { concurrently, merged, patient } from '../lib/stream.ts'
import type { Source } from '../sources/contract.ts'
import type { Batch } from './contract.ts'
import { fetched } from './fetch/fetch.ts'
import { grouped } from './fetch/groups.ts'
import { newObjects } from './fetch/lookup.ts'
import { type Gathered, type Unopened, unopened } from './gathered.ts'
import { openGroup } from './open/group.ts'
import type { Session } from './session.ts'
import type { Totals } from './totals.ts'

/**
 * Turns a source into batches: objects are looked up, fetched and opened until a batch is full or old enough.
 * Excluded objects and dead letters need no opening: they join a batch directly.
 */
export async function* batches(session: Session, source: Source, totals: Totals): AsyncGenerator<Batch> {
  const { batchBytes, batchObjects, batchAgeMs } = session
  const past = channel<Unopened>()
  const groups = grouped(session, fetched(session, totals, newObjects(session, source, totals, past)), totals)
  const limits = { atOnce: session.threads + 1, inOrder: true, onFailure: () => session.stop.abort() }
  const opened = concurrently(groups, limits, (group) => openGroup(session, totals, group))
  const gathered = patient(merged([opened, unopened(session, past)]))
  let filling: Filling | undefined
  try {
    for (;;) {
      const left =
        filling && batchAgeMs !== undefined ? filling.sinceMs + batchAgeMs - performance.now() : undefined
      const found = left !== undefined && left <= 0 ? undefined : await gathered.next(left)
      if (found?.done) break
      if (found) {
        if (filling && isOtherVersion(filling, found.value)) {
          yield filling.batch
          filling = undefined
        }
        filling ??= emptyBatch(source.name)
        add(filling, found.value, totals)
      }
      if (filling && (!found || filling.bytes >= batchBytes || countOf(filling) >= batchObjects)) {
        yield filling.batch
        filling = undefined
      }
    }
    if (filling) yield filling.batch
  } finally {
    // Otherwise the writer of this queue would wait for a reader that has ended.
    past.close()
    await gathered.close()
  }
}

/** A batch that is not full yet. */
interface Filling {
  batch: Batch
  /** Bytes of its spooled records. */
  bytes: number
  /** When its first object arrived, on a monotonic clock. */
  sinceMs: number
  /** The version of each of its objects, by URI. */
  versions: Map<string, string>
}

function emptyBatch(source: string): Filling {
  const nothing = { objects: [], spools: [], again: [], deadLetters: [] }
  return {
    batch: { source, ...nothing, ledgerSequence: Number.POSITIVE_INFINITY },
    bytes: 0,
    sinceMs: performance.now(),
    versions: new Map(),
  }
}

function countOf({ batch: { objects, deadLetters } }: Filling): number {
  return objects.length + deadLetters.length
}

/** Whether an object of the batch has changed since: one commit holds one version of an object. */
function isOtherVersion({ versions }: Filling, { objects }: Gathered): boolean {
  return objects.some(({ object: { uri, version } }) => (versions.get(uri) ?? version) !== version)
}

/** Skips objects that the batch already has. Across batches, the commit finds duplicates. */
function add(filling: Filling, gathered: Gathered, totals: Totals): void {
  const { batch, versions } = filling
  for (const one of gathered.objects) {
    const { uri, version } = one.object
    if (versions.has(uri)) {
      batch.again.push(one.object)
      totals.objects.already++
      continue
    }
    versions.set(uri, version)
    batch.objects.push(one)
  }
  for (const spool of gathered.spools) {
    batch.spools.push(spool)
    filling.bytes += spool.bytes
  }
  batch.again.push(...gathered.again)
  batch.deadLetters.push(...gathered.deadLetters)
  batch.ledgerSequence = Math.min(batch.ledgerSequence, gathered.ledgerSequence)
}
