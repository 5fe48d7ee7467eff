import { Interrupted, LakeError, UserError } from '../lib/errors.ts'
import { type Failure, type LogObject, Unreadable } from '../sources/contract.ts'
import { type Account, countFailure } from './totals.ts'

/** Gives an object back to its source, and counts why. */
export async function release(account: Account, object: LogObject, why: Failure): Promise<void> {
  countFailure(account, object.uri, why)
  await object.release?.(why)
}

/**
 * Why one object is not stored, of what was thrown while it alone was worked on. Throws on what is wrong with the lake, with this
 * machine or with who we are: that would be so for every object, and says its way out.
 */
export function ofTheObject(thrown: unknown, doing: 'reading' | 'opening' | 'staging'): Failure {
  if (thrown instanceof Unreadable) return { outcome: thrown.outcome, reason: thrown.message }
  if (thrown instanceof UserError || thrown instanceof LakeError || thrown instanceof Interrupted)
    throw thrown
  // What an error says may quote the log.
  const name = thrown instanceof Error ? thrown.name : 'a failure without a name'
  return { outcome: 'failed', reason: `${doing} it fails: ${name}` }
}
