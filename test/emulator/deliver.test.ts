import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Delivery } from '../../src/deliver/contract.ts'
import { destinations } from '../../src/deliver/destinations/index.ts'
import { deliver } from '../../src/deliver/patience.ts'
import { openEngine } from '../../src/lib/duckdb.ts'
import { literal } from '../../src/lib/sql.ts'
import { boto } from './boto.ts'
import { type Moto, startMoto } from './moto.ts'

/** Every destination of AWS's, sent to moto, and what arrived asked of boto3: a client that is none of ours. */
let moto: Moto
const scratch = mkdtempSync(join(tmpdir(), 'loglake-deliver-'))
beforeAll(async () => {
  moto = await startMoto()
})
afterAll(async () => {
  await moto.stop()
  rmSync(scratch, { recursive: true })
})

const now = Math.floor(Date.now() / 1000)

function deliveries(
  count: number,
  text: (n: number) => string = (n) => JSON.stringify({ n, title: `event ${n}` }),
): Delivery[] {
  return Array.from({ length: count }, (_, n) => ({
    id: `cloudtrail/${n}`,
    table: 'cloudtrail',
    time: now + n / 1000,
    text: text(n),
  }))
}

async function send(name: string, settings: object, batch: readonly Delivery[]) {
  const found = destinations.find((one) => one.name === name)
  if (!found) throw new Error(name)
  const receiver = found.open(found.settings.parse({ ...settings, identity: moto.identity }), {
    route: 'siem',
  })
  const refused = []
  try {
    for (let at = 0; at < batch.length; at += receiver.max.deliveries)
      refused.push(
        ...(await deliver(receiver, batch.slice(at, at + receiver.max.deliveries), {
          signal: new AbortController().signal,
          maxMs: 0,
        })),
      )
  } finally {
    await receiver.close?.()
  }
  return refused
}

/** All messages of a queue. */
async function drained(QueueUrl: string): Promise<string[]> {
  const bodies: string[] = []
  for (;;) {
    const [{ Messages = [] }] = await boto(moto, [
      ['sqs', 'receive_message', { QueueUrl, MaxNumberOfMessages: 10 }],
    ])
    if (Messages.length === 0) return bodies
    bodies.push(...Messages.map(({ Body }: { Body: string }) => Body))
    await boto(
      moto,
      Messages.map(({ ReceiptHandle }: { ReceiptHandle: string }) => [
        'sqs',
        'delete_message',
        { QueueUrl, ReceiptHandle },
      ]),
    )
  }
}

const numbers = (bodies: readonly string[]) =>
  bodies.map((body) => JSON.parse(body).n as number).toSorted((a, b) => a - b)
const wanted = (count: number) => Array.from({ length: count }, (_, n) => n)

it('sqs: every row is a message; one that is too large is refused alone', async () => {
  const [{ QueueUrl }] = await boto(moto, [['sqs', 'create_queue', { QueueName: 'findings' }]])
  const batch = deliveries(25)
  batch[7] = { ...(batch[7] as Delivery), text: JSON.stringify({ n: 7, long: 'x'.repeat(300_000) }) }
  const refused = await send('sqs', { queue: QueueUrl }, batch)
  expect(refused.map(({ delivery, code }) => [delivery.id, code])).toEqual([['cloudtrail/7', 'too-large']])
  expect(numbers(await drained(QueueUrl))).toEqual(wanted(25).filter((n) => n !== 7))
})

it('sqs: a FIFO queue keeps one of what is sent twice', async () => {
  const [{ QueueUrl }] = await boto(moto, [
    ['sqs', 'create_queue', { QueueName: 'findings.fifo', Attributes: { FifoQueue: 'true' } }],
  ])
  await send('sqs', { queue: QueueUrl }, deliveries(10))
  await send('sqs', { queue: QueueUrl }, deliveries(10))
  const bodies = await drained(QueueUrl)
  expect(bodies.map((body) => JSON.parse(body).n)).toEqual(wanted(10))
})

it('sqs: a queue that is not there is an outage, and refuses no row', async () => {
  const queue = `${moto.endpoint}/123456789012/nowhere`
  await expect(send('sqs', { queue }, deliveries(1))).rejects.toThrow('does not take events')
})

it('sns: every row comes to who subscribes', async () => {
  const [{ TopicArn }, { QueueUrl }] = await boto(moto, [
    ['sns', 'create_topic', { Name: 'findings' }],
    ['sqs', 'create_queue', { QueueName: 'subscriber' }],
  ])
  const [{ Attributes }] = await boto(moto, [
    ['sqs', 'get_queue_attributes', { QueueUrl, AttributeNames: ['QueueArn'] }],
  ])
  await boto(moto, [['sns', 'subscribe', { TopicArn, Protocol: 'sqs', Endpoint: Attributes.QueueArn }]])
  expect(await send('sns', { topic: TopicArn }, deliveries(23))).toEqual([])
  const notices = (await drained(QueueUrl)).map((body) => JSON.parse(body))
  expect(numbers(notices.map(({ Message }) => Message))).toEqual(wanted(23))
  expect(notices[0]).toMatchObject({
    Subject: expect.stringContaining('event'),
    MessageAttributes: { table: { Value: 'cloudtrail' } },
  })
})

