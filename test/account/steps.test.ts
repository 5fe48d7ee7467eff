import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Step, StepContext, Wanted } from '../../src/account/contract.ts'
import { memories, remember } from '../../src/account/memory.ts'
import { bedrockLogging } from '../../src/account/steps/bedrock-logging.ts'
import { dataCapture } from '../../src/account/steps/data-capture.ts'
import { notification } from '../../src/account/steps/notification.ts'
import { sessionPreferences } from '../../src/account/steps/session-preferences.ts'
import { trailEvents } from '../../src/account/steps/trail-events.ts'
import { DEFAULTS, wantedOf } from '../../src/account/wanted.ts'
import { type AwsClients, awsClients } from '../../src/aws/clients.ts'
import { ACCOUNT, denial, ROLE, type StandIn, startStandIn } from './aws-stand-in.ts'
import {
  addTheirs,
  type Endpoints,
  emptyAccount,
  type FakeAccount,
  serveAccount,
  THEIR_LOGS,
} from './fake-account.ts'

/**
 * Steps in an account that a stand-in keeps, in the shapes of AWS's documentation: what is there before, what is asked for, and
 * what is there after `destroy`. What others change in between stays.
 */

vi.mock('node:timers/promises', () => ({ setTimeout: async () => undefined }))

let aws: StandIn
let clients: AwsClients
let account: FakeAccount

beforeAll(async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAEXAMPLE000000000')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'not-a-secret')
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true')
  aws = await startStandIn()
  clients = awsClients({ endpoint: aws.endpoint, region: 'eu-central-1' }, { attempts: 1 })
})
afterAll(async () => {
  clients.close()
  vi.unstubAllEnvs()
  await aws.close()
})
beforeEach(() => {
  account = emptyAccount()
  aws.answers = serveAccount(account)
  aws.asked.length = 0
})

function contextOf(more: Partial<Wanted> = {}): StepContext {
  const place = { clients, account: ACCOUNT, region: 'eu-central-1', caller: ROLE, partition: 'aws' }
  const wanted = { ...wantedOf(DEFAULTS, place, undefined), ...more }
  const outputs = {
    LogBucket: 'loglake-logs',
    SessionGroup: '/loglake/sessions',
    QueueArn: `arn:aws:sqs:eu-central-1:${ACCOUNT}:loglake-objects`,
    Key: `arn:aws:kms:eu-central-1:${ACCOUNT}:key/k`,
  }
  return { ...place, wanted, outputs }
}

/** Takes a step as `apply` does, and returns what `destroy` would give back. */
async function take(step: Step, context: StepContext, place: string) {
  await remember(context, step.name, place, await step.remember(context, place))
  await step.make(context, place)
  return async () => {
    const one = (await memories(context)).find((found) => found.step === step.name && found.place === place)
    return await step.undo(context, place, one?.memory ?? {})
  }
}

const stateOf = async (step: Step, context: StepContext) =>
  (await step.look(context)).map(({ state }) => state)

