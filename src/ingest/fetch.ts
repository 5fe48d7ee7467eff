import { step } from '../lib/steps.ts'
import { concurrently } from '../lib/stream.ts'
import { type DeadLetter, type Failure, type LogObject, Unreadable } from '../sources/contract.ts'
import { type Account, countFailure } from './account.ts'
import { settles } from './ledger.ts'
import type { Candidate } from './lookup.ts'
import type { Session } from './session.ts'

/** An object whose bytes are at hand, or lie in a file of this machine. */
export type Fetched = Candidate & ({ bytes: Uint8Array } | { file: string })

/** An object that is not to be read. */
export type LeftOut = Candidate & { leftOut: string }

export function isLeftOut(found: object): found is LeftOut {
  return 'leftOut' in found && found.leftOut !== undefined
}

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
      if ('deadLetter' in one) return one.deadLetter.message.length
      return isLeftOut(one) ? 0 : one.object.bytes || UNKNOWN_BYTES
    },
    inOrder: false,
    onFailure: () => session.stop.abort(),
  }
  const work = async (one: Candidate | DeadLetter) =>
    'deadLetter' in one || isLeftOut(one) ? one : await fetchOne(session, account, one)
  for await (const one of concurrently(candidates, limits, work)) if (one) yield one
}

/** Undefined when there is nothing to read, or no way to. */
async function fetchOne(
  session: Session,
  account: Account,
  candidate: Candidate,
): Promise<Fetched | undefined> {
  const { object, rows } = candidate
  const { signal } = session.stop
  try {
    const { file } = object
    if (file === undefined && signal.aborted) throw new Unreadable('given-back', 'the run ends')
    // Whoever opens a file sees for himself how large it is.
    if (file === undefined && object.bytes > session.maxObjectBytes)
      throw tooLarge(object.bytes, session.maxObjectBytes)
    const read = file === undefined ? { bytes: await object.read(signal) } : { file }
    step('object-read')
    // Reading may tell that it is another version than was announced.
    const same = rows.find(({ version }) => version === object.version)
    if (same && settles(same, session.window)) {
      account.objects.already++
      await object.acknowledge()
      return undefined
    }
    return { ...candidate, ...read }
  } catch (thrown) {
    if (!(thrown instanceof Unreadable)) throw thrown
    await release(account, object, { outcome: thrown.outcome, reason: thrown.message })
    return undefined
  }
}

function tooLarge(bytes: number, most: number): Unreadable {
  return new Unreadable('too-large', `${bytes} bytes are more than an object may have, which is ${most}`)
}

/** Gives an object back to its source, and counts why. */
export async function release(account: Account, object: LogObject, why: Failure): Promise<void> {
  countFailure(account, object.uri, why)
  await object.release?.(why)
}
