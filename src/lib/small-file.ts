import { closeSync, openSync, readSync } from 'node:fs'

/** 16 MiB: longer than any configuration or secret. */
const MAX_BYTES = 16 << 20
const PIECE = 64 << 10

/**
 * The bytes of a file that a person wrote. It may be a pipe, but not a device that never ends.
 *
 * @throws Error when it has more than 16 MiB
 */
export function readSmallFile(path: string, max = MAX_BYTES): Buffer {
  const file = openSync(path, 'r')
  try {
    const pieces: Buffer[] = []
    for (let bytes = 0; ; ) {
      const piece = Buffer.allocUnsafe(PIECE)
      const read = readSync(file, piece)
      if (read === 0) return Buffer.concat(pieces)
      bytes += read
      if (bytes > max) throw new Error(`it has more than ${max} bytes`)
      pieces.push(piece.subarray(0, read))
    }
  } finally {
    closeSync(file)
  }
}