describe('Data Capture', () => {
  const long = 'a-name-of-an-endpoint-configuration-that-is-as-long-as-it-may-'
  const endpoint = (config: string) => ({ config, status: 'InService' })
  const models: Endpoints['configs'] = {
    [`${long}1`]: { ProductionVariants: [{ ModelName: 'one', VariantName: 'v' }] },
    [`${long}2`]: { ProductionVariants: [{ ModelName: 'two', VariantName: 'v' }] },
  }

  it('moves each endpoint to a copy of its own configuration, and back', async () => {
    account.sagemaker = {
      configs: { ...models },
      endpoints: { first: endpoint(`${long}1`), second: endpoint(`${long}2`) },
    }
    const context = contextOf({ capture: ['*'] })
    expect(await stateOf(dataCapture, context)).toEqual(['open', 'open'])
    const back = [await take(dataCapture, context, 'first')]
    await take(dataCapture, context, 'second')
    expect(await stateOf(dataCapture, context)).toEqual(['done', 'done'])
    const { configs, endpoints } = account.sagemaker
    const modelOf = (name: string) =>
      configs[endpoints[name]?.config ?? '']?.ProductionVariants?.map(({ ModelName }) => ModelName)
    expect([modelOf('first'), modelOf('second')]).toEqual([['one'], ['two']])
    for (const one of Object.values(endpoints)) expect(one?.config).toMatch(/^.{46}-loglake-[0-9a-f]{8}$/)
    expect(await back[0]?.()).toMatch(/^the endpoint first is back at .*1, without capture$/)
    expect(endpoints.first?.config).toBe(`${long}1`)
    // That of the other endpoint stays.
    expect(Object.keys(configs)).toHaveLength(3)
    expect(await stateOf(dataCapture, context)).toEqual(['open', 'done'])
  })

  it('makes another copy where one of an earlier time is there, with other settings', async () => {
    account.sagemaker = { configs: { ...models }, endpoints: { first: endpoint(`${long}1`) } }
    await take(dataCapture, contextOf({ capture: ['first'], sampling: 10 }), 'first')
    account.sagemaker.endpoints.first = endpoint(`${long}1`)
    await take(dataCapture, contextOf({ capture: ['first'], sampling: 100 }), 'first')
    const now = account.sagemaker.configs[account.sagemaker.endpoints.first?.config ?? '']
    expect(now?.DataCaptureConfig).toMatchObject({ InitialSamplingPercentage: 100 })
  })

  it('goes on where it was cut off, and undoes what it did last', async () => {
    account.sagemaker = { configs: { ...models }, endpoints: { first: endpoint(`${long}1`) } }
    const context = contextOf({ capture: ['first'] })
    await take(dataCapture, context, 'first')
    // Others deploy another model, without capture; then it is applied again.
    account.sagemaker.endpoints.first = endpoint(`${long}2`)
    const back = await take(dataCapture, context, 'first')
    expect(await back()).toMatch(/back at .*2/)
    expect(account.sagemaker.endpoints.first?.config).toBe(`${long}2`)
  })

  it('removes its configuration only when the endpoint has left it', async () => {
    account.sagemaker = { configs: { ...models }, endpoints: { first: endpoint(`${long}1`) } }
    const context = contextOf({ capture: ['first'] })
    const back = await take(dataCapture, context, 'first')
    const ours = account.sagemaker.endpoints.first?.config ?? ''
    account.sagemaker.looks = 3
    await back()
    const operations = aws.asked.map(({ operation }) => operation)
    expect(operations.slice(operations.lastIndexOf('UpdateEndpoint'))).toEqual([
      'UpdateEndpoint',
      // One of the three looks was before it.
      ...['DescribeEndpoint', 'DescribeEndpoint', 'DescribeEndpoint'],
      'DeleteEndpointConfig',
    ])
    expect(account.sagemaker.configs[ours]).toBeUndefined()
  })

  it('keeps it when SageMaker goes back to it by itself', async () => {
    account.sagemaker = { configs: { ...models }, endpoints: { first: endpoint(`${long}1`) } }
    const context = contextOf({ capture: ['first'] })
    const back = await take(dataCapture, context, 'first')
    const ours = account.sagemaker.endpoints.first?.config ?? ''
    account.sagemaker.fails = 'no capacity'
    await expect(back()).rejects.toThrow(/did not go back to .*1: no capacity/)
    expect(account.sagemaker.configs[ours]).toBeDefined()
  })

  it('is not forgotten for a denial', async () => {
    account.sagemaker = { configs: { ...models }, endpoints: { first: endpoint(`${long}1`) } }
    const back = await take(dataCapture, contextOf({ capture: ['first'] }), 'first')
    const answers = serveAccount(account)
    aws.answers = (asked) =>
      asked.operation === 'DescribeEndpoint' ? denial(asked, 'not authorized') : answers(asked)
    await expect(back()).rejects.toThrow('not authorized')
    aws.answers = answers
    account.sagemaker.endpoints = {}
    expect(await back()).toBe('the endpoint first is gone')
  })

  it('is refused where the endpoint captures elsewhere, has no capture, or is at work', async () => {
    const to = (DestinationS3Uri: string) => ({
      ...models[`${long}1`],
      DataCaptureConfig: { EnableCapture: true, DestinationS3Uri },
    })
    account.sagemaker = {
      configs: {
        ...models,
        elsewhere: to('s3://others/x'),
        serverless: { ProductionVariants: [{ ModelName: 'm', VariantName: 'v', ServerlessConfig: {} }] },
        async: { ...models[`${long}1`], AsyncInferenceConfig: {} },
      },
      endpoints: {
        a: endpoint('elsewhere'),
        b: endpoint('serverless'),
        c: endpoint('async'),
        d: { config: `${long}1`, status: 'Updating' },
      },
    }
    const found = await dataCapture.look(contextOf({ capture: ['a', 'b', 'c', 'd', 'e'] }))
    expect(found.map(({ state, why }) => [state, why?.split('\n')[0]])).toEqual([
      ['refused', 'it captures into s3://others/x already'],
      ['refused', 'serverless endpoints have no Data Capture'],
      ['refused', expect.stringContaining('asynchronous endpoints have no Data Capture')],
      ['refused', 'it is Updating: wait until it is InService'],
      ['refused', 'there is no such endpoint'],
    ])
  })
})

