import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Batch, openBatch } from '../../src/model/batch.ts'
import { MODEL, pretend, ROLE } from './analysed.ts'
import { type Script, type StandIn, startStandIn } from './stand-in.ts'

// Each denial in an analysis by batches names its own permission.

const US = 'arn:aws:sts::123456789012:assumed-role/loglake-worker/i-1'
const JOB = 'arn:aws:bedrock:eu-central-1:123456789012:model-invocation-job/abc'
const OBJECTS = 'arn:aws:s3:::logs/loglake-analysis/*'

let standIn: StandIn
let batch: Batch
let refuse: NonNullable<Script['refuse']> = () => undefined
beforeAll(async () => {
  pretend()
  standIn = await startStandIn({ answer: () => undefined, refuse: (what, count) => refuse(what, count) })
  batch = openBatch({
    ...{ model: MODEL, role: ROLE, place: 's3://logs/loglake-analysis', body: 'Converse', timeoutHours: 24 },
    identity: { endpoint: standIn.endpoint, region: 'eu-central-1' },
  })
})
afterAll(async () => {
  batch.close()
  await standIn.stop()
})

function deny(operation: string, action: string | undefined, resource = '*'): void {
  const message =
    action === undefined
      ? 'Access Denied'
      : `User: ${US} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`
  refuse = (what) =>
    what === operation ? { status: 403, type: 'AccessDeniedException', message } : undefined
}

const job = { arn: JOB, name: 'j', state: 'Completed', message: '', records: {} } as never
const record = { id: 'R1', system: 's', text: 't', maxTokens: 5, schema: {} }

it.each<[string, string, string, () => Promise<unknown>]>([
  ['PUT object', 's3:PutObject', OBJECTS, () => batch.upload('j', [record])],
  ['GET object', 's3:ListBucket', 'arn:aws:s3:::logs', () => batch.results(job)],
  ['ListModelInvocationJobs', 'bedrock:ListModelInvocationJobs', '*', () => batch.find('j')],
  ['CreateModelInvocationJob', 'bedrock:CreateModelInvocationJob', '*', () => batch.start('j', 't')],
  ['CreateModelInvocationJob', 'iam:PassRole', ROLE, () => batch.start('j', 't')],
  ['GetModelInvocationJob', 'bedrock:GetModelInvocationJob', JOB, () => batch.look(JOB)],
  ['StopModelInvocationJob', 'bedrock:StopModelInvocationJob', JOB, () => batch.stop(JOB)],
])('%s without %s', async (operation, action, resource, call) => {
  deny(operation, action, resource)
  const { message } = await call().then(
    () => new Error('it was allowed'),
    (thrown: Error) => thrown,
  )
  const wayOut = /\n {2}way out: (.*)$/.exec(message)?.[1] ?? message
  expect(wayOut).toMatch(new RegExp(`^allow ${action}`))
  const statement = JSON.parse(/\{.*\}/.exec(wayOut)?.[0] ?? '{}')
  const condition = { StringEquals: { 'iam:PassedToService': 'bedrock.amazonaws.com' } }
  expect(statement).toEqual({
    ...{ Effect: 'Allow', Action: action, Resource: resource },
    ...(action === 'iam:PassRole' ? { Condition: condition } : {}),
  })
})

it('an object that may not be read, by S3 that does not say what is missing', async () => {
  deny('PUT object', undefined)
  await expect(batch.upload('j', [record])).rejects.toThrow(
    /way out: allow s3:PutObject on arn:aws:s3:::logs\/loglake-analysis\/\* to who we are/,
  )
})

const OF_OBJECTS = { Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject'], Resource: OBJECTS }
const OF_BUCKET = { Effect: 'Allow', Action: ['s3:ListBucket'], Resource: 'arn:aws:s3:::logs' }
const TRUST = {
  ...{ Effect: 'Allow', Principal: { Service: 'bedrock.amazonaws.com' }, Action: 'sts:AssumeRole' },
  Condition: { StringEquals: { 'aws:SourceAccount': '123456789012' } },
}
const statementsIn = (text: string) =>
  [...text.matchAll(/\{"Effect".*?\}(?= and |;|\)?$)/g)].map(([one]) => JSON.parse(one))

// AWS documents no words for these: they are of our own, and what is told must follow from such words alone.
describe('what Bedrock may not do with the batch role', () => {
  it.each<[string, object[]]>([
    ['The role does not have s3:GetObject on the input bucket', [OF_OBJECTS]],
    ['The provided role cannot list s3://logs: missing s3:ListBucket', [OF_BUCKET]],
    ['Access denied to the S3 location with the provided role', [OF_OBJECTS, OF_BUCKET]],
    ['Could not assume the role: check its trust policy', [TRUST]],
  ])('a job that is refused so: %s', async (message, statements) => {
    refuse = (what) =>
      what === 'CreateModelInvocationJob' ? { status: 400, type: 'ValidationException', message } : undefined
    const thrown = await batch.start('j', 'refused').then(
      () => new Error('it was allowed'),
      (error: Error) => error,
    )
    expect(thrown.message).toContain(message)
    const wayOut = /\n {2}way out: (.*)$/.exec(thrown.message)?.[1] ?? ''
    expect(wayOut).toContain(`of the batch role ${ROLE} must have: `)
    expect(statementsIn(wayOut)).toEqual(statements)
  })

  it('a job that failed so says it, too', async () => {
    refuse = () => undefined
    await batch.upload('failed', [record])
    standIn.script.states = () => ['Validating', 'Failed']
    const arn = await batch.start('failed', 'failed')
    await batch.look(arn)
    const [made] = standIn.jobs
    Object.assign(made ?? {}, {
      written: true,
      message: 'the role has no permission to write to the S3 bucket',
    })
    const { state, message } = await batch.look(arn)
    expect(state).toBe('Failed')
    expect(message).toContain('(way out: the policy of the batch role')
    expect(statementsIn(message)).toEqual([OF_OBJECTS, OF_BUCKET])
  })

  it.each([
    'The provided model identifier is invalid.',
    'Your account is not authorized to perform this action.',
    'Value at timeoutDurationInHours failed to satisfy constraint',
  ])('what is refused for another reason is told as that: %s', async (message) => {
    refuse = (what) =>
      what === 'CreateModelInvocationJob' ? { status: 400, type: 'ValidationException', message } : undefined
    await expect(batch.start('other', 'other')).rejects.toThrow(message)
    await expect(batch.start('other', 'other')).rejects.not.toThrow(/batch role/)
  })
})

it('quotas that may not be read leave the job, and say what would let them be read', async () => {
  deny('ListServiceQuotas', 'servicequotas:ListServiceQuotas')
  const { source, why } = await batch.limits()
  expect(source).toBe('unknown')
  expect(why).toContain(`way out: allow servicequotas:ListServiceQuotas on * to ${US}: {`)
})
