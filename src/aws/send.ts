import type { AwsClients, SdkSettings } from './clients.ts'

/** A request to AWS as a value: it can be shown as a command of the AWS CLI, and sent. */
export interface AwsCall {
  service: ServiceName
  /** As the API names it: `SetQueueAttributes`. */
  action: string
  region?: string | undefined
  input: Readonly<Record<string, unknown>>
}

/** Listed, and not taken from the list below: a declaration of that would name every type of every client. */
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

type SdkModule = Record<string, unknown>

/** Services by the names that IAM has for them, with the class that their module exports. */
const SERVICES: Record<ServiceName, readonly [string, () => Promise<object>]> = {
  s3: ['S3', () => import('@aws-sdk/client-s3')],
  sqs: ['SQS', () => import('@aws-sdk/client-sqs')],
  sns: ['SNS', () => import('@aws-sdk/client-sns')],
  kms: ['KMS', () => import('@aws-sdk/client-kms')],
  iam: ['IAM', () => import('@aws-sdk/client-iam')],
  ssm: ['SSM', () => import('@aws-sdk/client-ssm')],
  logs: ['CloudWatchLogs', () => import('@aws-sdk/client-cloudwatch-logs')],
  glue: ['Glue', () => import('@aws-sdk/client-glue')],
  events: ['EventBridge', () => import('@aws-sdk/client-eventbridge')],
  bedrock: ['Bedrock', () => import('@aws-sdk/client-bedrock')],
  firehose: ['Firehose', () => import('@aws-sdk/client-firehose')],
  guardduty: ['GuardDuty', () => import('@aws-sdk/client-guardduty')],
  sagemaker: ['SageMaker', () => import('@aws-sdk/client-sagemaker')],
  cloudtrail: ['CloudTrail', () => import('@aws-sdk/client-cloudtrail')],
  lakeformation: ['LakeFormation', () => import('@aws-sdk/client-lakeformation')],
}

/** Sends a call. Throws what the SDK throws. */
export async function send(
  clients: AwsClients,
  { service, action, region, input }: AwsCall,
): Promise<unknown> {
  const client = await clientFor(clients, service, region)
  const method = client[`${action.charAt(0).toLowerCase()}${action.slice(1)}`] as
    | ((input: object) => Promise<unknown>)
    | undefined
  if (typeof method !== 'function') throw new Error(`${service} has no operation ${action}`)
  return await method.call(client, input)
}

type AnyClient = Record<string, unknown>

async function clientFor(clients: AwsClients, service: ServiceName, region?: string): Promise<AnyClient> {
  // These two know more of where they go than others.
  if (service === 's3') return (await clients.s3(region)) as unknown as AnyClient
  if (service === 'sqs') return (await clients.sqs(region)) as unknown as AnyClient
  const [name, load] = SERVICES[service]
  const client = await clients.of(`any-${service}`, region, async (settings) => {
    const module = (await load()) as SdkModule
    const Client = module[name] as new (settings: SdkSettings) => never
    return new Client(settings)
  })
  return client as unknown as AnyClient
}