describe('preferences of Session Manager', () => {
  const context = () => contextOf()
  const theirs = {
    schemaVersion: '1.0',
    sessionType: 'Standard_Stream',
    inputs: { idleSessionTimeout: '20', cloudWatchLogGroupName: '', cloudWatchEncryptionEnabled: false },
  }

  it('are made where there were none, and removed again', async () => {
    expect(await stateOf(sessionPreferences, context())).toEqual(['open'])
    const back = await take(sessionPreferences, context(), 'eu-central-1')
    expect(account.document?.versions.at(-1)).toMatchObject({
      inputs: { cloudWatchLogGroupName: '/loglake/sessions', cloudWatchStreamingEnabled: true },
    })
    expect(await stateOf(sessionPreferences, context())).toEqual(['done'])
    expect(await back()).toBe('Session Manager in eu-central-1 has no preferences, as before')
    expect(account.document).toBeUndefined()
  })

  it('are a version more, and go back to the version before; and so again', async () => {
    account.document = { versions: [theirs], current: 1 }
    for (let times = 0; times < 2; times++) {
      const back = await take(sessionPreferences, context(), 'eu-central-1')
      expect(account.document).toMatchObject({ current: 2 })
      expect(account.document.versions[1]).toMatchObject({ inputs: { idleSessionTimeout: '20' } })
      expect(await back()).toMatch(/had before \(version 1\)/)
      expect(account.document.current).toBe(1)
    }
    expect(account.document.versions).toHaveLength(2)
  })

  it('keep what others have set since', async () => {
    account.document = { versions: [theirs], current: 1 }
    const back = await take(sessionPreferences, context(), 'eu-central-1')
    const [, ours = {}] = account.document.versions
    account.document.versions.push({ ...ours, inputs: { ...inputsOf(ours), idleSessionTimeout: '5' } })
    account.document.current = 3
    expect(await back()).toMatch(/does not stream to \/loglake\/sessions any more; what others have set/)
    expect(account.document.versions[account.document.current - 1]).toEqual({
      ...theirs,
      inputs: { ...theirs.inputs, idleSessionTimeout: '5', cloudWatchStreamingEnabled: true },
    })
  })

  it('stay where they stream elsewhere', async () => {
    const elsewhere = { ...theirs, inputs: { ...theirs.inputs, cloudWatchLogGroupName: '/theirs' } }
    account.document = { versions: [elsewhere], current: 1 }
    const [found] = await sessionPreferences.look(context())
    expect(found).toMatchObject({ state: 'refused', why: expect.stringContaining('/theirs already') })
  })
})

