import { createHash, randomBytes } from 'node:crypto'
import { der, inside, oidText, onlyValue, TAG, wanted } from './der.ts'

/** A request for a stamp: RFC 3161, section 2.4.1. */
export interface Asked {
  /** SHA-256 of the bytes to stamp. */
  imprint: Buffer
  /** The content of an INTEGER. */
  nonce: Buffer
}

export const SHA256 = '2.16.840.1.101.3.4.2.1'
const SHA256_OID = Buffer.from('0609608648016503040201', 'hex')
const NONCE_BYTES = 16

/** A TimeStampReq over SHA-256 of these bytes, with a nonce; it requests the authority's certificate. */
export function stampRequest(bytes: Uint8Array): Buffer {
  const hash = createHash('sha256').update(bytes).digest()
  const nonce = randomBytes(NONCE_BYTES)
  // Positive, and minimal, as DER requires.
  nonce[0] = ((nonce[0] as number) & 0x7f) | 0x40
  const algorithm = der(TAG.sequence, SHA256_OID, der(TAG.null))
  return der(
    TAG.sequence,
    der(TAG.integer, Buffer.of(1)),
    der(TAG.sequence, algorithm, der(TAG.octets, hash)),
    der(TAG.integer, nonce),
    der(TAG.boolean, Buffer.of(0xff)),
  )
}

/** Parses such a request. */
export function readRequest(request: Buffer): Asked {
  const [, imprint, nonce] = inside(onlyValue(request))
  const [algorithm, hash] = inside(imprint)
  if (oidText(inside(algorithm)[0]) !== SHA256) throw new Error('it asks for another hash than SHA-256')
  return { imprint: wanted(hash, TAG.octets).content, nonce: wanted(nonce, TAG.integer).content }
}
