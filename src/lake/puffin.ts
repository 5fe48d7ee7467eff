/**
 * Puffin, Iceberg's container for optional data such as statistics: a magic number, blobs, and a footer with
 * the position of each blob. Readers skip blobs of a type that they do not know.
 *
 * Apache Iceberg, puffin-spec.md.
 */
export const MAGIC = Buffer.from('PFA1')

export interface PuffinBlob {
  type: string
  /** Ids of the columns that the blob is about. */
  fields: number[]
  /** From the beginning of the file, in bytes. */
  offset: number
  length: number
  properties?: Record<string, string>
}

/** The footer after the last blob. */
export function puffinFooter(blobs: readonly PuffinBlob[]): Buffer {
  const payload = Buffer.from(
    JSON.stringify({
      blobs: blobs.map(({ properties = {}, ...blob }) => ({
        ...blob,
        'snapshot-id': -1,
        'sequence-number': -1,
        properties,
      })),
    }),
  )
  const tail = Buffer.alloc(8)
  tail.writeInt32LE(payload.length, 0)
  return Buffer.concat([MAGIC, payload, tail, MAGIC])
}

/** The blobs of a complete Puffin file; undefined when it is not one, or is cut. */
export function puffinBlobs(file: Buffer): PuffinBlob[] | undefined {
  if (file.length < 20 || !file.subarray(-4).equals(MAGIC) || !file.subarray(0, 4).equals(MAGIC))
    return undefined
  const length = file.readInt32LE(file.length - 12)
  const start = file.length - 12 - length
  if (length < 0 || start < 4) return undefined
  try {
    const { blobs } = JSON.parse(file.toString('utf8', start, start + length)) as { blobs: PuffinBlob[] }
    const isInside = ({ offset, length: bytes }: PuffinBlob) =>
      Number.isSafeInteger(offset) && Number.isSafeInteger(bytes) && bytes >= 0 && offset + bytes <= start
    return blobs.every(isInside) ? blobs : undefined
  } catch {
    return undefined
  }
}
