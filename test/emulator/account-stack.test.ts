import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apply } from '../../src/account/apply.ts'
import type { Place, Wanted } from '../../src/account/contract.ts'
import { changesOf, findStack } from '../../src/account/deploy.ts'
import { destroy } from '../../src/account/destroy.ts'
import { placeOf } from '../../src/account/look.ts'
import { plan } from '../../src/account/plan.ts'
import { madeBy } from '../../src/account/stack/evaluate.ts'
import { status } from '../../src/account/status.ts'
import { type Choices, DEFAULTS, wantedOf } from '../../src/account/wanted.ts'
import { type AwsClients, awsClients } from '../../src/aws/clients.ts'
import { send } from './ask-aws.ts'
import { type Ministack, startMinistack } from './ministack.ts'

/** What this emulator does not know is left out, and named in docs/aws.md: trails, metric streams, GuardDuty, preferences of sessions. */
const KNOWN: Choices = { ...DEFAULTS, trail: false, guardduty: false, email: 'audit@example.com' }

let ministack: Ministack
let clients: AwsClients
let place: Place
beforeAll(async () => {
  ministack = await startMinistack()
  clients = awsClients(ministack.identity, { attempts: 2 })
  place = await placeOf(clients)
})
afterAll(async () => {
  clients?.close()
  await ministack?.stop()
})

function wanted(choices: Partial<Choices> = {}): Wanted {
  const all = wantedOf({ ...KNOWN, ...choices }, place, undefined)
  return { ...all, sessionPreferences: false }
}

const quiet = () => undefined

