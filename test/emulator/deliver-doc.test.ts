import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { S3 } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openEngine } from '../../src/lib/duckdb.ts'
import { literal } from '../../src/lib/sql.ts'
import { exampleOf, OF_AWS, printed, secretsOf, settingsOf, withRoute } from '../e2e/deliver-doc.ts'
import { loglake } from '../e2e/program.ts'
import { eventOf } from '../faults/objects.ts'
import { boto, type Call } from './boto.ts'
import { type Moto, startMoto } from './moto.ts'
import { arnOf, asRole, freshFolder, IN_REGION } from './world.ts'

/**
 * The examples of AWS's destinations in docs/deliver.md, as they stand there: the program sends rows through each, in
 * the account and the Region that the examples name. Only AWS_ENDPOINT_URL makes them lead to moto.
 */

const ROLE = 'arn:aws:iam::111122223333:role/loglake'
/** CloudWatch Logs takes nothing that is older than 14 days. */
const NOW = `${new Date().toISOString().slice(0, 19)}Z`
const IDS = ['one', 'two', 'three'].map((name) => `sent-as-the-page-says-${name}`)

const folder = freshFolder('deliver-doc')
let moto: Moto
let owner: Moto
beforeAll(async () => {
  moto = await startMoto()
  owner = await asRole(moto, ROLE, 'eu-central-1')
  const Records = IDS.map((id, n) => ({ ...eventOf(id, n), eventTime: NOW }))
  writeFileSync(join(folder, 'events.json'), JSON.stringify({ Records }))
  printed(await loglake(['ingest', join(folder, 'events.json'), '--lake', join(folder, 'lake')]))
})
afterAll(() => moto.stop())

const lastOf = (name = ''): string => name.split(/[:/]/).at(-1) ?? ''

/** A queue that a topic or a bus sends to. */
async function queueOf(QueueName: string): Promise<{ url: string; arn: string }> {
  const [{ QueueUrl }] = await boto(owner, [['sqs', 'create_queue', { QueueName }]])
  return { url: QueueUrl, arn: await arnOf(owner, QueueUrl) }
}

async function messages(QueueUrl: string): Promise<string[]> {
  const [{ Messages = [] }] = await boto(owner, [
    ['sqs', 'receive_message', { QueueUrl, MaxNumberOfMessages: 10 }],
  ])
  return Messages.map(({ Body }: { Body: string }) => Body)
}

async function objects(Bucket: string): Promise<{ key: string; body: Uint8Array }[]> {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = owner.env as Record<string, string>
  const s3 = new S3({
    endpoint: owner.endpoint,
    region: 'eu-central-1',
    forcePathStyle: true,
    credentials: {
      accessKeyId: String(AWS_ACCESS_KEY_ID),
      secretAccessKey: String(AWS_SECRET_ACCESS_KEY),
      sessionToken: String(AWS_SESSION_TOKEN),
    },
  })
  const { Contents = [] } = await s3.listObjectsV2({ Bucket })
  const found = []
  for (const { Key = '' } of Contents) {
    const { Body } = await s3.getObject({ Bucket, Key })
    found.push({ key: Key, body: (await Body?.transformToByteArray()) ?? new Uint8Array() })
  }
  s3.destroy()
  return found
}

/** The rows of a bucket's Parquet as text, once its objects lie where the page says. */
async function parquetIn(bucket: string, where: RegExp): Promise<string[]> {
  const engine = await openEngine({ threads: 1 })
  const rows: string[] = []
  for (const { key, body } of await objects(bucket)) {
    expect(key).toMatch(where)
    const file = join(folder, 'object.parquet')
    writeFileSync(file, body)
    const found = await engine.rows(`select to_json(t)::varchar from read_parquet(${literal(file)}) as t`)
    rows.push(...found.map(([row]) => String(row)))
  }
  engine.close()
  return rows
}

const bucketOf = ({ bucket }: Record<string, string>): Call => [
  's3',
  'create_bucket',
  { Bucket: bucket, ...IN_REGION },
]

