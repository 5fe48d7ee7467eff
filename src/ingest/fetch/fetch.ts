import { isDone } from '../../ledger/lookup.ts'
import { Interrupted } from '../../lib/errors.ts'
import { concurrently } from '../../lib/stream.ts'
import { type LogObject, type ReadObject, Unreadable } from '../../sources/contract.ts'
import { ofTheObject, release } from '../failed.ts'
import type { Content } from '../open/contract.ts'
import { KEPT_BYTES } from '../open/rejects.ts'
import type { Session } from '../session.ts'
import { faultPoint } from '../steps.ts'
import type { Totals } from '../totals.ts'
import type { LookedUp } from './lookup.ts'

/** A fetched object: its bytes, a local file with them, or, when it is too large, its head. */
export type Fetched = LookedUp & Content

/** Bytes assumed for an object whose size is unknown. */
const UNKNOWN_BYTES = 4 << 20

/**
 * Fetches many objects at once, within a limit on their bytes, and yields each as soon as it has arrived. A
 * slow object does not hold up the others, and one that cannot be read fails alone.
 */
export async function* fetched(
  session: Session,
  totals: Totals,
  candidates: AsyncIterable<LookedUp>,
): AsyncGenerator<Fetched> {
  const limits = {
    atOnce: session.fetches,
    max: session.fetchBytes,
    weight: ({ object }: LookedUp) => object.bytes || UNKNOWN_BYTES,
    inOrder: false,
    onFailure: () => session.stop.abort(),
  }
  const work = (one: LookedUp) => fetchOne(session, totals, one)
  for await (const one of concurrently(candidates, limits, work)) if (one) yield one
}

/** Undefined when there is nothing to read, or the object cannot be read. */
async function fetchOne(session: Session, totals: Totals, candidate: LookedUp): Promise<Fetched | undefined> {
  const { object, rows } = candidate
  const { signal } = session.stop
  if (session.interrupt?.aborted) throw new Interrupted()
  try {
    const { file } = object
    if (file === undefined && signal.aborted) throw new Unreadable('released', 'the run ends')
    // A file is opened where it lies; one that is too large becomes a reject with its head.
    if (file !== undefined) {
      faultPoint('object-read')
      return { kind: 'file', ...candidate, file }
    }
    const max = session.maxObjectBytes
    const read = object.bytes > max ? undefined : await object.read(signal, max).catch(unlessTooLarge)
    const head = read ? undefined : await object.head?.(KEPT_BYTES, signal)
    const found = read ?? head
    if (!found) throw tooLarge(object.bytes, max)
    faultPoint('object-read')
    // The version that was read may differ from the one that was announced.
    const same = rows.find(({ version }) => version === found.version)
    if (same && isDone(same, session)) {
      totals.objects.already++
      await object.acknowledge()
      return undefined
    }
    const { bytes, version, writtenMs } = found
    if (!head) return { kind: 'bytes', ...candidate, object: asRead(object, found), bytes }
    const { size, sha256 } = head
    return {
      kind: 'head',
      ...candidate,
      object: { ...object, version, writtenMs, bytes: size },
      head: { bytes, size, sha256 },
    }
  } catch (thrown) {
    await release(totals, object, ofTheObject(thrown, 'reading'))
    return undefined
  }
}

/** The object with the size, version and time that reading it showed. */
export function asRead(object: LogObject, { bytes, version, writtenMs }: ReadObject): LogObject {
  return { ...object, version, writtenMs, bytes: bytes.length }
}

/** Swallows the error of an object that is too large: its head is read instead. */
function unlessTooLarge(thrown: unknown): undefined {
  if (!(thrown instanceof Unreadable) || thrown.outcome !== 'too-large') throw thrown
}

function tooLarge(bytes: number, max: number): Unreadable {
  return new Unreadable(
    'too-large',
    `${bytes} bytes are more than an object may have, which is ${max} (ingest.max_object_bytes)`,
  )
}
