/**
 * The key as S3's own notices encode it (application/x-www-form-urlencoded): `+` is a space, `%2B` a plus. What is no
 * such encoding stays as it is: a strange key must not stop the others.
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

/** A key out of a notice of S3's own: decoded, unless it holds what S3 would have encoded. */
export function encodedKey(written: string): { key: string; otherKey?: string } {
  const decoded = decodeKey(written)
  // Some stores and proxies write the key as it is.
  const doubtful = decoded !== written && /[^\w\-.*!'()~/+%]/.test(written)
  return doubtful ? { key: decoded, otherKey: written } : { key: decoded }
}

/** A key out of a notice that does not encode keys. AWS does not say so of EventBridge: the other way is possible. */
export function plainKey(written: string): { key: string; otherKey?: string } {
  const decoded = decodeKey(written)
  return decoded === written ? { key: written } : { key: written, otherKey: decoded }
}
