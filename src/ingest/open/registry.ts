import { createHash } from 'node:crypto'
import type { Context, Wrapper } from '../../envelopes/contract.ts'
import { documentWrappers, wrappers } from '../../envelopes/wrappers.ts'
import type { RejectedRecord } from '../../ledger/contract.ts'
import type { LogType, PreparedType } from '../../logtypes/contract.ts'
import { logTypes } from '../../logtypes/index.ts'
import type { Onboarded } from '../../onboard/logtype.ts'

/** The log types of a run, and the wrappers that hold their records. */
export interface Registry {
  types: readonly LogType[]
  wrappers: readonly Wrapper[]
  /** The log type that takes any record. */
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

/**
 * A name that is equal for equal sets of log types: built-in ones by name, the user's by their folders'
 * content.
 */
export function nameOfTypes({ definitions }: Pick<Onboarded, 'definitions'>): string {
  const ours = logTypes.map(({ name }) => name).sort()
  // The path of a folder and the order of the folders do not matter.
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

/** Whether an object's name says that sensitive data may be anywhere in it. */
export function isSensitive({ types }: Registry, context: Context): boolean {
  return types.some((type) => type.kind === 'prepared' && type.redaction?.isSensitive(context) === true)
}

/**
 * Drops the bytes of a reject without a log type, in an object with sensitive records: the sensitive fields
 * cannot be located in it. The object itself stays where it is.
 */
export function withheld(reject: RejectedRecord): RejectedRecord {
  if (reject.code === 'invalid-record' || reject.code === 'repeated-field') return reject
  const reason = `${reject.reason} (its bytes are not kept: records beside it have sensitive fields)`
  return { ...reject, reason, bytes: new Uint8Array(), sha256: undefined }
}
