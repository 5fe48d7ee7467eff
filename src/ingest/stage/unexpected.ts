import { Interrupted, LakeError, UserError } from '../../lib/errors.ts'
import { Unreadable } from '../../sources/contract.ts'

/**
 * Whether a failure is one that nobody foresaw, so that what was being read may have caused it. The machine's failures
 * (a full disk, a connection) and the user's are not among them: they would strike any record. Too little memory is:
 * less at once needs less.
 */
export function isUnexpected(thrown: unknown): boolean {
  if (!(thrown instanceof Error) || thrown.name === 'AbortError') return false
  if (thrown instanceof LakeError || thrown instanceof UserError) return false
  if (thrown instanceof Unreadable || thrown instanceof Interrupted) return false
  const { code } = thrown as NodeJS.ErrnoException
  if (typeof code === 'string' && /^E[A-Z0-9]+$/.test(code)) return false
  return !/^(?:IO|Interrupt|Fatal|Connection|Permission) Error/i.test(thrown.message)
}

/**
 * What happened, in words without any of a record's text: messages of V8 and of DuckDB quote it, so that only what
 * stands before the first quote or number is told.
 */
export function unexpectedReason(doing: string, thrown: unknown): string {
  const { name, message } = thrown instanceof Error ? thrown : new Error('')
  const words = /^[A-Za-z][A-Za-z ,:]{0,79}/.exec(message)?.[0].replace(/[ ,:]+$/, '') ?? ''
  return `${doing} failed unexpectedly: ${/^\w{1,40}$/.test(name) ? name : 'Error'}${words === '' ? '' : `, ${words}`}`
}
