import { createHash } from 'node:crypto'
import { UserError } from '../lib/errors.ts'

/**
 * Time stamps of RFC 3161: an authority signs a hash and the time. What it signed, `openssl ts -verify` checks; here only that it is
 * about our bytes.
 */

const SHA256_OID = Buffer.from('0609608648016503040201', 'hex')
const LONGEST_MS = 30_000
const MOST_BYTES = 1 << 20

function der(tag: number, ...parts: Uint8Array[]): Buffer {
  const content = Buffer.concat(parts)
  if (content.length < 128) return Buffer.concat([Buffer.of(tag, content.length), content])
  const length = Buffer.from(content.length.toString(16).padStart(content.length > 255 ? 4 : 2, '0'), 'hex')
  return Buffer.concat([Buffer.of(tag, 0x80 + length.length), length, content])
}

/** A TimeStampReq over SHA-256 of these bytes, which asks for the authority's certificate. */
function stampRequest(bytes: Uint8Array): Buffer {
  const hash = createHash('sha256').update(bytes).digest()
  const algorithm = der(0x30, SHA256_OID, Buffer.of(5, 0))
  return der(0x30, Buffer.of(2, 1, 1), der(0x30, algorithm, der(4, hash)), Buffer.of(1, 1, 0xff))
}

/** Asks an authority for a stamp of these bytes. */
export async function requestStamp(url: string, bytes: Uint8Array): Promise<Buffer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply' },
    body: new Uint8Array(stampRequest(bytes)),
    signal: AbortSignal.timeout(LONGEST_MS),
    redirect: 'error',
  }).catch((thrown) => {
    throw new UserError(
      `no time stamp: the authority does not answer: ${thrown?.cause?.code ?? thrown?.name}`,
    )
  })
  const answer = Buffer.from(await response.arrayBuffer())
  if (!response.ok || answer.length > MOST_BYTES || !isStampOf(answer, bytes))
    throw new UserError(
      `no time stamp: the authority answers with status ${response.status} and no stamp of ours`,
    )
  return answer
}

/** Whether a TimeStampResp is granted and about these bytes. */
function isStampOf(response: Buffer, bytes: Uint8Array): boolean {
  // PKIStatusInfo comes first, and its status first in it: 0 is granted, 1 granted with changes.
  const header = response[1] === 0x82 ? 4 : response[1] === 0x81 ? 3 : 2
  const status = response.subarray(header + 2, header + 5)
  const isGranted = status[0] === 2 && status[1] === 1 && (status[2] ?? 9) <= 1
  return isGranted && response.includes(createHash('sha256').update(bytes).digest())
}
