import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { awsClients } from '../../src/aws/clients.ts'
import { awsError, troubleOf } from '../../src/aws/errors.ts'
import { readObject } from '../../src/aws/object.ts'
import { type Moto, startMoto } from './moto.ts'

const ROLE = 'arn:aws:iam::444455556666:role/loglake-reader'
let moto: Moto

beforeAll(async () => {
  moto = await startMoto()
})
afterAll(() => moto.stop())

it('is the default chain, a role with its session name, or a profile', async () => {
  const asked = async (identity: object) => {
    const clients = awsClients({ ...moto.identity, ...identity })
    try {
      return (await (await clients.sts()).getCallerIdentity({})).Arn
    } finally {
      clients.close()
    }
  }
  expect(await asked({})).toMatch(/^arn:aws:sts::\d+:/)
  expect(await asked({ role_arn: ROLE, external_id: 'an id' })).toBe(
    'arn:aws:sts::444455556666:assumed-role/loglake-reader/loglake',
  )
  expect(await asked({ role_arn: ROLE, session_name: 'nightly' })).toMatch(/\/nightly$/)

  const folder = mkdtempSync(join(tmpdir(), 'identity-'))
  const file = join(folder, 'config')
  writeFileSync(
    file,
    `[profile audit]\nrole_arn = ${ROLE}\nrole_session_name = of-the-profile\ncredential_source = Environment\n` +
      `endpoint_url = ${moto.endpoint}\nregion = eu-west-3\n`,
  )
  vi.stubEnv('AWS_CONFIG_FILE', file)
  try {
    expect(await asked({ profile: 'audit' })).toMatch(/\/of-the-profile$/)
  } finally {
    vi.unstubAllEnvs()
    rmSync(folder, { recursive: true })
  }
})

it('reads a bucket in another account and Region', async () => {
  const other = awsClients({ ...moto.identity, role_arn: ROLE, region: 'ap-southeast-2' })
  const s3 = await other.s3For('example-other-account')
  await s3.createBucket({
    Bucket: 'example-other-account',
    CreateBucketConfiguration: { LocationConstraint: 'ap-southeast-2' },
  })
  await s3.putObject({ Bucket: 'example-other-account', Key: 'a b+c', Body: 'logs' })
  const read = await readObject(s3, { bucket: 'example-other-account', key: 'a b+c' })
  expect(Buffer.from(read.bytes).toString()).toBe('logs')
  const missing = await readObject(s3, { bucket: 'example-other-account', key: 'x' }).catch(
    (thrown) => thrown,
  )
  expect(troubleOf(missing)).toBe('missing')
  const unknown = await readObject(s3, { bucket: 'example-nowhere', key: 'x' }).catch((thrown) => thrown)
  expect(awsError('read', 's3://example-nowhere/x', unknown).message).toMatch(/there is no such bucket/)
  other.close()
})
