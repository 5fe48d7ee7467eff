import { bedrockOf } from './bedrock.ts'
import type { AwsClients } from './clients.ts'
import { glueOf } from './glue.ts'
import { guarddutyOf } from './guardduty.ts'
import { iamOf } from './iam.ts'
import { kmsOf } from './kms.ts'
import { lakeFormationOf } from './lake-formation.ts'
import { sagemakerOf } from './sagemaker.ts'
import { ssmOf } from './ssm.ts'

/** A request to AWS as a value, which can be shown as a command of the AWS CLI, and sent. */
export interface AwsCall {
  service: ServiceName
  /** As the API names it: `SetQueueAttributes`. */
  action: string
  region?: string | undefined
  input: Readonly<Record<string, unknown>>
}

/**
 * Written out instead of derived from the list below: a declaration of that would name every type of every
 * client.
 */
export type ServiceName =
  | 's3'
  | 'sqs'
  | 'sns'
  | 'kms'
  | 'iam'
  | 'ssm'
  | 'logs'
  | 'glue'
  | 'events'
  | 'bedrock'
  | 'firehose'
  | 'guardduty'
  | 'sagemaker'
  | 'cloudtrail'
  | 'lakeformation'

type Of = (clients: AwsClients, region: string | undefined) => Promise<unknown>

/** The one client of each service, shared with code that uses the service's own types. */
const CLIENTS: Readonly<Record<ServiceName, Of>> = {
  s3: (clients, region) => clients.s3(region),
  sqs: (clients, region) => clients.sqs(region),
  sns: (clients, region) => clients.sns(region),
  kms: kmsOf,
  iam: iamOf,
  ssm: ssmOf,
  logs: (clients, region) => clients.cloudWatchLogs(region),
  glue: glueOf,
  events: (clients, region) => clients.eventBridge(region),
  bedrock: bedrockOf,
  firehose: (clients, region) => clients.firehose(region),
  guardduty: guarddutyOf,
  sagemaker: sagemakerOf,
  cloudtrail: (clients, region) => clients.cloudTrail(region),
  lakeformation: lakeFormationOf,
}

/** Sends a call. Throws the SDK's errors. */
export async function send(
  clients: AwsClients,
  { service, action, region, input }: AwsCall,
): Promise<unknown> {
  const client = (await CLIENTS[service](clients, region)) as Record<string, unknown>
  const method = client[`${action.charAt(0).toLowerCase()}${action.slice(1)}`] as
    | ((input: object) => Promise<unknown>)
    | undefined
  if (typeof method !== 'function') throw new Error(`${service} has no operation ${action}`)
  return await method.call(client, input)
}