it('eventbridge: every row is an event, which rules pick', async () => {
  const [{ QueueUrl }] = await boto(moto, [['sqs', 'create_queue', { QueueName: 'events' }]])
  const [{ Attributes }] = await boto(moto, [
    ['sqs', 'get_queue_attributes', { QueueUrl, AttributeNames: ['QueueArn'] }],
  ])
  await boto(moto, [
    ['events', 'create_event_bus', { Name: 'security' }],
    [
      'events',
      'put_rule',
      { Name: 'all', EventBusName: 'security', EventPattern: '{"source": ["loglake"]}' },
    ],
    [
      'events',
      'put_targets',
      { Rule: 'all', EventBusName: 'security', Targets: [{ Id: 'q', Arn: Attributes.QueueArn }] },
    ],
  ])
  expect(await send('eventbridge', { bus: 'security' }, deliveries(12))).toEqual([])
  const events = (await drained(QueueUrl)).map((body) => JSON.parse(body))
  expect(events.map(({ detail }) => detail.n as number).toSorted((a, b) => a - b)).toEqual(wanted(12))
  expect(events[0]).toMatchObject({ source: 'loglake', 'detail-type': 'loglake cloudtrail' })
})

it('cloudwatch-logs: every row is an event; what is too old is refused with the reason', async () => {
  await boto(moto, [['logs', 'create_log_group', { logGroupName: '/loglake/findings' }]])
  const batch = deliveries(30)
  batch[0] = { ...(batch[0] as Delivery), time: now - 30 * 86_400 }
  const refused = await send('cloudwatch-logs', { group: '/loglake/findings' }, batch)
  expect(refused.map(({ delivery, code }) => [delivery.id, code])).toEqual([['cloudtrail/0', 'too-old']])
  const [{ events }] = await boto(moto, [
    [
      'logs',
      'get_log_events',
      { logGroupName: '/loglake/findings', logStreamName: 'siem', startFromHead: true },
    ],
  ])
  expect(numbers(events.map(({ message }: { message: string }) => message))).toEqual(wanted(30).slice(1))
})

it('firehose: every row is a line of what the stream delivers', async () => {
  await boto(moto, [
    [
      's3',
      'create_bucket',
      { Bucket: 'firehose', CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' } },
    ],
    [
      'firehose',
      'create_delivery_stream',
      {
        DeliveryStreamName: 'siem',
        ExtendedS3DestinationConfiguration: {
          RoleARN: 'arn:aws:iam::123456789012:role/x',
          BucketARN: 'arn:aws:s3:::firehose',
        },
      },
    ],
  ])
  expect(await send('firehose', { stream: 'siem' }, deliveries(40))).toEqual([])
  const lines = (await objects('firehose')).flatMap(({ body }) => body.toString().trim().split('\n'))
  expect(numbers(lines)).toEqual(wanted(40))
})

async function objects(Bucket: string): Promise<{ key: string; body: Buffer }[]> {
  const { S3 } = await import('@aws-sdk/client-s3')
  const { endpoint, region } = moto.identity as { endpoint: string; region: string }
  const s3 = new S3({ endpoint, region, forcePathStyle: true })
  const { Contents = [] } = await s3.listObjectsV2({ Bucket })
  const found = []
  for (const { Key } of Contents) {
    const { Body } = await s3.getObject({ Bucket, Key })
    found.push({ key: String(Key), body: Buffer.from((await Body?.transformToByteArray()) ?? []) })
  }
  s3.destroy()
  return found
}

it('s3: JSON lines by table and day, and the same batch is the same object', async () => {
  await boto(moto, [
    [
      's3',
      'create_bucket',
      { Bucket: 'siem-lines', CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' } },
    ],
  ])
  const batch = deliveries(50)
  batch[49] = { ...(batch[49] as Delivery), time: now - 3 * 86_400 }
  for (let n = 0; n < 2; n++) expect(await send('s3', { bucket: 'siem-lines' }, batch)).toEqual([])
  const found = await objects('siem-lines')
  expect(found).toHaveLength(2)
  const day = new Date(now * 1000).toISOString().slice(0, 10)
  expect(
    found.some(({ key }) => key.startsWith(`loglake/cloudtrail/day=${day}/`) && key.endsWith('.json.gz')),
  ).toBe(true)
  expect(numbers(found.flatMap(({ body }) => gunzipSync(body).toString().trim().split('\n')))).toEqual(
    wanted(50),
  )
})

it('s3 and security-lake: Parquet that DuckDB reads, in the layout of Security Lake', async () => {
  await boto(moto, [
    [
      's3',
      'create_bucket',
      { Bucket: 'siem-parquet', CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' } },
    ],
  ])
  const event = (n: number) =>
    JSON.stringify({
      class_uid: 6003,
      n,
      cloud: { region: n % 2 === 0 ? 'eu-west-1' : '../../x', account: { uid: '111122223333' } },
    })
  const settings = { bucket: 'siem-parquet', source: 'loglake', region: 'eu-central-1' }
  expect(await send('security-lake', settings, deliveries(20, event))).toEqual([])
  expect(
    await send('s3', { bucket: 'siem-parquet', format: 'parquet', prefix: 'plain' }, deliveries(20, event)),
  ).toEqual([])
  const found = await objects('siem-parquet')
  const eventDay = new Date(now * 1000).toISOString().slice(0, 10).replaceAll('-', '')
  const folders = found.map(({ key }) => key.replace(/\/[^/]*$/, ''))
  expect(folders.toSorted()).toEqual([
    `ext/loglake-6003/region=eu-central-1/accountId=111122223333/eventDay=${eventDay}`,
    `ext/loglake-6003/region=eu-west-1/accountId=111122223333/eventDay=${eventDay}`,
    expect.stringMatching(/^plain\/cloudtrail\/day=/),
  ])
  const engine = await openEngine({ threads: 1 })
  for (const [at, { key, body }] of found.entries()) {
    const file = join(scratch, `${at}.parquet`)
    writeFileSync(file, body)
    const [[rows] = []] = await engine.rows(
      `select count(*) from ${literal(file)} where cloud.account.uid = '111122223333'`,
    )
    expect(Number(rows), key).toBe(key.startsWith('plain') ? 20 : 10)
  }
  engine.close()
})
