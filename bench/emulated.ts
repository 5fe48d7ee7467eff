import { readFileSync } from 'node:fs'
import { S3 } from '@aws-sdk/client-s3'
import { SQS } from '@aws-sdk/client-sqs'
import { type Bare, bareClient } from '../test/emulator/bare.ts'
import { type Moto, startMoto } from '../test/emulator/moto.ts'

/** A bucket and a queue in an emulator of their own; the bucket tells the queue of what is put into it. */
export interface Emulated {
  moto: Moto
  queue: string
  /** Puts a file into the bucket, and so announces it. */
  announce(path: string): Promise<void>
  /** Puts all of them, many at once. */
  announceAll(paths: readonly string[]): Promise<void>
  stop(): Promise<void>
}

const BUCKET = 'example-logs'
const AT_ONCE = 8

/** The name in the bucket of a file of the corpus: its key, from AWSLogs on. */
export function uriOf(path: string): string {
  return `s3://${BUCKET}/${keyOf(path)}`
}

export async function emulated(): Promise<Emulated> {
  const moto = await startMoto({ program: 'bench/long_queue.py' })
  try {
    return { moto, queue: await announcing(moto), ...announcer(bareClient(moto.endpoint)), stop: moto.stop }
  } catch (thrown) {
    await moto.stop()
    throw thrown
  }
}

/** The URL of a queue that is told what comes into the bucket. */
async function announcing({ identity: { endpoint, region } }: Moto): Promise<string> {
  // Its version is pinned: its warning at every start says nothing.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'
  const settings = { endpoint: endpoint as string, region: region as string }
  const sqs = new SQS(settings)
  const s3 = new S3({ ...settings, forcePathStyle: true })
  const { QueueUrl: queue } = await sqs.createQueue({ QueueName: 'logs' })
  const { Attributes } = await sqs.getQueueAttributes({ QueueUrl: queue, AttributeNames: ['QueueArn'] })
  await s3.createBucket({ Bucket: BUCKET, CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' } })
  await s3.putBucketNotificationConfiguration({
    Bucket: BUCKET,
    NotificationConfiguration: {
      QueueConfigurations: [{ QueueArn: Attributes?.QueueArn, Events: ['s3:ObjectCreated:*'] }],
    },
  })
  sqs.destroy()
  s3.destroy()
  return queue as string
}

function announcer(bare: Bare): Pick<Emulated, 'announce' | 'announceAll'> {
  const announce = (path: string) => bare.put(BUCKET, keyOf(path), readFileSync(path))
  return {
    announce,
    async announceAll(paths) {
      const left = [...paths].reverse()
      const work = async () => {
        for (let path = left.pop(); path !== undefined; path = left.pop()) await announce(path)
      }
      await Promise.all(Array.from({ length: AT_ONCE }, work))
    },
  }
}

function keyOf(path: string): string {
  return path.slice(path.indexOf('AWSLogs/'))
}
