import { afterAll, beforeAll, expect, it } from 'vitest'
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

it('quotas that may not be read leave the job, and say what would let them be read', async () => {
  deny('ListServiceQuotas', 'servicequotas:ListServiceQuotas')
  const { source, why } = await batch.limits()
  expect(source).toBe('unknown')
  expect(why).toContain(`way out: allow servicequotas:ListServiceQuotas on * to ${US}: {`)
})
