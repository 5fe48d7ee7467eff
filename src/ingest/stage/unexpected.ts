import { Interrupted, LakeError, UserError } from '../../lib/errors.ts'
import { Unreadable } from '../../sources/contract.ts'

/**
 * Whether a failure was unforeseen, so that the data being read may have caused it. Failures of the machine
 * (a full disk, a connection) and of the user are not: they would strike any record. Running out of memory
 * is, because fewer records at once need less.
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
 * The failure in words that quote no record: messages of V8 and DuckDB quote text, so the reason ends before
 * the first quote or number.
 */
export function unexpectedReason(doing: string, thrown: unknown): string {
  const { name, message } = thrown instanceof Error ? thrown : new Error('')
  const words = /^[A-Za-z][A-Za-z ,:]{0,79}/.exec(message)?.[0].replace(/[ ,:]+$/, '') ?? ''
  return `${doing} failed unexpectedly: ${/^\w{1,40}$/.test(name) ? name : 'Error'}${words === '' ? '' : `, ${words}`}`
}
