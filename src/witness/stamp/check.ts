import { createHash, X509Certificate } from 'node:crypto'
import { sentence, UserError } from '../../lib/errors.ts'
import { checkChain } from './chain.ts'
import { readRequest } from './request.ts'
import { readToken } from './token.ts'

/** A valid stamp. */
export interface Stamp {
  timeMs: number
  /** The name in the authority's certificate. */
  authority: string
}

export interface StampOf {
  /** The stamped bytes. */
  bytes: Uint8Array
  /** The request for this stamp. */
  request: Buffer
  /** Certificates in which its chain must end; empty to accept any. */
  trusted: readonly X509Certificate[]
}

/**
 * Checks an authority's answer: its status, its hash, the nonce, its signature, and the chain of its
 * certificate.
 *
 * @throws UserError with the reason
 */
export function checkStamp(response: Buffer, { bytes, request, trusted }: StampOf): Stamp {
  try {
    const asked = readRequest(request)
    const token = readToken(response)
    const imprint = createHash('sha256').update(bytes).digest()
    if (!imprint.equals(asked.imprint)) throw new Error('the request is about something else')
    if (!imprint.equals(token.imprint)) throw new Error('it is about something else')
    if (!token.nonce?.equals(asked.nonce))
      throw new Error('it answers another request: its nonce is not ours')
    checkChain(token.certificate, token.timeMs, token.certificates, trusted)
    return { timeMs: token.timeMs, authority: token.certificate.subject.replaceAll('\n', ', ') }
  } catch (thrown) {
    throw new UserError(`the time stamp is not sound: ${sentence(thrown)}`, { cause: thrown })
  }
}

/** The certificates in a PEM text; throws when there are none. */
export function certificatesIn(pem: string): X509Certificate[] {
  const found = pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g)
  if (!found) throw new UserError('there is no certificate in PEM in it')
  return found.map((one) => new X509Certificate(one))
}
