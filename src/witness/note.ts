import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto'
import { UserError } from '../lib/errors.ts'

/**
 * Signed notes and checkpoints: https://c2sp.org/signed-note and https://c2sp.org/tlog-checkpoint. A note is
 * lines of text, an empty line, and signatures, each with the name of its key and four bytes that identify
 * the key.
 */

export interface Checkpoint {
  origin: string
  size: number
  /** 32 bytes. */
  root: Buffer
}

export function checkpointText({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${root.toString('base64')}\n`
}

/** C2SP's numbers of signature types. */
const ED25519 = 1
const ECDSA = 2

/** The four bytes that identify a key in a note. */
function keyHash(name: string, key: KeyObject): Buffer {
  const spki = key.export({ type: 'spki', format: 'der' })
  const told =
    key.asymmetricKeyType === 'ed25519'
      ? [Buffer.from(`${name}\n`), Buffer.of(ED25519), spki.subarray(-32)]
      : [spki]
  return createHash('sha256').update(Buffer.concat(told)).digest().subarray(0, 4)
}

/** The key in the format of Go's `note` package and others: name, hash, kind and bytes. */
export function verifierText(name: string, key: KeyObject): string {
  const spki = key.export({ type: 'spki', format: 'der' })
  const bytes =
    key.asymmetricKeyType === 'ed25519'
      ? Buffer.concat([Buffer.of(ED25519), spki.subarray(-32)])
      : Buffer.concat([Buffer.of(ECDSA), spki])
  return `${name}+${keyHash(name, key).toString('hex')}+${bytes.toString('base64')}`
}

/** A note of a text and one signature over its bytes. */
export function noteOf(text: string, name: string, key: KeyObject, signature: Uint8Array): string {
  return `${text}\n— ${name} ${Buffer.concat([keyHash(name, key), signature]).toString('base64')}\n`
}

/**
 * The checkpoint in a note, when one of these keys has signed it.
 *
 * @throws UserError with the reason when the note is not valid
 */
export function openCheckpoint(note: string, keys: readonly KeyObject[]): Checkpoint {
  const end = note.indexOf('\n\n')
  const text = note.slice(0, end + 1)
  const [origin = '', size = '', root = ''] = text.split('\n')
  const bytes = Buffer.from(root, 'base64')
  if (end < 0 || origin === '' || !/^(?:0|[1-9]\d{0,14})$/.test(size) || bytes.length !== 32)
    throw new UserError('it is no checkpoint: origin, size and root are wanted')
  if (bytes.toString('base64') !== root)
    throw new UserError('it is no checkpoint: its root is no plain base64')
  const lines = note
    .slice(end + 2)
    .split('\n')
    .slice(0, -1)
  const isSigned = lines.some((line) => {
    const found = /^— (\S+) (\S+)$/.exec(line)
    if (!found) return false
    const [, name = '', base64 = ''] = found
    const signature = Buffer.from(base64, 'base64')
    // Base64 must be canonical: else a note could be changed and stay validly signed.
    if (signature.toString('base64') !== base64) return false
    return keys.some(
      (key) =>
        keyHash(name, key).equals(signature.subarray(0, 4)) && isSignature(text, key, signature.subarray(4)),
    )
  })
  if (!isSigned) throw new UserError('no key that is known has signed it')
  return { origin, size: Number(size), root: bytes }
}

function isSignature(text: string, key: KeyObject, signature: Buffer): boolean {
  return verify(key.asymmetricKeyType === 'ed25519' ? null : 'sha256', Buffer.from(text), key, signature)
}

/** A public key in PEM. */
export function publicKeyOf(pem: string): KeyObject {
  return createPublicKey(pem)
}
