import { createHash } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type AwsClients, awsClients } from '../aws/clients.ts'
import { type Failure, Unreadable } from './contract.ts'
import { s3Object } from './s3-object.ts'

/** S3's answer by requested key: status, code and message as AWS documents them. */
const REFUSALS: Record<string, [status: number, code: string, message: string]> = {
  missing: [404, 'NoSuchKey', 'The specified key does not exist.'],
  'no-version': [404, 'NoSuchVersion', 'The specified version does not exist.'],
  'no-bucket': [404, 'NoSuchBucket', 'The specified bucket does not exist'],
  denied: [403, 'AccessDenied', 'Access Denied'],
  'key-denied': [
    403,
    'AccessDenied',
    'User: arn:aws:sts::111122223333:assumed-role/loglake/x is not authorized to perform: kms:Decrypt on the resource associated with this ciphertext',
  ],
  'key-disabled': [400, 'KMS.DisabledException', 'arn:aws:kms:eu-central-1:111122223333:key/x is disabled.'],
  archived: [403, 'InvalidObjectState', "The operation is not valid for the object's storage class"],
  'other-region': [
    301,
    'PermanentRedirect',
    'The bucket you are attempting to access must be addressed using the specified endpoint.',
  ],
  expired: [400, 'ExpiredToken', 'The provided token has expired.'],
  'wrong-key': [
    403,
    'InvalidAccessKeyId',
    'The AWS Access Key Id you provided does not exist in our records.',
  ],
}

let server: Server
let clients: AwsClients
let short = 0

beforeAll(async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAEXAMPLE000000000')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'not-a-secret')
  server = createServer((request, response) => {
    const key = decodeURIComponent((request.url ?? '').split('?')[0]?.split('/').slice(2).join('/') ?? '')
    const refusal = REFUSALS[key]
    if (refusal) {
      const [status, code, message] = refusal
      response.writeHead(status, { 'content-type': 'application/xml' })
      response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`)
    } else if (key === 'short') {
      short++
      response.writeHead(200, { 'content-length': '100', etag: '"abc"' })
      response.write('half of it')
      setTimeout(() => response.destroy(), 5)
    } else if (key === 'slow') {
      response.writeHead(200, { 'content-length': '100', etag: '"abc"' })
      response.write('never more')
    } else {
      const content = `content of ${key}`
      response.writeHead(200, {
        ...{ etag: '"0b"', 'last-modified': 'Wed, 07 Jan 2026 22:20:11 GMT' },
        'content-length': String(Buffer.byteLength(content)),
      })
      response.end(content)
    }
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  clients = awsClients({ endpoint, region: 'eu-central-1' })
})

afterAll(async () => {
  clients.close()
  server.closeAllConnections()
  await new Promise((closed) => server.close(closed))
  vi.unstubAllEnvs()
})

const ending = { async acknowledge() {}, async release(_why: Failure) {} }

function object(key: string, etag?: string) {
  return s3Object(clients, { bucket: 'logs', key, etag }, ending)
}

describe('an object that cannot be read says why, by name', () => {
  it.each([
    ['missing', 'missing'],
    ['no-version', 'missing'],
    ['no-bucket', 'missing'],
    ['denied', 'denied'],
    ['key-denied', 'key-denied'],
    ['key-disabled', 'key-denied'],
    ['archived', 'archived'],
    ['other-region', 'other-region'],
  ])('%s: %s', async (key, outcome) => {
    const thrown = await object(key)
      .read()
      .catch((error) => error)
    expect(thrown).toBeInstanceOf(Unreadable)
    expect((thrown as Unreadable).outcome).toBe(outcome)
    expect((thrown as Unreadable).message).toContain((REFUSALS[key] as string[])[1])
  })

  it('a body that is shorter than promised, each time: cut-short or unreachable, never half an object', async () => {
    const thrown = await object('short')
      .read()
      .catch((error) => error)
    expect(thrown).toBeInstanceOf(Unreadable)
    expect(['cut-short', 'unreachable']).toContain((thrown as Unreadable).outcome)
    expect(short).toBeGreaterThan(1)
  })

  it('a body that is whole by its header, and shorter than the notice of the same version said: cut-short', async () => {
    const announced = { bucket: 'logs', key: 'a b+c', bytes: 17 }
    const reading = s3Object(clients, { ...announced, etag: '0b' }, ending).read()
    await expect(reading).rejects.toMatchObject({
      name: 'Unreadable',
      outcome: 'cut-short',
      message: expect.stringMatching(/16 bytes came, and this version of the object has 17$/),
    })
    // Another version may have any size.
    expect((await s3Object(clients, { ...announced, etag: '00' }, ending).read()).bytes).toHaveLength(16)
  })

  it('the run ends while it is read: given-back', async () => {
    const stop = new AbortController()
    const reading = object('slow').read(stop.signal)
    setTimeout(() => stop.abort(), 50)
    await expect(reading).rejects.toMatchObject({ name: 'Unreadable', outcome: 'released' })
  })
})

describe('an object that is too large', () => {
  it('is not taken into memory', async () => {
    expect((await object('a b+c').read(undefined, 16)).bytes).toHaveLength(16)
    const reading = object('a b+c').read(undefined, 15)
    await expect(reading).rejects.toMatchObject({ outcome: 'too-large', message: 'it has 16 bytes' })
    await expect(object('a b+c').overflowBody?.('s3://logs/a b+c', 15)).rejects.toMatchObject({
      outcome: 'too-large',
    })
  })

  it('has a head, a length and a hash', async () => {
    const { bytes, ...facts } = (await object('a b+c').head?.(7)) ?? { bytes: [] }
    expect(Buffer.from(bytes).toString()).toBe('content')
    expect(facts).toEqual({
      ...{ size: 16, version: '0b', writtenMs: Date.parse('2026-01-07T22:20:11Z') },
      sha256: createHash('sha256').update('content of a b+c').digest('hex'),
    })
    await expect(object('missing').head?.(7)).rejects.toMatchObject({ outcome: 'missing' })
  })
})

it.each(['expired', 'wrong-key'])('what is wrong with us is not the fault of an object: %s', async (key) => {
  const thrown = await object(key)
    .read()
    .catch((error) => error)
  expect(thrown).toBeInstanceOf(Error)
  expect(thrown).not.toBeInstanceOf(Unreadable)
})

it('what was read is the version that there is, whatever was announced', async () => {
  const found = object('a b+c', '00')
  expect([found.uri, found.version]).toEqual(['s3://logs/a b+c', '00'])
  const { bytes, version, writtenMs } = await found.read()
  expect(Buffer.from(bytes).toString()).toBe('content of a b+c')
  expect([version, writtenMs]).toEqual(['0b', Date.UTC(2026, 0, 7, 22, 20, 11)])
  // The object keeps the announced version.
  expect(found.version).toBe('00')
})

it('a part is read from the same bucket only', async () => {
  const found = object('x')
  expect(Buffer.from((await found.overflowBody?.('s3://logs/data/y')) ?? []).toString()).toBe(
    'content of data/y',
  )
  expect(await found.overflowBody?.('s3://logs/missing')).toBeUndefined()
  expect(await found.overflowBody?.('s3://elsewhere/data/y')).toBeUndefined()
  await expect(found.overflowBody?.('s3://logs/denied')).rejects.toMatchObject({ outcome: 'denied' })
})
