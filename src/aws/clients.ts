import type { CloudTrail } from '@aws-sdk/client-cloudtrail'
import type { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs'
import type { EventBridge } from '@aws-sdk/client-eventbridge'
import type { Firehose } from '@aws-sdk/client-firehose'
import type { S3, S3ClientConfig } from '@aws-sdk/client-s3'
import type { SNS } from '@aws-sdk/client-sns'
import type { SQS } from '@aws-sdk/client-sqs'
import type { STS } from '@aws-sdk/client-sts'
import { connections, type Limits } from './connections.ts'
import { type CredentialsProvider, credentialsOf } from './credentials.ts'
import { troubleOf } from './errors.ts'
import { type Identity, regionOf, stsOf } from './identity.ts'
import { retriesOf } from './retries.ts'

export type { CloudTrail, CloudWatchLogs, EventBridge, Firehose, S3, SNS, SQS, STS }

/**
 * Clients of one identity: created on first use and then shared, one for each Region. The SDK is loaded only
 * then: `loglake --help` does not need it.
 */
export interface AwsClients {
  identity: Identity
  s3(region?: string): Promise<S3>
  /** The client for a bucket's Region, which is looked up once. */
  s3For(bucket: string): Promise<S3>
  sqs(region?: string): Promise<SQS>
  sts(region?: string): Promise<STS>
  cloudTrail(region?: string): Promise<CloudTrail>
  cloudWatchLogs(region?: string): Promise<CloudWatchLogs>
  sns(region?: string): Promise<SNS>
  eventBridge(region?: string): Promise<EventBridge>
  firehose(region?: string): Promise<Firehose>
  /**
   * The client of a service that has its own file in this folder (`kms.ts`, `iam.ts`): created once for each
   * Region.
   *
   * @param service the service's name in signatures
   */
  of<Client extends SdkClient>(
    service: string,
    region: string | undefined,
    make: (settings: SdkSettings) => Promise<Client>,
  ): Promise<Client>
  /** Closes all connections. */
  close(): void
}

/**
 * 8 attempts, with pauses that double up to 20 seconds, each times a random factor: from a twentieth of a
 * second, and from a second after too many requests.
 */
const ATTEMPTS = 8
/** 3 sessions in a row that are refused: then their age is not the reason. */
const RENEWALS = 3

/** Limits on retries; a person at a terminal waits less long than a run of days. */
export interface Patience extends Limits {
  attempts?: number
}

export type SdkSettings = ReturnType<typeof settingsOf>

function settingsOf(
  identity: Identity,
  credentials: CredentialsProvider,
  { attempts = ATTEMPTS, ...limits }: Patience,
  region = regionOf(identity),
) {
  const { profile, endpoint } = identity
  return {
    ...(region === undefined ? {} : { region }),
    ...(profile === undefined ? {} : { profile }),
    ...(endpoint === undefined ? {} : { endpoint }),
    credentials,
    // CloudTrail shows it in `userAgent` as `app/loglake`, which distinguishes our own calls from others.
    userAgentAppId: 'loglake',
    maxAttempts: attempts,
    retryStrategy: retriesOf(attempts),
    requestHandler: connections(limits),
  }
}

export function awsClients(identity: Identity = {}, patience: Patience = {}): AwsClients {
  // The version of the SDK is pinned, and a warning at every start would not help users.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'
  const credentials = credentialsOf(identity)
  const { endpoint } = identity
  const made = new Map<string, Promise<SdkClient>>()
  const buckets = new Map<string, Promise<S3>>()

  const settings = (region?: string) => settingsOf(identity, credentials, patience, region)

  function once<Client extends SdkClient>(
    service: string,
    region: string | undefined,
    make: () => Promise<Client>,
  ): Promise<Client> {
    const name = `${service} ${region ?? ''}`
    const client =
      (made.get(name) as Promise<Client> | undefined) ??
      make().then((opened) => renewing(opened, credentials))
    made.set(name, client)
    return client
  }

  const clients: AwsClients = {
    identity,
    s3: (region) =>
      once('s3', region, async () => {
        const { S3 } = await import('@aws-sdk/client-s3')
        return new S3({ ...settings(region), ...bucketSettings(identity) })
      }),
    s3For(bucket) {
      const known = buckets.get(bucket) ?? findRegion(clients, bucket)
      buckets.set(bucket, known)
      known.catch(() => buckets.delete(bucket))
      return known
    },
    sqs: (region) =>
      once('sqs', region, async () => {
        const { SQS } = await import('@aws-sdk/client-sqs')
        // A queue's URL names AWS even when an emulator serves it.
        return new SQS({
          ...settings(region),
          // It warns on stderr about every queue whose URL is not the standard one.
          logger: SILENT,
          useQueueUrlAsEndpoint: (endpoint ?? sqsEndpoint()) === undefined,
        })
      }),
    sts: (region) =>
      once('sts', region, async () => {
        const { STS } = await import('@aws-sdk/client-sts')
        const at = stsOf({ ...identity, ...(region === undefined ? {} : { region }) })
        return new STS({ ...settings(region), ...at })
      }),
    cloudTrail: (region) =>
      once('cloudtrail', region, async () => {
        const { CloudTrail } = await import('@aws-sdk/client-cloudtrail')
        return new CloudTrail(settings(region))
      }),
    cloudWatchLogs: (region) =>
      once('logs', region, async () => {
        const { CloudWatchLogs } = await import('@aws-sdk/client-cloudwatch-logs')
        return new CloudWatchLogs(settings(region))
      }),
    sns: (region) =>
      once('sns', region, async () => {
        const { SNS } = await import('@aws-sdk/client-sns')
        return new SNS(settings(region))
      }),
    eventBridge: (region) =>
      once('events', region, async () => {
        const { EventBridge } = await import('@aws-sdk/client-eventbridge')
        return new EventBridge(settings(region))
      }),
    firehose: (region) =>
      once('firehose', region, async () => {
        const { Firehose } = await import('@aws-sdk/client-firehose')
        return new Firehose(settings(region))
      }),
    of: (service, region, make) => once(service, region, () => make(settings(region))),
    close() {
      for (const client of made.values())
        client.then(
          (opened) => opened.destroy(),
          () => undefined,
        )
    },
  }
  return clients
}

const nothing = () => undefined
const SILENT = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing }

