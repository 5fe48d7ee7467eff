import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto'
import { type AwsClients, awsClients } from '../aws/clients.ts'
import { awsError } from '../aws/errors.ts'
import type { Identity } from '../aws/identity.ts'
import { kmsOf } from '../aws/kms.ts'
import { sentence, UserError } from '../lib/errors.ts'
import { ownKey } from '../lib/own-key.ts'

/** The signer of checkpoints. */
export interface Signer {
  publicKey: KeyObject
  sign(text: string): Promise<Uint8Array>
  close(): void
}

/** An Ed25519 key in a PEM file; created, readable by its owner alone, when it does not exist. */
export function fileSigner(file: string): Signer {
  const pem = ownKey(file)
  let privateKey: KeyObject
  try {
    privateKey = createPrivateKey(pem)
  } catch (thrown) {
    throw new UserError(`${file}: this is no private key in PEM: ${sentence(thrown)}`, { cause: thrown })
  }
  if (privateKey.asymmetricKeyType !== 'ed25519') throw new UserError(`${file}: an Ed25519 key is wanted`)
  return {
    publicKey: createPublicKey(privateKey),
    sign: async (text) => sign(null, Buffer.from(text), privateKey),
    close: () => undefined,
  }
}

/** KMS's signing algorithm for a public key. */
function algorithmOf(key: KeyObject): 'ECDSA_SHA_256' | 'ED25519_SHA_512' | undefined {
  if (key.asymmetricKeyType === 'ed25519') return 'ED25519_SHA_512'
  return key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? 'ECDSA_SHA_256' : undefined
}

/**
 * A KMS key of the kind ECC_NIST_P256 or ECC_NIST_EDWARDS25519 (kms:GetPublicKey, kms:Sign): it never leaves
 * KMS, and CloudTrail records each use.
 */
export async function kmsSigner(identity: Identity, keyId: string): Promise<Signer> {
  const clients: AwsClients = awsClients(identity)
  try {
    const kms = await kmsOf(clients)
    const { PublicKey } = await kms.getPublicKey({ KeyId: keyId }).catch((thrown) => {
      throw awsError('read the public key', keyId, thrown)
    })
    const publicKey = createPublicKey({ key: Buffer.from(PublicKey ?? []), format: 'der', type: 'spki' })
    const algorithm = algorithmOf(publicKey)
    if (!algorithm)
      throw new UserError(
        `${keyId}: a key of KMS of the kind ECC_NIST_P256 or ECC_NIST_EDWARDS25519 is wanted, to sign with`,
      )
    return {
      publicKey,
      async sign(text) {
        const { Signature } = await kms
          .sign({
            KeyId: keyId,
            Message: Buffer.from(text),
            MessageType: 'RAW',
            SigningAlgorithm: algorithm,
          })
          .catch((thrown) => {
            throw awsError('sign', keyId, thrown)
          })
        return Signature as Uint8Array
      },
      close: () => clients.close(),
    }
  } catch (thrown) {
    clients.close()
    throw thrown
  }
}
