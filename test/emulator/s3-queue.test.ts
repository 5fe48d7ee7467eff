import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loglake } from '../e2e/program.ts'
import { judge } from '../faults/judge.ts'
import { eventOf, makeObjects, randomFrom } from '../faults/objects.ts'
import { boto, bytes, type Call } from './boto.ts'
import { type Moto, startMoto } from './moto.ts'
import { cloudTrail, eventBridge, s3Deleted, s3Direct, securityLake, sns, type Told } from './notices.ts'
import {
  announcedBucket,
  empty,
  freshFolder,
  IN_REGION,
  inBucket,
  inQueue,
  keyOf,
  putObjects,
  puts,
  silentBucket,
  startWorker,
  until,
} from './world.ts'

let moto: Moto
beforeAll(async () => {
  moto = await startMoto()
})
afterAll(() => moto.stop())

/** Commits come soon enough for a test. */
const SOON = { batchAgeMs: 400, batchObjects: 5 }

const silent = (bucket: string, attributes?: Record<string, string>) => silentBucket(moto, bucket, attributes)
const put = (bucket: string, files: readonly string[]) => putObjects(moto, bucket, files)
const sends = (queue: string, bodies: readonly string[]): Call[] =>
  bodies.map((MessageBody) => ['sqs', 'send_message', { QueueUrl: queue, MessageBody }])

async function ran(queue: string, lake: string, settings: object = {}, options: object = SOON) {
  const worker = startWorker(moto, { lake, settings: { queue, retry_seconds: 1, ...settings }, options })
  await empty(moto, queue)
  const { totals, error, output } = await worker.stop()
  expect(error, output).toBeUndefined()
  return totals
}

const RIGHT = { lost: 0, doubled: 0, wrong: [] }

