import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { checkpointText, noteOf, openCheckpoint } from './note.ts'
import { kmsSigner } from './signer.ts'

const keys: Record<string, { publicKey: KeyObject; privateKey: KeyObject }> = {
  p256: generateKeyPairSync('ec', { namedCurve: 'prime256v1' }),
  ed25519: generateKeyPairSync('ed25519'),
  k256: generateKeyPairSync('ec', { namedCurve: 'secp256k1' }),
  rsa: generateKeyPairSync('rsa', { modulusLength: 2048 }),
}
const asked: { SigningAlgorithm: string; MessageType: string }[] = []

/** Answers as KMS does, with keys of our own: GetPublicKey and Sign. */
const kms = createServer(async (request, response) => {
  const { KeyId, Message, ...rest } = JSON.parse(await text(request))
  const key = keys[KeyId]
  if (request.headers['x-amz-target'] === 'TrentService.Sign') asked.push(rest)
  const body =
    request.headers['x-amz-target'] === 'TrentService.Sign'
      ? {
          Signature: sign(
            KeyId === 'ed25519' ? null : 'sha256',
            Buffer.from(Message, 'base64'),
            key?.privateKey as KeyObject,
          ).toString('base64'),
        }
      : { PublicKey: key?.publicKey.export({ type: 'spki', format: 'der' }).toString('base64') }
  response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body))
})

beforeAll(async () => {
  await new Promise<void>((resolve) => kms.listen(0, '127.0.0.1', resolve))
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAEXAMPLE000000000')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'not-a-secret')
})
afterAll(() => {
  vi.unstubAllEnvs()
  kms.close()
})

const identity = () => ({
  region: 'eu-central-1',
  endpoint: `http://127.0.0.1:${(kms.address() as AddressInfo).port}`,
})

it.each([
  ['p256', 'ECDSA_SHA_256'],
  ['ed25519', 'ED25519_SHA_512'],
])('a key of KMS of the kind %s signs checkpoints that open with its public key', async (name, algorithm) => {
  const signer = await kmsSigner(identity(), name)
  const point = { origin: 'lake.example', size: 7, root: Buffer.alloc(32, 9) }
  const written = checkpointText(point)
  const note = noteOf(written, point.origin, signer.publicKey, await signer.sign(written))
  expect(asked.at(-1)).toEqual({ SigningAlgorithm: algorithm, MessageType: 'RAW' })
  expect(openCheckpoint(note, [signer.publicKey])).toEqual(point)
  expect(() => openCheckpoint(note.replace('\n7\n', '\n8\n'), [signer.publicKey])).toThrow(/signed/)
  signer.close()
})

it.each(['k256', 'rsa'])('a key of KMS of the kind %s is refused', async (name) => {
  await expect(kmsSigner(identity(), name)).rejects.toThrow(/ECC_NIST_P256 or ECC_NIST_EDWARDS25519/)
})
