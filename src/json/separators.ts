/** Separators between documents: white space, byte order marks, and the record separators of RFC 7464. */

const SPACE = 0x20
const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d
const TAB = 0x09
export const RECORD_SEPARATOR = 0x1e

/** The first index at or after `at` that is not a separator. */
export function skipSeparators(bytes: Uint8Array, at: number): number {
  for (;;) {
    const byte = bytes[at]
    if (isSpace(byte) || byte === RECORD_SEPARATOR) at++
    else if (byte === MARK[0] && bytes[at + 1] === MARK[1] && bytes[at + 2] === MARK[2]) at += 3
    else return at
  }
}

function isSpace(byte: number | undefined): boolean {
  return byte === SPACE || byte === LINE_FEED || byte === CARRIAGE_RETURN || byte === TAB
}

/** UTF-8's byte order mark: joined files have one each. */
const MARK = [0xef, 0xbb, 0xbf] as const

/** Where the separators begin that end at `end`; not before `start`. */
export function trimSeparators(bytes: Uint8Array, start: number, end: number): number {
  for (;;) {
    const byte = bytes[end - 1] as number
    if (end <= start) return start
    if (isSpace(byte) || byte === RECORD_SEPARATOR) end--
    else if (byte === MARK[2] && bytes[end - 2] === MARK[1] && bytes[end - 3] === MARK[0] && end - 3 >= start)
      end -= 3
    else return end
  }
}

/**
 * Indentation of the line that begins at `start`: spaces and tabs before its first byte that is not a
 * separator.
 */
export function indentation(bytes: Uint8Array, start: number): number {
  let depth = 0
  for (let at = start; ; at++) {
    const byte = bytes[at]
    if (byte === SPACE || byte === TAB) depth++
    else if (byte === MARK[0] && bytes[at + 1] === MARK[1] && bytes[at + 2] === MARK[2]) at += 2
    else if (byte !== RECORD_SEPARATOR) return depth
  }
}

/**
 * The end of the line that contains `at`: its line feed, or a record separator, which JSON never holds; the
 * length when there is none.
 */
export function lineStop(bytes: Uint8Array, at: number): number {
  for (; at < bytes.length; at++) {
    const byte = bytes[at]
    if (byte === LINE_FEED || byte === RECORD_SEPARATOR) return at
  }
  return at
}
