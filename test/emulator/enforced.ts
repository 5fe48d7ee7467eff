import { randomUUID } from 'node:crypto'
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { apply } from '../../src/account/apply.ts'
import { placeOf } from '../../src/account/look.ts'
import { DEFAULTS, wantedOf } from '../../src/account/wanted.ts'
import { type AwsClients, awsClients } from '../../src/aws/clients.ts'
import { carefulReader } from '../analyze/careful.ts'
import { objectsAt } from '../analyze/objects.ts'
import { startStandIn } from '../analyze/stand-in.ts'
import { send } from './ask-aws.ts'
import { type Gate, startGate, type Wants } from './gate.ts'
import { startMinistack } from './ministack.ts'

/** A statement of the worker's policy, as it is in force. */
export interface Written {
  Sid: string
  Effect: 'Allow'
  Action: string[]
  Resource: string | string[]
  Condition?: object
}

/** An account whose policies are in force, with the stack of the template and nobody but its owner and its worker. */
export interface Account {
  gate: Gate
  owner: AwsClients
  outputs: Record<string, string>
  role: string
  /** The worker's policy as the template has made it. */
  policy: readonly Written[]
  /** The environment of a process that is the worker. */
  env: Record<string, string>
  folder: string
  config: string
  /** The same without views in the mirror. */
  configWithoutViews: string
  /** Puts a policy in the place of the worker's. */
  allow(policy: readonly Written[]): Promise<void>
  stop(): Promise<void>
}

export const REGION = 'eu-central-1'
/** A bucket that was there before. */
export const OLD_LOGS = 'example-old-logs'
const OWNER = 'test'
/** So that the doctor may ask IAM; it is no part of what the worker needs. */
const SIMULATE = [{ Effect: 'Allow', Action: 'iam:SimulatePrincipalPolicy', Resource: '*' }]

/** What the emulator does not enforce by itself: the gate asks its IAM. It has no Service Quotas, and its batch jobs never end. */
const ELSEWHERE = ['bedrock', 'servicequotas']