interface Way {
  /** Makes what the example names. */
  make(settings: Record<string, string>): Promise<unknown>
  /** The rows that arrived, as text. */
  arrived(settings: Record<string, string>): Promise<string[]>
}

const WAYS: Readonly<Record<string, Way>> = {
  s3: {
    make: (settings) => boto(owner, [bucketOf(settings)]),
    arrived: ({ bucket = '' }) =>
      parquetIn(bucket, /^loglake\/cloudtrail\/day=\d{4}-\d\d-\d\d\/[^/]*\.parquet$/),
  },
  'security-lake': {
    make: (settings) => boto(owner, [bucketOf(settings)]),
    arrived: ({ bucket = '' }) =>
      parquetIn(
        bucket,
        /^ext\/loglake-6003\/region=eu-central-1\/accountId=\w+\/eventDay=\d{8}\/[^/]*\.parquet$/,
      ),
  },
  sns: {
    async make({ topic }) {
      const { arn } = await queueOf('of-the-topic')
      const subscription = { TopicArn: topic, Protocol: 'sqs', Endpoint: arn }
      await boto(owner, [
        ['sns', 'create_topic', { Name: lastOf(topic) }],
        ['sns', 'subscribe', subscription],
      ])
    },
    arrived: async () => await messages((await queueOf('of-the-topic')).url),
  },
  sqs: {
    make: ({ queue }) => queueOf(lastOf(queue)),
    arrived: async ({ queue }) => await messages((await queueOf(lastOf(queue))).url),
  },
  eventbridge: {
    async make({ bus }) {
      const { arn } = await queueOf('of-the-bus')
      const rule = { EventBusName: lastOf(bus) }
      await boto(owner, [
        ['events', 'create_event_bus', { Name: lastOf(bus) }],
        [
          'events',
          'put_rule',
          { ...rule, Name: 'all', EventPattern: '{"detail-type": ["loglake cloudtrail"]}' },
        ],
        ['events', 'put_targets', { ...rule, Rule: 'all', Targets: [{ Id: 'q', Arn: arn }] }],
      ])
    },
    arrived: async () => await messages((await queueOf('of-the-bus')).url),
  },
  'cloudwatch-logs': {
    make: ({ group }) => boto(owner, [['logs', 'create_log_group', { logGroupName: group }]]),
    async arrived({ group }) {
      const [{ events }] = await boto(owner, [['logs', 'filter_log_events', { logGroupName: group }]])
      return events.map(({ message }: { message: string }) => message)
    },
  },
  firehose: {
    make: ({ stream }) =>
      boto(owner, [
        bucketOf({ bucket: 'of-the-stream' }),
        [
          'firehose',
          'create_delivery_stream',
          {
            DeliveryStreamName: stream,
            ExtendedS3DestinationConfiguration: { RoleARN: ROLE, BucketARN: 'arn:aws:s3:::of-the-stream' },
          },
        ],
      ]),
    async arrived() {
      const found = await objects('of-the-stream')
      return found.flatMap(({ body }) => Buffer.from(body).toString().trim().split('\n'))
    },
  },
}

it('every destination of AWS is here', () => {
  expect(Object.keys(WAYS).toSorted()).toEqual(OF_AWS.toSorted())
})

describe('the example of', () => {
  it.each(Object.entries(WAYS))('%s sends rows', async (name, { make, arrived }) => {
    const settings = settingsOf(name)
    await make(settings)
    // A route's cursor is in the lake: each example has a route of its own.
    const yaml = withRoute(exampleOf(name), 'true').replace('  rows:', `  to-${name}:`)
    writeFileSync(join(folder, 'loglake.yaml'), `lake: ./lake\n${yaml}`)
    printed(await loglake(['deliver', '--once'], { cwd: folder, env: { ...owner.env, ...secretsOf(yaml) } }))
    const found = await arrived(settings)
    expect(found).toHaveLength(IDS.length)
    for (const id of IDS) expect(found.filter((row) => row.includes(id))).toHaveLength(1)
  })
})
