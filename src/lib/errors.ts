/**
 * Errors have a culprit and a location. The culprit decides the exit code; the location is what a person
 * needs to act: the file, the line, the field, and the remedy.
 */

/** The user can fix it: a wrong flag, a bad configuration, a missing path. Exit code 2. */
export class UserError extends Error {
  override name = 'UserError'
}

/** The lake cannot be read or written as it should be: names the file and the remedy. Exit code 1. */
export class LakeError extends Error {
  override name = 'LakeError'
  readonly what: string
  readonly file: string
  readonly remedy: string

  constructor(what: string, { file, remedy, cause }: { file: string; remedy: string; cause?: unknown }) {
    super(`${what}\n  file: ${file}\n  way out: ${remedy}`, { cause })
    this.what = what
    this.file = file
    this.remedy = remedy
  }
}

/** The run was stopped from outside: commits stay, the batch under way is dropped. */
export class Interrupted extends Error {
  override name = 'Interrupted'
}

/** The message of an error, whatever was thrown. */
export function sentence(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}

/** The system's code of an error (`ENOENT`, `ENOSPC`), if it has one. */
export function systemCode(thrown: unknown): string | undefined {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string'
    ? thrown.code
    : undefined
}

const FULL: readonly unknown[] = ['ENOSPC', 'EDQUOT']
const FORBIDDEN: readonly unknown[] = ['EACCES', 'EPERM', 'EROFS']

/** Whether the system refused for want of space or of permission, which no program can mend. */
export function isRefusedBySystem(thrown: unknown): boolean {
  const code = systemCode(thrown)
  return FULL.includes(code) || FORBIDDEN.includes(code)
}

/** Whether the engine reached its memory limit, which says nothing about the data. */
export function isOutOfMemory(thrown: unknown): boolean {
  return /^Out of Memory Error|failed to (allocate|offload) (data|block)|could not allocate block/i.test(
    sentence(thrown),
  )
}

/**
 * What a person can do about each kind of failure: the caller knows, since it depends on what the file is
 * for.
 */
export interface Remedies {
  /** The disk is full. */
  full: string
  /** The system does not permit it. */
  forbidden: string
  /** All other failures, such as a broken disk. */
  other: string
}

/**
 * A failure of the system in words that a person can act on.
 *
 * @param action what was being done, as in `write` or `read`
 * @param file the file it was done to
 */
export function systemError(action: string, file: string, thrown: unknown, remedies: Remedies): Error {
  const text = sentence(thrown)
  const code = systemCode(thrown)
  const cause = thrown
  if (FULL.includes(code) || /no space left|disk quota|ENOSPC/i.test(text))
    return new LakeError(`no space left to ${action}`, { file, remedy: remedies.full, cause })
  if (FORBIDDEN.includes(code) || /permission denied|read-only file system/i.test(text))
    return new LakeError(`not allowed to ${action}`, { file, remedy: remedies.forbidden, cause })
  if (thrown instanceof LakeError || thrown instanceof UserError) return thrown
  if (isOutOfMemory(thrown)) return thrown as Error
  return new LakeError(`cannot ${action}: ${text}`, { file, remedy: remedies.other, cause })
}

/** A failure to read a file that is none of the lake's, such as a log file. */
export function readError(file: string, thrown: unknown): Error {
  return systemError('read', file, thrown, {
    full: 'free some space on that disk, then run again',
    forbidden: 'give the user who runs loglake permission to read it',
    other: 'see the cause above; once the file can be read, run again',
  })
}
