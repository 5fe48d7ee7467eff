import { createHash } from 'node:crypto'
import type { Context, Wrapper } from '../../envelopes/contract.ts'
import { documentWrappers, wrappers } from '../../envelopes/wrappers.ts'
import type { RejectedRecord } from '../../ledger/contract.ts'
import type { LogType, PreparedType } from '../../logtypes/contract.ts'
import { logTypes } from '../../logtypes/index.ts'
import type { Onboarded } from '../../onboard/logtype.ts'

/** The log types of a run, and what opens documents that hold their records. */
export interface Registry {
  types: readonly LogType[]
  wrappers: readonly Wrapper[]
  /** The one that takes anything. */
  catchAll: PreparedType | undefined
}

export function registryOf(types: readonly LogType[]): Registry {
  const own = types.flatMap((type) => (type.kind === 'prepared' && type.wrapper ? [type.wrapper] : []))
  const prepared = types.filter((type) => type.kind === 'prepared')
  return {
    types,
    wrappers: [...wrappers, ...own, ...documentWrappers],
    catchAll: prepared.find(({ takes }) => takes === 'anything'),
  }
}

export const OURS = registryOf(logTypes)

/** The same name for the same set of log types: ours by their names, and the user's by what their folders say. */
export function nameOfTypes({ definitions }: Pick<Onboarded, 'definitions'>): string {
  const ours = logTypes.map(({ name }) => name).sort()
  // Where a folder lies, and in which order it is named, says nothing.
  const theirs = definitions
    .map(({ file: _, select, ...said }) => JSON.stringify([said, select?.text], withoutLines))
    .sort()
  return createHash('sha256')
    .update(JSON.stringify([ours, theirs]))
    .digest('hex')
    .slice(0, 16)
}

function withoutLines(key: string, value: unknown): unknown {
  return key === 'line' ? undefined : value
}

/** Whether an object's name says that what must not be stored in the clear may be anywhere in it. */
export function isDiscreet({ types }: Registry, context: Context): boolean {
  return types.some((type) => type.kind === 'prepared' && type.discretion?.claims(context) === true)
}

/**
 * What is kept of a reject that no log type could read, in an object that has sensitive records: nothing, since nobody
 * knows where in it they are. The object itself stays where it is.
 */
export function withheld(reject: RejectedRecord): RejectedRecord {
  if (reject.code === 'invalid-record' || reject.code === 'repeated-field') return reject
  const reason = `${reject.reason} (its bytes are not kept: records beside it have sensitive fields)`
  return { ...reject, reason, bytes: new Uint8Array(), sha256: undefined }
}