describe('an object is announced', () => {
  it('by S3 itself, and through SNS with and without raw delivery', async () => {
    const { queue, queueArn } = await announcedBucket(moto, 'announced')
    const [{ TopicArn: topic }, { TopicArn: rawTopic }] = await boto(moto, [
      ['sns', 'create_topic', { Name: 'wrapped' }],
      ['sns', 'create_topic', { Name: 'raw' }],
    ])
    const through = (bucket: string, TopicArn: string): Call[] => [
      ['s3', 'create_bucket', { Bucket: bucket, ...IN_REGION }],
      [
        's3',
        'put_bucket_notification_configuration',
        {
          Bucket: bucket,
          NotificationConfiguration: { TopicConfigurations: [{ TopicArn, Events: ['s3:ObjectCreated:*'] }] },
        },
      ],
    ]
    await boto(moto, [
      ['sns', 'subscribe', { TopicArn: topic, Protocol: 'sqs', Endpoint: queueArn }],
      [
        'sns',
        'subscribe',
        {
          TopicArn: rawTopic,
          Protocol: 'sqs',
          Endpoint: queueArn,
          Attributes: { RawMessageDelivery: 'true' },
        },
      ],
      ...through('announced-sns', topic),
      ...through('announced-raw', rawTopic),
    ])
    const lake = freshFolder('lake')
    const truth = makeObjects(freshFolder('objects'), { objects: 12, seed: 31 })
    const buckets = ['announced', 'announced-sns', 'announced-raw']
    const files = truth.files.map((file, at) => ({ file, bucket: buckets[at % 3] as string }))
    await boto(
      moto,
      files.flatMap(({ file, bucket }) => puts(bucket, [file])),
    )
    const account = await ran(queue, lake)
    expect(account?.objects).toMatchObject({ listed: truth.files.length, failed: 0, released: 0 })
    expect(account?.sourceCounts['s3:TestEvent']).toBeGreaterThan(0)
    expect(account?.deadLetters).toBe(0)
    const named = files.map(({ file, bucket }) => `s3://${bucket}/${keyOf(file)}`)
    expect(await judge(lake, { ...truth, files: named })).toMatchObject(RIGHT)
  })

  it('in every other way, out of order, and several in one message', async () => {
    const queue = await silent('ways')
    const lake = freshFolder('lake')
    const truth = makeObjects(freshFolder('objects'), { objects: 20, seed: 34 })
    const told = await put('ways', truth.files)
    const ways: ((one: Told) => string)[] = [
      (one) => s3Direct(one),
      (one) => sns(s3Direct(one)),
      eventBridge,
      (one) => sns(eventBridge(one)),
      (one) => cloudTrail(one.bucket, one.key),
      (one) => sns(cloudTrail(one.bucket, one.key)),
      securityLake,
    ]
    const bodies = told.slice(0, 14).map((one, at) => (ways[at % ways.length] as (typeof ways)[number])(one))
    const rest = told.slice(14)
    bodies.push(s3Direct(...rest.slice(0, 4)), cloudTrail('ways', ...rest.slice(4).map(({ key }) => key)))
    const garbage = '{"hello": "\u009b2Jthere"}'
    bodies.push(
      JSON.stringify({ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'ways' }),
      'CloudTrail validation message.',
      sns('CloudTrail validation message.'),
      s3Deleted(told[0] as Told),
      garbage,
    )
    const random = randomFrom(5)
    await boto(
      moto,
      sends(
        queue,
        bodies
          .map((body) => ({ body, at: random() }))
          .sort((a, b) => a.at - b.at)
          .map(({ body }) => body),
      ),
    )
    const account = await ran(queue, lake)
    expect(account?.objects).toMatchObject({ listed: truth.files.length, failed: 0, already: 0 })
    expect(account?.sourceCounts).toEqual({
      's3:TestEvent': 1,
      'CloudTrail validation message': 2,
      'ObjectRemoved:Delete': 1,
    })
    expect(account?.deadLetters).toBe(1)
    expect(await judge(lake, inBucket(truth, 'ways'))).toMatchObject(RIGHT)

    const list = await loglake(['deadletters', '--lake', lake])
    expect(list.out).toMatch(/unknown-notice[\s\S]*it is no notice of an object[\s\S]*1 dead letter\n$/)
    const id = /\n([0-9a-f]{16}) /.exec(list.out)?.[1] as string
    const shown = await loglake(['deadletters', '--lake', lake, '--show', id.slice(0, 6)])
    expect(shown.out).toContain('{"hello": "\\u009b2Jthere"}')
    expect((await loglake(['deadletters', '--lake', lake, '--show', id, '--raw'])).out).toBe(garbage)
    const again = await loglake(['deadletters', 'replay', '--lake', lake])
    expect(again).toMatchObject({
      code: 1,
      out: `${id}  it is no notice of an object\n0 dead letters replayed, 1 still dead\n`,
    })
    expect((await loglake(['verify', '--lake', lake])).code).toBe(0)
  })

  it('three times, with the same events in another, and overwritten meanwhile', async () => {
    const queue = await silent('again')
    const lake = freshFolder('lake')
    const truth = makeObjects(freshFolder('objects'), { objects: 8, seed: 35, sound: true })
    const told = await put('again', truth.files)
    const first = told[0] as Told
    const copy = { ...first, key: first.key.replace('.json.gz', '-copy.json.gz') }
    const body = (n: number) => gzipSync(JSON.stringify({ Records: [eventOf(`over-${n}`, n)] }))
    const over = { ...first, key: 'AWSLogs/111122223333/CloudTrail/eu-central-1/2026/01/07/over.json.gz' }
    const [, one, two] = await boto(moto, [
      [
        's3',
        'put_object',
        { Bucket: 'again', Key: copy.key, Body: bytes(readFileSync(truth.files[0] as string)) },
      ],
      ['s3', 'put_object', { Bucket: 'again', Key: over.key, Body: bytes(body(1)) }],
      ['s3', 'put_object', { Bucket: 'again', Key: over.key, Body: bytes(body(2)) }],
    ])
    const version = (answer: { ETag: string }, n: number) => ({
      ...over,
      size: body(n).length,
      etag: answer.ETag.replaceAll('"', ''),
    })
    const bodies = [...told, copy].flatMap((each) => [
      s3Direct(each),
      sns(eventBridge(each)),
      cloudTrail(each.bucket, each.key),
    ])
    await boto(moto, sends(queue, [...bodies, s3Direct(version(one, 1)), s3Direct(version(two, 2))]))
    const account = await ran(queue, lake)
    // A queue may hand out a message once more, as it does where the machine is busy.
    expect(account?.objects).toMatchObject({ stored: 10, failed: 0 })
    expect(account?.objects.already).toBeGreaterThanOrEqual(19)
    expect(account?.objects.listed).toBe(10 + (account?.objects.already ?? 0))
    const copied = JSON.parse(
      (
        await loglake([
          'query',
          `select records_read as n from ledger where lake_object = 's3://again/${copy.key}'`,
          '--lake',
          lake,
          '--format',
          'json',
        ])
      ).out,
    )[0].n
    expect(
      await judge(lake, {
        ...inBucket(truth, 'again'),
        files: [...inBucket(truth, 'again').files, `s3://again/${copy.key}`, `s3://again/${over.key}`],
        // The version that was there; the other is gone from the bucket.
        ids: new Set([...truth.ids, 'over-2']),
        read: truth.read + copied + 1,
        // Events without an id are rows of their own in the copy, too.
        nameless: truth.nameless + 2,
      }),
    ).toMatchObject(RIGHT)
  })

  it('with its version: it is read as it was then, though it was overwritten', async () => {
    const queue = await silent('versions')
    const lake = freshFolder('lake')
    const key = 'AWSLogs/111122223333/CloudTrail/eu-central-1/2026/01/07/versions.json.gz'
    const body = (n: number) => bytes(gzipSync(JSON.stringify({ Records: [eventOf(`version-${n}`, n)] })))
    const [, ...put] = await boto(moto, [
      ['s3', 'put_bucket_versioning', { Bucket: 'versions', VersioningConfiguration: { Status: 'Enabled' } }],
      ['s3', 'put_object', { Bucket: 'versions', Key: key, Body: body(1) }],
      ['s3', 'put_object', { Bucket: 'versions', Key: key, Body: body(2) }],
    ])
    const notices = put.map(({ ETag, VersionId }) => {
      const notice = JSON.parse(
        s3Direct({ bucket: 'versions', key, size: 1, etag: ETag.replaceAll('"', '') }),
      )
      notice.Records[0].s3.object.versionId = VersionId
      return JSON.stringify(notice)
    })
    await boto(moto, sends(queue, notices))
    const account = await ran(queue, lake)
    expect(account?.objects).toMatchObject({ listed: 2, stored: 2 })
    const found = 'select eventid from cloudtrail order by eventid'
    expect((await loglake(['query', found, '--lake', lake, '--format', 'csv'])).out).toMatch(
      /^eventid\s+version-1\s+version-2\s+$/,
    )
  })

  it('and a filter leaves it out: that is counted, and its message goes', async () => {
    const queue = await silent('filtered')
    const lake = freshFolder('lake')
    const told = (key: string): Told => ({ bucket: 'filtered', key, size: 1, etag: 'x' })
    const at = (account: string, region: string) =>
      told(`AWSLogs/${account}/CloudTrail/${region}/2026/01/07/x.json.gz`)
    await boto(
      moto,
      sends(
        queue,
        [
          at('111122223333', 'eu-central-1'),
          at('444455556666', 'eu-central-1'),
          at('111122223333', 'us-east-1'),
        ].map((one) => s3Direct(one)),
      ),
    )
    const filter = { accounts: ['111122223333'], regions: ['eu-west-1'] }
    const account = await ran(queue, lake, { filter })
    expect(account?.objects).toMatchObject({ listed: 3, filtered: 3, failed: 0 })
    // It is still known when the process is gone.
    const { out } = await loglake(['status', '--lake', lake, '--offline', '--json'])
    expect(JSON.parse(out).sources).toMatchObject([
      {
        objects: { read: 0 },
        filtered: [
          { reason: 'left out by its Region', objects: 2 },
          { reason: 'left out by its account', objects: 1, first: expect.stringContaining('/444455556666/') },
        ],
      },
    ])
    const text = (await loglake(['status', '--lake', lake, '--offline'])).out
    expect(text).toMatch(/Objects that filters left out:\n +\S+ +2 +left out by its Region\n/)
    const objects = await loglake(['objects', '--lake', lake, '--outcome', 'left-out', '--format', 'json'])
    expect(JSON.parse(objects.out)).toHaveLength(3)
    expect((await loglake(['verify', '--objects', '--lake', lake])).out).toMatch(/none\nall adds up\n$/)
  })
})

