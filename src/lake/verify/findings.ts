import { LakeError, sentence } from '../../lib/errors.ts'

/** Something wrong in the lake, where it is, and the remedy. */
export interface Finding {
  /**
   * `wrong`: an answer may be wrong, or an engine may fail. `warning`: nothing is lost, but a person should
   * know.
   */
  severity: 'wrong' | 'warning'
  /** The kind of finding, as in `missing-file`. */
  code: string
  table?: string
  file: string
  message: string
  remedy: string
}

export const RESTORE = 'restore that file from a backup'
export const RESTORE_VERSION = 'restore the catalog of that version from a backup'
export const REPAIR = '`loglake repair --dry-run` says what can be done'
export const INGEST_AGAIN =
  'if there is no backup, ingest the same logs into a new lake: the objects are still where AWS put them'

/** The finding for a failed read. */
export function findingOf(thrown: unknown, code: string, file: string, table?: string): Finding {
  const known = thrown instanceof LakeError
  return {
    severity: 'wrong',
    code,
    ...(table === undefined ? {} : { table }),
    file: known ? thrown.file : file,
    message: sentence(thrown).split('\n')[0] ?? '',
    remedy: known ? (thrown.remedy.split(';')[0] as string) : `${RESTORE}; ${INGEST_AGAIN}`,
  }
}
