import type { AwsClients } from '../../src/aws/clients.ts'

const MODULES = {
  iam: ['IAM', () => import('@aws-sdk/client-iam')],
  kms: ['KMS', () => import('@aws-sdk/client-kms')],
  ssm: ['SSM', () => import('@aws-sdk/client-ssm')],
  bedrock: ['Bedrock', () => import('@aws-sdk/client-bedrock')],
  sagemaker: ['SageMaker', () => import('@aws-sdk/client-sagemaker')],
} as const

type Service = keyof typeof MODULES | 's3' | 'sqs' | 'sns' | 'sts' | 'logs' | 'firehose' | 'cloudtrail'

/** Asks an emulator anything, by the SDK's own name of it: answers are of any shape. */
export async function send(
  clients: AwsClients,
  service: Service,
  method: string,
  input: object = {},
  // biome-ignore lint/suspicious/noExplicitAny: answers are of any shape
): Promise<any> {
  // biome-ignore lint/suspicious/noExplicitAny: so are clients
  const client = (await clientOf(clients, service)) as any
  return await client[method](input)
}

async function clientOf(clients: AwsClients, service: Service): Promise<unknown> {
  if (service === 's3') return await clients.s3()
  if (service === 'sqs') return await clients.sqs()
  if (service === 'sns') return await clients.sns()
  if (service === 'sts') return await clients.sts()
  if (service === 'logs') return await clients.cloudWatchLogs()
  if (service === 'firehose') return await clients.firehose()
  if (service === 'cloudtrail') return await clients.cloudTrail()
  const [name, load] = MODULES[service]
  return await clients.of(`asked-${service}`, undefined, async (settings) => {
    const Client = ((await load()) as unknown as Record<string, new (settings: object) => never>)[name]
    if (!Client) throw new Error(`no client ${name}`)
    return new Client(settings)
  })
}