describe('an object that cannot be read', () => {
  it('comes again until it can be, and does not hold up the others', async () => {
    const queue = await silent('late')
    const lake = freshFolder('lake')
    const truth = makeObjects(freshFolder('objects'), { objects: 6, seed: 36, sound: true })
    const [late = '', ...others] = truth.files
    const told = await put('late', others)
    const missing = { bucket: 'late', key: keyOf(late), size: 10, etag: '' }
    // In one message with another that is there: the message stays until both are in.
    await boto(
      moto,
      sends(queue, [s3Direct(missing, told[0] as Told), ...told.slice(1).map((one) => s3Direct(one))]),
    )
    const worker = startWorker(moto, { lake, settings: { queue, retry_seconds: 1 }, options: SOON })
    await until(async () => (await inQueue(moto, queue)).reduce((a, b) => a + b) === 1)
    await put('late', [late])
    await empty(moto, queue)
    const { totals, output } = await worker.stop()
    expect(totals?.failures.outcomes.missing, output).toBeGreaterThan(0)
    expect(totals?.objects.stored).toBe(6)
    expect(await judge(lake, inBucket(truth, 'late'))).toMatchObject(RIGHT)
  })

  it('is a dead letter when its queue gives it up, and is replayed once it is there', async () => {
    const [{ QueueUrl: dead }] = await boto(moto, [['sqs', 'create_queue', { QueueName: 'given-up' }]])
    const [{ Attributes }] = await boto(moto, [
      ['sqs', 'get_queue_attributes', { QueueUrl: dead, AttributeNames: ['QueueArn'] }],
    ])
    const queue = await silent('lost', {
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: Attributes.QueueArn, maxReceiveCount: '2' }),
    })
    const lake = freshFolder('lake')
    const truth = makeObjects(freshFolder('objects'), { objects: 4, seed: 37, sound: true })
    const [lost = '', ...others] = truth.files
    const told = await put('lost', others)
    const gone = { bucket: 'lost', key: keyOf(lost), size: 10, etag: 'x' }
    const archived = { bucket: 'lost', key: 'archived', size: 1, etag: 'x' }
    await boto(moto, [
      [
        's3',
        'put_object',
        { Bucket: 'lost', Key: 'archived', Body: bytes('x'), StorageClass: 'DEEP_ARCHIVE' },
      ],
      ...sends(
        queue,
        [gone, archived, ...told].map((one) => s3Direct(one)),
      ),
    ])
    const account = await ran(queue, lake)
    expect(account?.failures.outcomes).toEqual({ missing: 2, archived: 2 })
    // It is the queue that has moved them, not we who deleted them.
    expect(await inQueue(moto, dead)).toEqual([2, 0])
    const list = await loglake(['deadletters', '--lake', lake, '--format', 'json'])
    expect(
      JSON.parse(list.out)
        .map((one: Record<string, unknown>) => [one.code, one.lake_object, Number(one.receives)])
        .sort(),
    ).toEqual([
      ['archived', 's3://lost/archived', 2],
      ['missing', `s3://lost/${gone.key}`, 2],
    ])
    await put('lost', [lost])
    const at = ['--lake', lake, '--endpoint', moto.endpoint, '--region', 'eu-central-1']
    const again = await loglake(['deadletters', 'replay', ...at])
    expect(again.out, again.err).toMatch(
      /archived in Glacier[\s\S]*\n1 dead letter replayed, 1 still dead\n$/,
    )
    expect(await judge(lake, inBucket(truth, 'lost'))).toMatchObject(RIGHT)
    expect((await loglake(['deadletters', '--lake', lake])).out).toMatch(/\n1 dead letter\n$/)
    expect((await loglake(['deadletters', '--lake', lake, '--all'])).out).toMatch(
      /; replayed[\s\S]*\n2 dead letters\n$/,
    )
  })
})

