import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type AwsClients, awsClients } from './clients.ts'
import { credentialsOf } from './credentials.ts'
import { type Identity, identitySection, stsOf } from './identity.ts'
import { readObject } from './object.ts'

let server: Server
let endpoint: string
let answer: (request: IncomingMessage, response: ServerResponse, body: string) => void
let clients: AwsClients | undefined

beforeEach(async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAEXAMPLE000000000')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'not-a-secret')
  vi.stubEnv('AWS_CONFIG_FILE', '/nonexistent')
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/nonexistent')
  server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => answer(request, response, body))
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(() => {
  vi.unstubAllEnvs()
  clients?.close()
  server.closeAllConnections()
  server.close()
})

/** The Region that a request was signed for. */
const signedFor = ({ headers }: IncomingMessage) =>
  /\/\d{8}\/([\w-]+)\//.exec(headers.authorization ?? '')?.[1]

describe('a client', () => {
  it('is made once for each Region, and only when it is asked for', async () => {
    clients = awsClients({ endpoint })
    expect(await clients.s3()).toBe(await clients.s3())
    expect(await clients.s3('eu-west-1')).not.toBe(await clients.s3())
    expect(await (await clients.sqs('eu-west-1')).config.region()).toBe('eu-west-1')
  })

  it('tries each request as often as any other, however many have failed before it', async () => {
    const asked = new Map<string, number>()
    answer = ({ url = '' }, response) => {
      asked.set(url, (asked.get(url) ?? 0) + 1)
      response.writeHead(asked.get(url) === 3 ? 200 : 500)
      return response.end()
    }
    clients = awsClients({ endpoint, region: 'eu-central-1' })
    const s3 = await clients.s3()
    const keys = Array.from({ length: 60 }, (_, at) => `object-${at}`)
    await Promise.all(keys.map((Key) => s3.headObject({ Bucket: 'example-logs', Key })))
    expect([...asked.values()]).toEqual(keys.map(() => 3))
  })

  it('goes to the Region that the bucket turns out to be in', async () => {
    const regions: (string | undefined)[] = []
    answer = (request, response) => {
      regions.push(signedFor(request))
      if (signedFor(request) === 'ap-southeast-2') return response.end('logs')
      response.writeHead(301, { 'x-amz-bucket-region': 'ap-southeast-2' })
      return response.end('<Error><Code>PermanentRedirect</Code></Error>')
    }
    clients = awsClients({ endpoint, region: 'eu-central-1' })
    const { bytes } = await readObject(await clients.s3(), { bucket: 'example-logs', key: 'a' })
    expect(Buffer.from(bytes).toString()).toBe('logs')
    expect(regions).toEqual(['eu-central-1', 'ap-southeast-2'])
  })

  it('asks once for the Region of a bucket, and believes a refusal too', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL_S3', endpoint)
    let asked = 0
    answer = (_, response) => {
      asked++
      response.writeHead(403, { 'x-amz-bucket-region': 'us-west-2' })
      response.end()
    }
    clients = awsClients({ region: 'eu-central-1' })
    const client = await clients.s3For('example-logs')
    expect(await client.config.region()).toBe('us-west-2')
    expect(await clients.s3For('example-logs')).toBe(client)
    expect(asked).toBe(1)
  })

  it('asks for a queue where the environment says, whatever its URL names', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL_SQS', endpoint)
    const asked: (string | undefined)[] = []
    answer = (request, response) => {
      asked.push(request.headers.host)
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' })
      response.end('{"Messages":[]}')
    }
    clients = awsClients({ region: 'eu-central-1' })
    const queue = 'https://sqs.eu-central-1.amazonaws.com/111122223333/trail-objects'
    await (await clients.sqs()).receiveMessage({ QueueUrl: queue })
    expect(asked).toEqual([new URL(endpoint).host])
  })

  it('reads a body again that breaks off', async () => {
    let asked = 0
    answer = (_, response) => {
      response.writeHead(200, { 'content-length': '8', etag: '"e"' })
      if (++asked < 3) {
        response.write('log')
        setTimeout(() => response.destroy(), 20)
      } else response.end('logs all')
    }
    clients = awsClients({ endpoint })
    const read = await readObject(await clients.s3(), { bucket: 'example-logs', key: 'a' })
    expect(Buffer.from(read.bytes).toString()).toBe('logs all')
    expect(read.etag).toBe('"e"')
    expect(asked).toBe(3)
  })
})

