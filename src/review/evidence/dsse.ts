import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { sentence, UserError } from '../../lib/errors.ts'
import { ownKey } from '../../lib/own-key.ts'

/** The media type of in-toto statements. */
const IN_TOTO = 'application/vnd.in-toto+json'

/** An envelope of DSSE v1: https://github.com/secure-systems-lab/dsse/blob/master/envelope.md */
export interface Envelope {
  payloadType: string
  /** Base64. */
  payload: string
  signatures: { keyid: string; sig: string }[]
}

export interface SigningKey {
  privateKey: KeyObject
  /** SPKI in PEM. */
  publicPem: string
  /** SHA-256 of the public key's DER, in hex. */
  id: string
}

/** The signed bytes: DSSE's pre-authentication encoding. */
function encoded(type: string, payload: Uint8Array): Buffer {
  const head = `DSSEv1 ${Buffer.byteLength(type)} ${type} ${payload.length} `
  return Buffer.concat([Buffer.from(head), payload])
}

export function signed(payload: Uint8Array, key: SigningKey): Envelope {
  return {
    payloadType: IN_TOTO,
    payload: Buffer.from(payload).toString('base64'),
    signatures: [
      { keyid: key.id, sig: sign(null, encoded(IN_TOTO, payload), key.privateKey).toString('base64') },
    ],
  }
}

/** Whether one of the signatures is by this key. */
export function isSigned({ payloadType, payload, signatures }: Envelope, publicPem: string): boolean {
  const key = createPublicKey(publicPem)
  const bytes = encoded(payloadType, Buffer.from(payload, 'base64'))
  return signatures.some(({ sig }) => verify(null, bytes, key, Buffer.from(sig, 'base64')))
}

export function keyId(publicKey: KeyObject): string {
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex')
}

/**
 * The key that signs evidence; created, readable by its owner alone, when it does not exist.
 *
 * @throws UserError when the file is not an Ed25519 key
 */
export function signingKey(file: string): SigningKey {
  const pem = ownKey(file)
  let privateKey: KeyObject
  try {
    privateKey = createPrivateKey(pem)
  } catch (thrown) {
    throw new UserError(`${file}: this is no private key in PEM: ${sentence(thrown)}`, { cause: thrown })
  }
  if (privateKey.asymmetricKeyType !== 'ed25519') throw new UserError(`${file}: an Ed25519 key is wanted`)
  const publicKey = createPublicKey(privateKey)
  return {
    privateKey,
    publicPem: publicKey.export({ type: 'spki', format: 'pem' }) as string,
    id: keyId(publicKey),
  }
}