describe('from nothing to a stack and back', () => {
  const LOGS = 'loglake-logs-000000000000-eu-central-1'
  const LAKE = 'loglake-lake-000000000000-eu-central-1'

  it('a plan makes nothing', async () => {
    const before = await send(clients, 's3', 'listBuckets')
    const made = await plan(place, KNOWN)
    expect(made.there).toBeUndefined()
    expect(made.resources.map(({ id }) => id)).toEqual(madeBy(made.wanted.parameters).map(({ id }) => id))
    expect(made.steps.find(({ step }) => step === 'bedrock-logging')?.state).toBe('open')
    expect(await findStack(place, 'loglake')).toBeUndefined()
    expect((await send(clients, 's3', 'listBuckets')).Buckets ?? []).toEqual(before.Buckets ?? [])
  })

  it('apply makes every resource that the plan named', async () => {
    const told: string[] = []
    const { stack, done, left } = await apply(place, wanted(), (line) => told.push(line))
    expect(stack.status).toBe('CREATE_COMPLETE')
    expect(left).toEqual([])
    expect(done).toEqual([expect.stringContaining('Bedrock in eu-central-1 logs')])
    for (const { id } of madeBy(wanted().parameters)) expect(told).toContain(`create complete  ${id}`)
    expect(stack.outputs).toMatchObject({
      LogBucket: LOGS,
      LakeBucket: LAKE,
      Lake: `s3://${LAKE}/lake`,
      Database: 'loglake',
    })
  })

  it('a new object of the log bucket is announced in the queue', async () => {
    const { outputs } = await status(place, 'loglake')
    await send(clients, 's3', 'putObject', { Bucket: LOGS, Key: 'AWSLogs/x.json', Body: '{"Records":[]}' })
    const keys: string[] = []
    for (let tries = 0; tries < 5 && !keys.includes('AWSLogs/x.json'); tries++) {
      const { Messages = [] } = await send(clients, 'sqs', 'receiveMessage', {
        QueueUrl: outputs.Queue,
        WaitTimeSeconds: 1,
        MaxNumberOfMessages: 10,
      })
      for (const { Body } of Messages)
        for (const { s3 } of JSON.parse(Body).Records ?? []) keys.push(s3.object.key)
    }
    expect(keys).toContain('AWSLogs/x.json')
  })

  it('buckets are private, versioned, and take TLS only', async () => {
    for (const Bucket of [LOGS, LAKE]) {
      const { PublicAccessBlockConfiguration: block } = await send(clients, 's3', 'getPublicAccessBlock', {
        Bucket,
      })
      expect(Object.values(block)).toEqual([true, true, true, true])
      expect((await send(clients, 's3', 'getBucketVersioning', { Bucket })).Status).toBe('Enabled')
      const { Policy } = await send(clients, 's3', 'getBucketPolicy', { Bucket })
      expect(JSON.parse(Policy).Statement).toContainEqual(
        expect.objectContaining({ Sid: 'TlsOnly', Effect: 'Deny' }),
      )
    }
    const writers = JSON.parse(
      (await send(clients, 's3', 'getBucketPolicy', { Bucket: LOGS })).Policy,
    ).Statement
    expect(writers.map(({ Sid }: { Sid: string }) => Sid)).toEqual([
      'TlsOnly',
      'TrailLooks',
      'Trail',
      'Bedrock',
      'GuardDutyLooks',
      'GuardDuty',
    ])
  })

  it('the queue has its key, its dead letters, and buckets as its only senders', async () => {
    const { outputs } = await status(place, 'loglake')
    const { Attributes } = await send(clients, 'sqs', 'getQueueAttributes', {
      QueueUrl: outputs.Queue,
      AttributeNames: ['All'],
    })
    expect(Attributes.KmsMasterKeyId).toBe(outputs.Key)
    // SQS gives it back as it was set: a number or its digits.
    expect(Number(JSON.parse(Attributes.RedrivePolicy).maxReceiveCount)).toBe(5)
    const [sender, existing, tls, ...more] = JSON.parse(Attributes.Policy).Statement
    expect(sender).toMatchObject({
      Principal: { Service: 's3.amazonaws.com' },
      Condition: {
        StringEquals: { 'aws:SourceAccount': '000000000000' },
        ArnLike: { 'aws:SourceArn': `arn:aws:s3:::${LOGS}` },
      },
    })
    // Buckets that were there before send as well, those of this account alone.
    expect(existing).toMatchObject({
      Sid: 'ExistingBuckets',
      Principal: { Service: 's3.amazonaws.com' },
      Condition: { StringEquals: { 'aws:SourceAccount': '000000000000' } },
    })
    expect(tls).toMatchObject({ Effect: 'Deny' })
    expect(more).toEqual([])
  })

  it('session logs have their way: a filter, a stream, a prefix', async () => {
    const {
      subscriptionFilters: [filter],
    } = await send(clients, 'logs', 'describeSubscriptionFilters', { logGroupName: '/loglake/sessions' })
    expect(filter.destinationArn).toMatch(/deliverystream\/loglake-sessions$/)
    const { DeliveryStreamDescription: stream } = await send(clients, 'firehose', 'describeDeliveryStream', {
      DeliveryStreamName: 'loglake-sessions',
    })
    const [{ ExtendedS3DestinationDescription: to }] = stream.Destinations
    expect(to).toMatchObject({ BucketARN: `arn:aws:s3:::${LOGS}`, CompressionFormat: 'UNCOMPRESSED' })
    expect(to.Prefix).toMatch(/^sessions\//)
  })

  it('applied again, nothing is changed; with another wish, that alone', async () => {
    const again = await apply(place, wanted(), quiet)
    expect([again.done, again.left]).toEqual([[], []])
    const stack = await findStack(place, 'loglake')
    if (!stack) throw new Error('no stack')
    const changes = await changesOf(place, stack, { ...wanted().parameters, Email: '' })
    // The emulator calls it Modify; by the reference of CloudFormation it is Remove.
    expect(changes.map(({ id }) => id)).toEqual(['Subscription'])
  })

  it('applied again without its options, what was chosen before stays', async () => {
    const again = await plan(place, DEFAULTS)
    expect(again.wanted.parameters).toMatchObject({ Trail: 'no', Email: 'audit@example.com' })
    expect(again.there?.changes).toEqual([])
    expect(again.notes[0]).toMatch(/^kept from before: Trail=no, .*Email=audit@example\.com/)
    const other = await plan(place, { ...DEFAULTS, email: undefined, made: new Set(['email']) })
    expect(other.wanted.parameters).toMatchObject({ Trail: 'no', Email: '' })
    expect(other.there?.changes.map(({ id }) => id)).toEqual(['Subscription'])
  })

  it('a bucket of somebody else is not removed, and then nothing is', async () => {
    await send(clients, 's3', 'createBucket', {
      Bucket: 'loglake-others',
      CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' },
    })
    await expect(destroy(place, 'loglake', ['loglake-others'], quiet)).rejects.toThrow(
      'the stack loglake did not create',
    )
    expect((await status(place, 'loglake')).status).toBe('CREATE_COMPLETE')
  })

  it('destroy takes all of it back, and keeps the data', async () => {
    const { done, stays } = await destroy(place, 'loglake', [], quiet)
    expect(done).toEqual([
      'Bedrock in eu-central-1 does not log invocations any more',
      'the stack loglake is deleted',
    ])
    expect(stays.join('\n')).toMatch(/loglake-logs.*\n.*loglake-lake.*\nthe key/)
    const { Roles } = await send(clients, 'iam', 'listRoles')
    expect(Roles.filter(({ RoleName }: { RoleName: string }) => RoleName.startsWith('loglake'))).toEqual([])
    const { Contents } = await send(clients, 's3', 'listObjectsV2', { Bucket: LOGS, Prefix: 'AWSLogs/' })
    expect(Contents).toHaveLength(1)
    const { QueueConfigurations = [] } = await send(clients, 's3', 'getBucketNotificationConfiguration', {
      Bucket: LOGS,
    })
    expect(QueueConfigurations).toEqual([])
    await expect(destroy(place, 'loglake', [], quiet)).rejects.toThrow('there is no stack loglake')
  })

  it('data goes by name', async () => {
    const { done } = await destroy(place, 'loglake', [LOGS, LAKE], quiet)
    expect(done).toEqual([
      expect.stringMatching(/^s3:\/\/loglake-logs.*removed/),
      expect.stringMatching(/^s3:\/\/loglake-lake.*removed/),
    ])
    const { Buckets = [] } = await send(clients, 's3', 'listBuckets')
    expect(Buckets.map(({ Name }: { Name: string }) => Name)).toEqual(['loglake-others'])
  })
})

describe('existing buckets', () => {
  it('get our notification beside those of others, and lose it again', async () => {
    const Bucket = 'example-trail'
    await send(clients, 's3', 'createBucket', {
      Bucket,
      CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' },
    })
    const { QueueUrl } = await send(clients, 'sqs', 'createQueue', { QueueName: 'others' })
    const { Attributes } = await send(clients, 'sqs', 'getQueueAttributes', {
      QueueUrl,
      AttributeNames: ['QueueArn'],
    })
    const theirs = {
      Id: 'theirs',
      QueueArn: Attributes.QueueArn,
      Events: ['s3:ObjectCreated:*'],
      Filter: { Key: { FilterRules: [{ Name: 'prefix', Value: 'app/' }] } },
    }
    await send(clients, 's3', 'putBucketNotificationConfiguration', {
      Bucket,
      NotificationConfiguration: { QueueConfigurations: [theirs] },
    })
    const choices = {
      stack: 'second',
      logBuckets: [`${Bucket}/AWSLogs/`],
      newLogBucket: false,
      bedrock: false,
    }
    const { left, stack } = await apply(place, wanted(choices), quiet)
    expect(left).toEqual([])
    const now = async () =>
      (await send(clients, 's3', 'getBucketNotificationConfiguration', { Bucket })).QueueConfigurations ?? []
    expect((await now()).map(({ Id }: { Id: string }) => Id)).toEqual(['theirs', 'loglake-second'])
    const policy = await send(clients, 'sqs', 'getQueueAttributes', {
      QueueUrl: stack.outputs.Queue,
      AttributeNames: ['Policy'],
    })
    expect(JSON.parse(policy.Attributes.Policy).Statement[1].Condition.ArnLike).toEqual({
      'aws:SourceArn': ['arn:*:s3:::example-trail'],
    })
    await destroy(place, 'second', [], quiet)
    expect((await now()).map(({ Id }: { Id: string }) => Id)).toEqual(['theirs'])
  })
})
