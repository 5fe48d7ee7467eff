/**
 * Decodes the key in S3's own notices (application/x-www-form-urlencoded): `+` is a space, `%2B` a plus. A
 * malformed encoding stays as it is, so that a strange key does not stop the others.
 */
export function decodeKey(encoded: string): string {
  return encoded.replaceAll('+', ' ').replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes)
    } catch {
      return escapes
    }
  })
}

/** The key in a notice of S3's own: decoded, unless it contains characters that S3 would have encoded. */
export function encodedKey(written: string): { key: string; otherKey?: string } {
  const decoded = decodeKey(written)
  // Some stores and proxies do not encode the key.
  const doubtful = decoded !== written && /[^\w\-.*!'()~/+%]/.test(written)
  return doubtful ? { key: decoded, otherKey: written } : { key: decoded }
}

/**
 * The key in a notice that does not encode keys. AWS does not document this for EventBridge, so the other
 * reading is kept too.
 */
export function plainKey(written: string): { key: string; otherKey?: string } {
  const decoded = decodeKey(written)
  return decoded === written ? { key: written } : { key: written, otherKey: decoded }
}
