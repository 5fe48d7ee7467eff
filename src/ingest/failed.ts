import { Interrupted, LakeError, UserError } from '../lib/errors.ts'
import { type Failure, type LogObject, Unreadable } from '../sources/contract.ts'
import { countFailure, type Totals } from './totals.ts'

/** Releases an object to its source, and counts the reason. */
export async function release(totals: Totals, object: LogObject, why: Failure): Promise<void> {
  countFailure(totals, object.uri, why)
  await object.release?.(why)
}

/**
 * Turns an error thrown while working on one object into the reason why that object is not stored. Errors of
 * the lake, the machine or the credentials would strike every object, so they are thrown again.
 */
export function ofTheObject(thrown: unknown, doing: 'reading' | 'opening' | 'staging'): Failure {
  if (thrown instanceof Unreadable) return { outcome: thrown.outcome, reason: thrown.message }
  if (thrown instanceof UserError || thrown instanceof LakeError || thrown instanceof Interrupted)
    throw thrown
  // An error's message may quote the log, so only its name is reported.
  const name = thrown instanceof Error ? thrown.name : 'a failure without a name'
  return { outcome: 'failed', reason: `${doing} it fails: ${name}` }
}
