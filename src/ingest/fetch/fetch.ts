import { settles } from '../../ledger/lookup.ts'
import { Interrupted } from '../../lib/errors.ts'
import { step } from '../../lib/steps.ts'
import { concurrently } from '../../lib/stream.ts'
import { type DeadLetter, type LogObject, type ReadObject, Unreadable } from '../../sources/contract.ts'
import { ofTheObject, release } from '../failed.ts'
import type { Head } from '../open/head.ts'
import { KEPT_BYTES } from '../open/rejects.ts'
import type { Session } from '../session.ts'
import type { Account } from '../totals.ts'
import type { Candidate, LeftOut, ToFetch } from './lookup.ts'

/** An object whose bytes are at hand, or lie in a file of this machine; of one that is too large, its head. */
export type Fetched = ToFetch & ({ bytes: Uint8Array } | { file: string } | { head: Head })

/** What an object is taken to weigh as long as nobody has said how large it is. */
const UNKNOWN_BYTES = 4 << 20

/**
 * Fetches many objects at once, in memory that is bounded by their bytes, and gives each as soon as it is there: one that
 * is slow does not hold up the others, and one that cannot be read fails alone.
 */
export async function* fetched(
  session: Session,
  account: Account,
  candidates: AsyncIterable<Candidate | DeadLetter>,
): AsyncGenerator<Fetched | LeftOut | DeadLetter> {
  const limits = {
    atOnce: session.fetches,
    most: session.fetchBytes,
    weight(one: Candidate | DeadLetter) {
      if (one.kind === 'dead-letter') return one.deadLetter.message.length
      return one.kind === 'left-out' ? 0 : one.object.bytes || UNKNOWN_BYTES
    },
    inOrder: false,
    onFailure: () => session.stop.abort(),
  }
  const work = async (one: Candidate | DeadLetter) =>
    one.kind === 'fetch' ? await fetchOne(session, account, one) : one
  for await (const one of concurrently(candidates, limits, work)) if (one) yield one
}

/** Undefined when there is nothing to read, or no way to. */
async function fetchOne(
  session: Session,
  account: Account,
  candidate: ToFetch,
): Promise<Fetched | undefined> {
  const { object, rows } = candidate
  const { signal } = session.stop
  if (session.interrupt?.aborted) throw new Interrupted()
  try {
    const { file } = object
    if (file === undefined && signal.aborted) throw new Unreadable('given-back', 'the run ends')
    // A file is opened where it lies; one that is too large is a reject with its head.
    if (file !== undefined) {
      step('object-read')
      return { ...candidate, file }
    }
    const most = session.maxObjectBytes
    const read = object.bytes > most ? undefined : await object.read(signal, most).catch(unlessTooLarge)
    const head = read ? undefined : await object.head?.(KEPT_BYTES, signal)
    const found = read ?? head
    if (!found) throw tooLarge(object.bytes, most)
    step('object-read')
    // It may be another version than was announced.
    const same = rows.find(({ version }) => version === found.version)
    if (same && settles(same, session)) {
      account.objects.already++
      await object.acknowledge()
      return undefined
    }
    const { bytes, version, writtenMs } = found
    if (!head) return { ...candidate, object: asRead(object, found), bytes }
    const { size, sha256 } = head
    return {
      ...candidate,
      object: { ...object, version, writtenMs, bytes: size },
      head: { bytes, size, sha256 },
    }
  } catch (thrown) {
    await release(account, object, ofTheObject(thrown, 'reading'))
    return undefined
  }
}

/** The object as it was when it was read. */
export function asRead(object: LogObject, { bytes, version, writtenMs }: ReadObject): LogObject {
  return { ...object, version, writtenMs, bytes: bytes.length }
}

/** Of what is too large, the head is read instead. */
function unlessTooLarge(thrown: unknown): undefined {
  if (!(thrown instanceof Unreadable) || thrown.outcome !== 'too-large') throw thrown
}

function tooLarge(bytes: number, most: number): Unreadable {
  return new Unreadable(
    'too-large',
    `${bytes} bytes are more than an object may have, which is ${most} (ingest.max_object_bytes)`,
  )
}