export async function makeAccount(): Promise<Account> {
  // The template's queue, topic and buckets refuse what comes without TLS, the notifications of the emulator's own S3 among it.
  const ministack = await startMinistack({ AUTH: 'true', USE_SSL: '1' })
  const open = { role: '', policy: [] as Written[], owner: undefined as AwsClients | undefined }
  const standIn = await startStandIn({ answer: carefulReader(/InvokeModel/), least: 1 })
  const denied = async (wants: Wants) => {
    for (const { action, resource } of wants)
      if (!(await simulated(open.owner as AwsClients, open.role, action, resource)))
        return `User: ${open.role} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`
    return undefined
  }
  const gate = await startGate(ministack.endpoint, OWNER, {
    services: ELSEWHERE,
    endpoint: standIn.endpoint,
    denied,
  })
  Object.assign(standIn.objects, objectsAt(gate.endpoint))
  const owner = awsClients({ endpoint: gate.endpoint, region: REGION }, { attempts: 2 })
  open.owner = owner
  const place = await placeOf(owner)
  const { Role: batch } = await send(owner, 'iam', 'createRole', {
    RoleName: 'loglake-batch',
    AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [] }),
  })
  await send(owner, 's3', 'createBucket', {
    Bucket: OLD_LOGS,
    CreateBucketConfiguration: { LocationConstraint: REGION },
  })
  await send(owner, 's3', 'putBucketVersioning', {
    Bucket: OLD_LOGS,
    VersioningConfiguration: { Status: 'Enabled' },
  })
  // What the emulator does not know is left out; it is none of the worker's.
  const choices = {
    ...DEFAULTS,
    trail: false,
    guardduty: false,
    bedrock: false,
    sessions: false,
    events: false,
  }
  const old = { logBuckets: [OLD_LOGS], logKeys: [`arn:aws:kms:${REGION}:000000000000:key/${randomUUID()}`] }
  const wanted = wantedOf({ ...choices, ...old, set: { BatchRole: batch.Arn } }, place, undefined)
  const { stack } = await apply(place, { ...wanted, sessionPreferences: false }, () => undefined)
  const outputs = stack.outputs as Record<string, string>
  const role = outputs.WorkerRole as string
  open.role = role
  const RoleName = role.split('/').at(-1)
  const put = async (PolicyName: string, Statement: readonly object[]) =>
    await send(owner, 'iam', 'putRolePolicy', {
      RoleName,
      PolicyName,
      PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }),
    })
  const { PolicyDocument } = await send(owner, 'iam', 'getRolePolicy', { RoleName, PolicyName: 'worker' })
  const { Statement: policy } = JSON.parse(decodeURIComponent(PolicyDocument)) as { Statement: Written[] }
  await put('doctor', SIMULATE)
  const { Credentials } = await send(owner, 'sts', 'assumeRole', { RoleArn: role, RoleSessionName: 'worker' })
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'loglake-enforced-')))
  const identity = { endpoint: gate.endpoint, region: REGION }
  const config = join(folder, 'loglake.yaml')
  const configWithoutViews = join(folder, 'without-views.yaml')
  const model = 'anthropic.claude-3-haiku-20240307-v1:0'
  const configuration = (views: boolean) =>
    // JSON is YAML.
    JSON.stringify({
      lake: outputs.Lake,
      storage: { identity, cache: { folder: 'cache' }, kms_key: outputs.Key },
      sources: {
        objects: {
          type: 's3-queue',
          queue: outputs.Queue,
          identity,
          retry_seconds: 1,
          // What a poll was given whose process has ended comes again soon.
          visibility_seconds: 3,
          commit: { seconds: 1, objects: 4 },
        },
        groups: {
          type: 'cloudwatch-logs',
          groups: ['/aws/sagemaker/*'],
          identity,
          since: '1h',
          poll_seconds: 1,
          commit: { seconds: 1 },
        },
      },
      mirror: { database: outputs.Database, create_database: false, views, identity },
      model: { provider: 'bedrock', id: model, identity, prices: { input: 0.25, output: 1.25 } },
      analyze: {
        batch: {
          role: batch.Arn,
          place: `s3://${outputs.LakeBucket}/lake/analysis`,
          poll_seconds: 1,
          identity,
        },
      },
      doctor: { buckets: [outputs.LogBucket, OLD_LOGS] },
    })
  writeFileSync(config, configuration(true))
  writeFileSync(configWithoutViews, configuration(false))
  return {
    ...{ gate, owner, outputs, role, policy, folder, config, configWithoutViews },
    env: {
      AWS_ACCESS_KEY_ID: Credentials.AccessKeyId,
      AWS_SECRET_ACCESS_KEY: Credentials.SecretAccessKey,
      AWS_SESSION_TOKEN: Credentials.SessionToken,
      AWS_REGION: REGION,
    },
    allow: async (statements) => void (await put('worker', statements.map(understood))),
    async stop() {
      owner.close()
      await gate.stop()
      await standIn.stop()
      await ministack.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/**
 * A statement as the emulator has to be told it: it takes a batch of SQS for an action of its own, which IAM does not know; it asks
 * for GetDatabase on a table of that name; and its simulation has no context, so that no condition on it holds.
 */
function understood({ Condition: _, Action, Resource, ...statement }: Written): object {
  const batches = Action.filter((action) => /^sqs:(DeleteMessage|ChangeMessageVisibility)$/.test(action))
  const resources = [Resource].flat()
  const databases = resources.filter((one) => one.includes(':database/'))
  return {
    ...statement,
    Action: [...Action, ...batches.map((action) => `${action}Batch`)],
    Resource: [...resources, ...databases.map((one) => one.replace(':database/', ':table/'))],
  }
}

async function simulated(
  owner: AwsClients,
  role: string,
  action: string,
  resource: string,
): Promise<boolean> {
  const { EvaluationResults = [] } = await send(owner, 'iam', 'simulatePrincipalPolicy', {
    PolicySourceArn: role,
    ActionNames: [action],
    ResourceArns: [resource],
  })
  return EvaluationResults[0]?.EvalDecision === 'allowed'
}
