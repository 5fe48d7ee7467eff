import { systemError } from '../../lib/errors.ts'

/**
 * A failure of the disk that the lake is on, with its remedy.
 *
 * @param action what was being done to the file: `write`, `read`, `look up` or `remove`
 */
export function fileError(action: string, file: string, thrown: unknown): Error {
  return systemError(action, file, thrown, {
    full: 'free some space on that disk (`loglake vacuum` needs none to begin with, and removes what no version needs), then run again: nothing was half written',
    forbidden:
      action === 'read'
        ? 'give the user who runs loglake permission to read it'
        : 'give the user who runs loglake read and write permission on that folder, or choose another with --lake',
    other: 'see the cause above; `loglake verify` tells what is damaged',
  })
}
