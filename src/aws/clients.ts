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

export type { CloudTrail, CloudWatchLogs, EventBridge, Firehose, S3, SNS, SQS, STS }

/**
 * Clients of one identity: made when they are first asked for, shared from then on, one for each Region. The SDK is
 * loaded then, and not before: `loglake --help` has no use for it.
 */
export interface AwsClients {
  identity: Identity
  s3(region?: string): Promise<S3>
  /** The client for the Region that a bucket lies in, which is asked for once. */
  s3For(bucket: string): Promise<S3>
  sqs(region?: string): Promise<SQS>
  sts(region?: string): Promise<STS>
  cloudTrail(region?: string): Promise<CloudTrail>
  cloudWatchLogs(region?: string): Promise<CloudWatchLogs>
  sns(region?: string): Promise<SNS>
  eventBridge(region?: string): Promise<EventBridge>
  firehose(region?: string): Promise<Firehose>
  /**
   * The client of a service that has a file of its own in this folder (`kms.ts`, `iam.ts`): made once for each Region.
   *
   * @param service what its signatures call it
   */
  of<Client extends SdkClient>(
    service: string,
    region: string | undefined,
    make: (settings: SdkSettings) => Promise<Client>,
  ): Promise<Client>
  /** Closes every connection. */
  close(): void
}

/** With pauses that double from a tenth of a second to 20 seconds, each times a random part. */
const ATTEMPTS = 8
/** With so many sessions one after the other, each of them refused: then it is not their age. */
const RENEWALS = 3

/** How long something is tried; whoever waits at a terminal for an answer has less than a run of days. */
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
    // CloudTrail has it in `userAgent`, as `app/loglake`: by it, our own calls are told from others.
    userAgentAppId: 'loglake',
    maxAttempts: attempts,
    requestHandler: connections(limits),
  }
}

export function awsClients(identity: Identity = {}, patience: Patience = {}): AwsClients {
  // Its version is pinned, and a warning at every start helps nobody who runs it.
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
        // A queue's URL names AWS also where an emulator holds it.
        return new SQS({
          ...settings(region),
          // It warns on stderr of every queue whose URL is not the plain one.
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
 * Credentials may end before they said, or be replaced where they come from: a request that is refused for that is made again with
 * new ones, if there are any.
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

/** The endpoint that the environment names: the AWS CLI and boto3 go there whatever a queue's URL says, and so do we. */
function sqsEndpoint(): string | undefined {
  const { AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_SQS, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS } = process.env
  return AWS_IGNORE_CONFIGURED_ENDPOINT_URLS === 'true'
    ? undefined
    : AWS_ENDPOINT_URL_SQS || AWS_ENDPOINT_URL || undefined
}

/** A bucket is in the Region that the setting names, or in another: then S3 says in which, and the request goes there. */
function bucketSettings({ endpoint, path_style }: Identity): S3ClientConfig {
  const { AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_S3 = AWS_ENDPOINT_URL } = process.env
  return {
    followRegionRedirects: true,
    forcePathStyle: path_style ?? (endpoint ?? AWS_ENDPOINT_URL_S3) !== undefined,
    // Stores that are not AWS's own often know no checksums but MD5, which we send ourselves where it counts.
    requestChecksumCalculation: endpoint === undefined ? 'WHEN_SUPPORTED' : 'WHEN_REQUIRED',
    responseChecksumValidation: endpoint === undefined ? 'WHEN_SUPPORTED' : 'WHEN_REQUIRED',
  }
}

/** Every answer to HEAD on a bucket names its Region, a refusal too: without that, each request would go twice. */
async function findRegion(clients: AwsClients, bucket: string): Promise<S3> {
  const client = await clients.s3()
  if (clients.identity.endpoint !== undefined) return client
  const region = await client.headBucket({ Bucket: bucket }).then(
    ({ BucketRegion }) => BucketRegion,
    (thrown) => thrown?.$response?.headers?.['x-amz-bucket-region'] as string | undefined,
  )
  return region === undefined ? client : await clients.s3(region)
}
