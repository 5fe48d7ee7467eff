/**
 * Errors have a culprit and an address. The culprit decides the exit code, the address is what a
 * person needs to act: which file, which line, which field, and the way out.
 */

/** The user can mend it: a wrong flag, a bad configuration, a path that is not there. Exit code 2. */
export class UserError extends Error {
  override name = 'UserError'
}

/** The lake cannot be read or written as it should be: names the file and the way out. Exit code 1. */
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

/** The run was stopped from outside: what was committed stays, the batch under way is abandoned. */
export class Interrupted extends Error {
  override name = 'Interrupted'
}

/** The sentence of an error, whatever was thrown. */
export function sentence(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}

/** The system's code of an error (`ENOENT`, `ENOSPC`), where it has one. */
export function systemCode(thrown: unknown): string | undefined {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string'
    ? thrown.code
    : undefined
}

/** Whether the engine ran into the limit of its memory: then nothing is wrong with what it read. */
export function isOutOfMemory(thrown: unknown): boolean {
  return /^Out of Memory Error|failed to (allocate|offload) (data|block)|could not allocate block/i.test(
    sentence(thrown),
  )
}

/**
 * A storage failure in words a person can act on.
 *
 * @param action what was being done, as in `write` or `read`
 * @param file what it was done to
 */
export function storageError(action: string, file: string, thrown: unknown): Error {
  const text = sentence(thrown)
  const code = systemCode(thrown)
  if (code === 'ENOSPC' || code === 'EDQUOT' || /no space left|disk quota|ENOSPC/i.test(text)) {
    return new LakeError(`no space left to ${action} the lake`, {
      file,
      remedy:
        'free some space on that disk (`loglake vacuum` needs none to begin with, and removes what no version needs), then run again: nothing was half written',
      cause: thrown,
    })
  }
  if (
    code === 'EACCES' ||
    code === 'EPERM' ||
    code === 'EROFS' ||
    /permission denied|read-only file system/i.test(text)
  ) {
    return new LakeError(`not allowed to ${action}`, {
      file,
      remedy:
        action === 'read'
          ? 'give the user who runs loglake permission to read it'
          : 'give the user who runs loglake read and write permission on that folder, or choose another with --lake',
      cause: thrown,
    })
  }
  if (thrown instanceof LakeError || thrown instanceof UserError) return thrown
  if (isOutOfMemory(thrown)) return thrown as Error
  return new LakeError(`cannot ${action}: ${text}`, {
    file,
    remedy: 'see the cause above; `loglake verify` tells what is damaged',
    cause: thrown,
  })
}