const inputsOf = (content: object) => (content as { inputs?: object }).inputs ?? {}

describe('logging of Bedrock', () => {
  const context = () => contextOf()
  const cloudWatchConfig = { logGroupName: '/bedrock', roleArn: `arn:aws:iam::${ACCOUNT}:role/r` }

  it('is switched off again where it was off', async () => {
    const back = await take(bedrockLogging, context(), 'eu-central-1')
    expect(account.logging).toMatchObject({ s3Config: { bucketName: 'loglake-logs' } })
    expect(await back()).toMatch(/does not log invocations any more/)
    expect(account.logging).toBeUndefined()
  })

  it('goes back to a log group, with what it logged there', async () => {
    const before = { cloudWatchConfig, textDataDeliveryEnabled: true, imageDataDeliveryEnabled: false }
    account.logging = before
    const back = await take(bedrockLogging, context(), 'eu-central-1')
    expect(account.logging).toMatchObject({ cloudWatchConfig, imageDataDeliveryEnabled: true })
    expect(await back()).toMatch(/logs as it did before/)
    expect(account.logging).toEqual(before)
  })

  it('keeps a log group that others have added since', async () => {
    const back = await take(bedrockLogging, context(), 'eu-central-1')
    account.logging = { ...account.logging, cloudWatchConfig }
    expect(await back()).toMatch(/not log into s3:\/\/loglake-logs any more; what others have changed/)
    expect(account.logging).toMatchObject({ cloudWatchConfig, textDataDeliveryEnabled: true })
    expect(account.logging).not.toHaveProperty('s3Config')
  })
})

describe('data events of a trail', () => {
  const context = () => contextOf({ trail: 'audit' })
  const field = (Field: string, ...Equals: string[]) => ({ Field, Equals })
  const management = { Name: 'Management events', FieldSelectors: [field('eventCategory', 'Management')] }
  const ofType = (type: string, ...more: object[]) => ({
    Name: `theirs ${type}`,
    FieldSelectors: [field('eventCategory', 'Data'), field('resources.type', type), ...more],
  })

  it('are added to selectors of the new kind, and taken out', async () => {
    const before = [management, ofType('AWS::SageMaker::Endpoint')]
    account.trails = { audit: { AdvancedEventSelectors: before } }
    const back = await take(trailEvents, context(), 'audit')
    expect(account.trails.audit?.AdvancedEventSelectors?.map(({ Name }) => Name)).toEqual([
      ...['Management events', 'theirs AWS::SageMaker::Endpoint'],
      ...['loglake Bedrock AgentAlias', 'loglake Bedrock KnowledgeBase', 'loglake Bedrock Guardrail'],
    ])
    expect(await stateOf(trailEvents, context())).toEqual(['done'])
    expect(await back()).toBe('the trail audit records what it did before')
    expect(account.trails.audit).toEqual({ AdvancedEventSelectors: before })
  })

  it('replace selectors of the old kind by the same of the new, and bring them back', async () => {
    const before = { EventSelectors: [{ ReadWriteType: 'WriteOnly', IncludeManagementEvents: true }] }
    account.trails = { audit: before }
    const back = await take(trailEvents, context(), 'audit')
    expect(account.trails.audit?.AdvancedEventSelectors?.[0]?.FieldSelectors).toEqual([
      field('eventCategory', 'Management'),
      field('readOnly', 'false'),
    ])
    await back()
    expect(account.trails.audit).toEqual(before)
  })

  it('leave what others have added since', async () => {
    account.trails = { audit: { AdvancedEventSelectors: [management] } }
    const back = await take(trailEvents, context(), 'audit')
    const theirs = ofType('AWS::S3::Object')
    account.trails.audit?.AdvancedEventSelectors?.push(theirs)
    expect(await back()).toMatch(/has lost our event selectors; what others have changed since stays/)
    expect(account.trails.audit).toEqual({ AdvancedEventSelectors: [management, theirs] })
  })

  it('of some endpoints are not those of all', async () => {
    const one = ofType('AWS::SageMaker::Endpoint', { Field: 'resources.ARN', StartsWith: ['arn:x'] })
    account.trails = { audit: { AdvancedEventSelectors: [management, one] } }
    await take(trailEvents, context(), 'audit')
    const names = account.trails.audit?.AdvancedEventSelectors?.map(({ Name }) => Name)
    expect(names).toContain('loglake SageMaker Endpoint')
  })

  it('are not forgotten for a denial, and are for a trail that is gone', async () => {
    account.trails = { audit: { AdvancedEventSelectors: [management] } }
    const back = await take(trailEvents, context(), 'audit')
    const answers = serveAccount(account)
    aws.answers = (asked) =>
      asked.operation === 'GetEventSelectors' ? denial(asked, 'not authorized') : answers(asked)
    await expect(back()).rejects.toThrow('not authorized')
    aws.answers = answers
    account.trails = {}
    expect(await back()).toBe('the trail audit is gone')
  })
})

