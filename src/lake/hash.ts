import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { open } from 'node:fs/promises'

/**
 * A file's name ends in the SHA-256 of its bytes. The catalog names a table's metadata, which names a manifest list, which
 * names manifests, which name data files: so a version holds the hash of all that is below it, no engine needs to
 * know, and nothing is written for it. Filters have none: each is proven by the keys of its data file.
 */
export function withHash(stem: string, hash: string): string {
  return `${stem}.${hash}`
}

/** The SHA-256 in a file's name; undefined in the name of a file that was written before names held it. */
export function hashIn(path: string): string | undefined {
  return /\.([0-9a-f]{64})(?:-m\.avro|\.avro|\.metadata\.json|\.needles\.puffin|\.parquet)$/.exec(path)?.[1]
}

/** In hex, as `sha256sum` prints it. */
export function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** So much of a file is in memory at once. */
const PIECE = 1 << 20

/** The hash of a file, and how many bytes it is of. */
export interface Hashed {
  sha256: string
  bytes: number
}

/**
 * The hash of a file that was written a moment ago.
 *
 * @param bytes about how large it is: a small one is in the system's memory, and to wait for five calls of another thread costs
 * more than to read it
 */
export async function hashOfFile(path: string, bytes = Number.POSITIVE_INFINITY): Promise<Hashed> {
  if (bytes < PIECE) {
    const all = readFileSync(path)
    return { sha256: hashOf(all), bytes: all.length }
  }
  const file = await open(path, 'r')
  try {
    const hash = createHash('sha256')
    const piece = Buffer.allocUnsafe(PIECE)
    for (let total = 0; ; ) {
      const { bytesRead } = await file.read(piece, 0, piece.length)
      if (bytesRead === 0) return { sha256: hash.digest('hex'), bytes: total }
      hash.update(piece.subarray(0, bytesRead))
      total += bytesRead
    }
  } finally {
    await file.close()
  }
}
