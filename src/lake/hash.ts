import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { open } from 'node:fs/promises'

/**
 * A file's name ends in the SHA-256 of its bytes. The catalog names a table's metadata, which names a
 * manifest list, which names manifests, which name data files. So a version holds the hash of everything
 * below it, without extra files and without support by other engines. Bloom filters have no hash: each is
 * checked against the keys of its data file.
 */
export function withHash(stem: string, hash: string): string {
  return `${stem}.${hash}`
}

/** The SHA-256 in a file's name; undefined for a file from before names held one. */
export function hashIn(path: string): string | undefined {
  return /\.([0-9a-f]{64})(?:-m\.avro|\.avro|\.metadata\.json|\.needles\.puffin|\.parquet)$/.exec(path)?.[1]
}

/** In hex, as `sha256sum` prints it. */
export function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** Bytes of a file in memory at once. */
const PIECE = 1 << 20

/** The hash of a file, and its length in bytes. */
export interface Hashed {
  sha256: string
  bytes: number
}

/**
 * The hash of a file that was just written.
 *
 * @param bytes about its size: a small file is still in the system's cache, and five asynchronous calls would
 * cost more than reading it
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