it('a source that is stopped reads nothing, wherever it runs, until it is resumed', async () => {
  const { queue } = await announcedBucket(moto, 'stopped')
  const lake = freshFolder('lake')
  const truth = makeObjects(freshFolder('objects'), { objects: 6, seed: 38 })
  const worker = startWorker(moto, { lake, settings: { queue, visibility_seconds: 5 }, options: SOON })
  await worker.ready
  const stop = await loglake(['stop', 'queue', '--force', '--lake', lake, '--because', 'a test'])
  expect(stop.out).toMatch(/^queue is stopped since \S+Z, /)
  expect((await loglake(['stop', '--lake', lake])).out).toMatch(/^queue +\S+Z +a test\n$/)
  await new Promise((later) => setTimeout(later, 3000))
  await boto(moto, puts('stopped', truth.files))
  await new Promise((later) => setTimeout(later, 3000))
  expect(worker.progress().records).toBe(0)
  const [visible, hidden] = await inQueue(moto, queue)
  expect(visible + hidden).toBeGreaterThanOrEqual(truth.files.length)
  expect((await loglake(['resume', 'queue', '--lake', lake])).out).toBe('queue goes on\n')
  await empty(moto, queue)
  const { error, output } = await worker.stop()
  expect(error, output).toBeUndefined()
  expect(await judge(lake, inBucket(truth, 'stopped'))).toMatchObject(RIGHT)
})
