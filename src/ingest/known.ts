import type { Context, Wrapper } from '../envelopes/contract.ts'
import { wrappers } from '../envelopes/wrappers.ts'
import type { LogType } from '../logtypes/contract.ts'
import { logTypes } from '../logtypes/index.ts'
import type { RejectedRecord } from './records.ts'

/** The log types of a run, and what opens documents that hold their records. */
export interface Known {
  types: readonly LogType[]
  wrappers: readonly Wrapper[]
}

export function known(types: readonly LogType[]): Known {
  const own = types.flatMap((type) => ('prepare' in type && type.wrapper ? [type.wrapper] : []))
  return { types, wrappers: [...wrappers, ...own] }
}

export const OURS = known(logTypes)

/** Whether an object's name says that what must not be stored in the clear may be anywhere in it. */
export function isDiscreet({ types }: Known, context: Context): boolean {
  return types.some((type) => 'prepare' in type && type.discretion?.claims(context) === true)
}

/**
 * What is kept of a reject that no log type could read, in an object that has sensitive records: nothing, since nobody
 * knows where in it they are. The object itself stays where it is.
 */
export function withheld(reject: RejectedRecord): RejectedRecord {
  if (reject.code === 'invalid-record' || reject.code === 'repeated-field') return reject
  const reason = `${reject.reason} (its bytes are not kept: records beside it have sensitive fields)`
  return { ...reject, reason, bytes: new Uint8Array() }
}
