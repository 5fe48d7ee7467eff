import { createHash } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'
import { KEPT_BYTES } from './rejects.ts'

/** The part that is kept of a file too large to be read as an object. */
export interface Head {
  bytes: Uint8Array
  /** Bytes of the whole file. */
  size: number
  sha256: string
}

const PIECE = 1 << 20

/** The head of a file, its length and its hash, in memory that does not grow with the file. */
export function headOf(path: string): Head {
  const file = openSync(path, 'r')
  try {
    const hash = createHash('sha256')
    const piece = Buffer.allocUnsafe(PIECE)
    let bytes = new Uint8Array()
    for (let size = 0; ; ) {
      const read = readSync(file, piece)
      if (read === 0) return { bytes, size, sha256: hash.digest('hex') }
      const part = piece.subarray(0, read)
      hash.update(part)
      if (size < KEPT_BYTES)
        bytes = new Uint8Array(Buffer.concat([bytes, part.subarray(0, KEPT_BYTES - size)]))
      size += read
    }
  } finally {
    closeSync(file)
  }
}