describe('notifications of an existing bucket', () => {
  const context = (prefix = 'AWSLogs/') => contextOf({ buckets: [{ bucket: THEIR_LOGS, prefix }] })
  const queue = `arn:aws:sqs:eu-central-1:${ACCOUNT}:loglake-objects`

  it('are added beside those of others, of every kind, and taken out', async () => {
    addTheirs(account)
    const before = structuredClone(account.notifications)
    const back = await take(notification, context(), THEIR_LOGS)
    expect(account.notifications?.queues.map(({ Id }) => Id)).toEqual(['theirs', 'loglake-loglake'])
    expect(account.notifications?.bridge).toBe(true)
    expect(await stateOf(notification, context())).toEqual(['done'])
    await back()
    expect(account.notifications).toEqual(before)
  })

  it('are ours under any name where they lead to our queue', async () => {
    addTheirs(account)
    account.notifications?.queues.push({
      Id: 'loglake',
      arn: queue,
      event: 's3:ObjectCreated:*',
      prefix: 'AWSLogs/',
    })
    expect(await stateOf(notification, context())).toEqual(['open'])
    const back = await take(notification, context(), THEIR_LOGS)
    expect(account.notifications?.queues.map(({ Id }) => Id)).toEqual(['theirs', 'loglake-loglake'])
    await back()
    expect(account.notifications?.queues.map(({ Id }) => Id)).toEqual(['theirs'])
  })

  it('are refused where others have the same objects, and nothing is written', async () => {
    addTheirs(account)
    const [found] = await notification.look(context('app/logs/'))
    expect(found).toMatchObject({ state: 'refused', why: expect.stringContaining('(app/)') })
    await expect(notification.make(context('app/logs/'), THEIR_LOGS)).rejects.toThrow('one for each prefix')
    expect(aws.asked.filter(({ operation }) => operation.startsWith('PUT'))).toEqual([])
  })

  it('are refused for a bucket of another Region, with the way out', async () => {
    addTheirs(account)
    const elsewhere = { ...context(), region: 'us-east-1' }
    const [found] = await notification.look(elsewhere)
    expect(found).toMatchObject({ state: 'refused', why: expect.stringContaining('it is in eu-central-1') })
  })
})

it('what was there before is remembered anew with each attempt', async () => {
  const context = contextOf()
  await remember(context, 'x', 'place', { before: 1 })
  await remember(context, 'x', 'place', { before: 2, long: 'x'.repeat(5000) })
  await remember(context, 'x', 'place', { before: 3 })
  expect((await memories(context)).map(({ memory }) => memory)).toEqual([{ before: 3 }])
})