/** Any client of the SDK. */
export interface SdkClient {
  destroy(): void
  middlewareStack: { add(middleware: never, options: { step: 'initialize'; name: string }): void }
}

/**
 * Credentials may end early, or be replaced at their source: a request that is refused for this reason is
 * repeated with new ones, if there are any.
 */
function renewing<Client extends SdkClient>(client: Client, credentials: CredentialsProvider): Client {
  const again =
    <Args, Result>(send: (args: Args) => Promise<Result>) =>
    async (args: Args): Promise<Result> => {
      for (let attempt = 1; ; attempt++) {
        const used = await credentials().catch(() => undefined)
        try {
          return await send(args)
        } catch (thrown) {
          const refused = ['expired', 'unsaid', 'unknown key'].includes(troubleOf(thrown))
          if (!used || !refused || attempt === RENEWALS) throw thrown
          if (!(await credentials.renew(used).catch(() => false))) throw thrown
        }
      }
    }
  client.middlewareStack.add(again as never, { step: 'initialize', name: 'renewCredentials' })
  return client
}

/** The endpoint in the environment: like the AWS CLI and boto3, it takes precedence over the queue's URL. */
function sqsEndpoint(): string | undefined {
  const { AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_SQS, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS } = process.env
  return AWS_IGNORE_CONFIGURED_ENDPOINT_URLS === 'true'
    ? undefined
    : AWS_ENDPOINT_URL_SQS || AWS_ENDPOINT_URL || undefined
}

/** A bucket is in the Region of the setting, or in another: then S3 names it, and the request goes there. */
function bucketSettings({ endpoint, path_style }: Identity): S3ClientConfig {
  const { AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_S3 = AWS_ENDPOINT_URL } = process.env
  return {
    followRegionRedirects: true,
    forcePathStyle: path_style ?? (endpoint ?? AWS_ENDPOINT_URL_S3) !== undefined,
    // Other stores than AWS often support no checksums but MD5, which we send ourselves where it matters.
    requestChecksumCalculation: endpoint === undefined ? 'WHEN_SUPPORTED' : 'WHEN_REQUIRED',
    responseChecksumValidation: endpoint === undefined ? 'WHEN_SUPPORTED' : 'WHEN_REQUIRED',
  }
}

/**
 * Every answer to HEAD on a bucket names its Region, even a refusal; without it, each request would be sent
 * twice.
 */
async function findRegion(clients: AwsClients, bucket: string): Promise<S3> {
  const client = await clients.s3()
  if (clients.identity.endpoint !== undefined) return client
  const region = await client.headBucket({ Bucket: bucket }).then(
    ({ BucketRegion }) => BucketRegion,
    (thrown) => thrown?.$response?.headers?.['x-amz-bucket-region'] as string | undefined,
  )
  return region === undefined ? client : await clients.s3(region)
}