describe('a role', () => {
  const role_arn = 'arn:aws:iam::444455556666:role/loglake'
  const assumed: URLSearchParams[] = []

  /** An STS whose sessions last this many seconds from now on. */
  function sts(seconds: number): void {
    assumed.length = 0
    answer = (_, response, body) => {
      assumed.push(new URLSearchParams(body))
      response.setHeader('content-type', 'text/xml')
      response.end(`<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>
        <Credentials><AccessKeyId>ASIAEXAMPLE${assumed.length}</AccessKeyId><SecretAccessKey>s</SecretAccessKey>
        <SessionToken>t</SessionToken>
        <Expiration>${new Date(Date.now() + seconds * 1000).toISOString()}</Expiration></Credentials>
        <AssumedRoleUser><Arn>arn:aws:sts::444455556666:assumed-role/loglake/x</Arn>
        <AssumedRoleId>AROAEXAMPLE:x</AssumedRoleId></AssumedRoleUser>
        </AssumeRoleResult></AssumeRoleResponse>`)
    }
  }

  it('is assumed with its external id and session name, once for all who ask', async () => {
    sts(3600)
    const provide = credentialsOf({ endpoint, role_arn, external_id: 'an id', session_name: 'nightly' })
    const all = await Promise.all([provide(), provide(), provide()])
    expect(all.map(({ accessKeyId }) => accessKeyId)).toEqual(Array(3).fill('ASIAEXAMPLE1'))
    expect(Object.fromEntries(assumed[0] ?? [])).toMatchObject({
      RoleArn: role_arn,
      ExternalId: 'an id',
      RoleSessionName: 'nightly',
    })
  })

  it('is assumed again before its session ends', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    try {
      sts(3600)
      const provide = credentialsOf({ endpoint, role_arn })
      expect((await provide()).accessKeyId).toBe('ASIAEXAMPLE1')
      vi.setSystemTime(Date.now() + 54 * 60_000)
      expect((await provide()).accessKeyId).toBe('ASIAEXAMPLE1')
      vi.setSystemTime(Date.now() + 2 * 60_000)
      expect((await provide()).accessKeyId).toBe('ASIAEXAMPLE2')
    } finally {
      vi.useRealTimers()
    }
  })

  it('whose session ends before its time is assumed again, once for all who were refused', async () => {
    sts(3600)
    const assume = answer
    const refusedFor: string[] = []
    answer = (request, response, body) => {
      const key = /Credential=(\w+)\//.exec(String(request.headers.authorization))?.[1] ?? ''
      if (request.method === 'POST') return assume(request, response, body)
      if (key === 'ASIAEXAMPLE1') {
        refusedFor.push(key)
        response.writeHead(400)
        // An answer to HEAD has no body, and gives no reason.
        response.end(
          '<Error><Code>ExpiredToken</Code><Message>The provided token has expired.</Message></Error>',
        )
      } else response.end('<ListBucketResult></ListBucketResult>')
    }
    clients = awsClients({ endpoint, role_arn })
    const s3 = await clients.s3()
    await Promise.all([
      s3.listObjectsV2({ Bucket: 'logs' }),
      s3.listObjectsV2({ Bucket: 'logs' }),
      s3.headObject({ Bucket: 'logs', Key: 'a' }),
    ])
    expect([refusedFor.length, assumed.length]).toEqual([3, 2])
  })

  it('whose session ends is assumed again for a HEAD, which is not told why', async () => {
    sts(3600)
    const assume = answer
    answer = (request, response, body) => {
      if (request.method === 'POST') return assume(request, response, body)
      response.writeHead(/ASIAEXAMPLE1/.test(String(request.headers.authorization)) ? 400 : 200)
      response.end()
    }
    clients = awsClients({ endpoint, role_arn })
    const s3 = await clients.s3()
    await s3.headObject({ Bucket: 'logs', Key: 'a' })
    expect(assumed.length).toBe(2)
  })

  it('is assumed where STS is: as set, as the environment says, or at the endpoint of all', async () => {
    sts(3600)
    const nowhere = 'http://127.0.0.1:9'
    const key = async (identity: Identity) => (await credentialsOf({ role_arn, ...identity })()).accessKeyId
    expect(await key({ endpoint: nowhere, sts_endpoint: endpoint })).toBe('ASIAEXAMPLE1')
    expect(await key({ endpoint })).toBe('ASIAEXAMPLE2')
    vi.stubEnv('AWS_ENDPOINT_URL_STS', endpoint)
    expect(await key({ endpoint: nowhere })).toBe('ASIAEXAMPLE3')
    vi.stubEnv('AWS_ENDPOINT_URL_STS', nowhere)
    expect(await key({ endpoint: nowhere, sts_endpoint: endpoint })).toBe('ASIAEXAMPLE4')
    vi.stubEnv('AWS_IGNORE_CONFIGURED_ENDPOINT_URLS', 'true')
    expect(await key({ endpoint })).toBe('ASIAEXAMPLE5')
  })

  it('is assumed in the Region that the address of an STS names', () => {
    const store = { endpoint: 'https://store.example.com', region: 'us-west-2' }
    const sts_endpoint = 'https://sts.eu-central-1.amazonaws.com'
    expect(stsOf({ ...store, sts_endpoint })).toEqual({ endpoint: sts_endpoint, region: 'eu-central-1' })
    expect(stsOf(store)).toEqual(store)
  })

  it('that may not be assumed is asked for again the next time', async () => {
    const provide = credentialsOf({ endpoint, role_arn })
    answer = (_, response) => {
      response.writeHead(403)
      response.end(
        '<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>',
      )
    }
    await expect(provide()).rejects.toThrow()
    sts(3600)
    expect((await provide()).accessKeyId).toBe('ASIAEXAMPLE1')
  })
})

it('a session in the environment is read again, since its end is unknown', async () => {
  vi.stubEnv('AWS_SESSION_TOKEN', 't')
  const { expiration } = await credentialsOf({})()
  expect(expiration?.getTime()).toBeGreaterThan(Date.now())
})

describe('the settings', () => {
  const schema = identitySection('x')

  it.each([
    ['region', 'Frankfurt'],
    ['role_arn', 'loglake'],
    ['session_name', 'a b'],
    ['endpoint', 'http://user:secret@host'],
    ['endpoint', 'localhost:9000'],
    ['sts_endpoint', 'sts.amazonaws.com'],
    ['path_style', 'yes'],
  ])('do not take %s: %s', (key, value) => {
    expect(schema.safeParse({ [key]: value }).success).toBe(false)
  })

  it('take what AWS has', () => {
    const all = {
      profile: 'audit',
      region: 'us-gov-west-1',
      role_arn: 'arn:aws-us-gov:iam::111122223333:role/path/loglake',
      external_id: 'x',
      session_name: 'loglake@example.com',
      endpoint: 'https://store.example.com:9000',
      sts_endpoint: 'https://sts.eu-central-1.amazonaws.com',
      path_style: false,
    }
    expect(schema.parse(all)).toEqual(all)
  })
})
