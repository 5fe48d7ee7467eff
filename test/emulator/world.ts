import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Totals } from '../../src/ingest/totals.ts'
import type { Truth } from '../faults/objects.ts'
import { bareClient } from './bare.ts'
import { boto, bytes, type Call } from './boto.ts'
import type { Moto } from './moto.ts'
import type { Told } from './notices.ts'

const root = realpathSync(mkdtempSync(join(tmpdir(), 'loglake-emulator-')))
process.on('exit', () => rmSync(root, { recursive: true, force: true }))

/** A fresh folder of this test run's own. */
export function freshFolder(name: string): string {
  return mkdtempSync(join(root, `${name}-`))
}

/** The key of a file of `makeObjects`: from AWSLogs on. */
export function keyOf(file: string): string {
  return file.slice(file.indexOf('AWSLogs/'))
}

/** What the lake must say of files once they have come through a bucket. */
export function inBucket(truth: Truth, bucket: string): Truth {
  return { ...truth, files: truth.files.map((file) => `s3://${bucket}/${keyOf(file)}`) }
}

export function puts(bucket: string, files: readonly string[]): Call[] {
  return files.map((file) => [
    's3',
    'put_object',
    { Bucket: bucket, Key: keyOf(file), Body: bytes(readFileSync(file)) },
  ])
}

/** Puts files into a bucket, and says what a notice of each would. */
export async function putObjects(moto: Moto, bucket: string, files: readonly string[]): Promise<Told[]> {
  const answers = await boto(moto, puts(bucket, files))
  return files.map((file, at) => ({
    bucket,
    key: keyOf(file),
    size: readFileSync(file).length,
    etag: String(answers[at].ETag).replaceAll('"', ''),
  }))
}

/** A bucket and a queue that know nothing of each other. */
export async function silentBucket(
  moto: Moto,
  bucket: string,
  attributes: Record<string, string> = {},
  name = `${bucket}-queue`,
): Promise<string> {
  const [{ QueueUrl: queue }] = await boto(moto, [
    ['sqs', 'create_queue', { QueueName: name, Attributes: attributes }],
    ['s3', 'create_bucket', { Bucket: bucket, ...IN_REGION }],
  ])
  return queue
}

/** A bucket that tells a queue of what comes into it. */
export async function announcedBucket(
  moto: Moto,
  bucket: string,
  attributes: Record<string, string> = {},
  name?: string,
): Promise<{ queue: string; queueArn: string }> {
  const queue = await silentBucket(moto, bucket, attributes, name)
  const queueArn = await arnOf(moto, queue)
  await boto(moto, [
    [
      's3',
      'put_bucket_notification_configuration',
      {
        Bucket: bucket,
        NotificationConfiguration: {
          QueueConfigurations: [{ QueueArn: queueArn, Events: ['s3:ObjectCreated:*'] }],
        },
      },
    ],
  ])
  return { queue, queueArn }
}

export async function arnOf(moto: Moto, queue: string): Promise<string> {
  const [{ Attributes }] = await boto(moto, [
    ['sqs', 'get_queue_attributes', { QueueUrl: queue, AttributeNames: ['QueueArn'] }],
  ])
  return Attributes.QueueArn
}

export const IN_REGION = { CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' } }

/** moto as a role sees it: with its credentials in the environment, in its account. */
export async function asRole(moto: Moto, role: string, region: string): Promise<Moto> {
  const [{ Credentials }] = await boto(moto, [
    ['sts', 'assume_role', { RoleArn: role, RoleSessionName: 'test' }],
  ])
  const env = {
    ...moto.env,
    AWS_ACCESS_KEY_ID: Credentials.AccessKeyId,
    AWS_SECRET_ACCESS_KEY: Credentials.SecretAccessKey,
    AWS_SESSION_TOKEN: Credentials.SessionToken,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
  }
  return { ...moto, env }
}

/** Messages in a queue: to be had, and received by somebody. */
export async function inQueue(moto: Moto, queue: string): Promise<[visible: number, hidden: number]> {
  const bare = bareClient(moto.endpoint)
  const { Attributes } = await bare.sqs('GetQueueAttributes', { QueueUrl: queue, AttributeNames: ['All'] })
  bare.close()
  return [
    Number(Attributes.ApproximateNumberOfMessages),
    Number(Attributes.ApproximateNumberOfMessagesNotVisible),
  ]
}

export interface Ended {
  totals?: Totals
  error?: string
  signal: NodeJS.Signals | null
  output: string
}

export interface Worker {
  child: ChildProcess
  ready: Promise<void>
  ended: Promise<Ended>
  /** Objects committed so far. */
  progress(): { objects: number; records: number }
  /** Asks it to end, and waits for that. */
  stop(): Promise<Ended>
}

const WORKER = new URL('./worker.js', import.meta.url).pathname
const LONGEST_MS = 240_000

/** Starts a process that ingests from a queue. */
export function startWorker(
  moto: Moto,
  work: { lake: string; storage?: object; settings: object; options?: object; name?: string },
  env: Record<string, string> = {},
): Worker {
  const settings = { identity: moto.identity, commit: {}, ...work.settings }
  const child = spawn(process.execPath, [WORKER, JSON.stringify({ ...work, settings })], {
    env: { ...process.env, ...moto.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  let said = ''
  let last = { objects: 0, records: 0 }
  let begin: () => void = () => undefined
  const ready = new Promise<void>((resolve) => {
    begin = resolve
  })
  const told: Partial<Ended> = {}
  child.stdout?.on('data', (chunk: Buffer) => {
    said += chunk.toString()
    const lines = said.split('\n')
    said = lines.pop() ?? ''
    for (const line of lines) {
      const { ready: isReady, progress, ...rest } = JSON.parse(line)
      if (isReady) begin()
      if (progress) last = progress
      Object.assign(told, rest)
    }
  })
  child.stderr?.on('data', (chunk: Buffer) => {
    output += chunk.toString()
  })
  const ended = new Promise<Ended>((resolve, reject) => {
    const late = setTimeout(() => {
      child.kill('SIGKILL')
      reject(new Error(`a worker hangs: ${output}`))
    }, LONGEST_MS)
    child.on('error', reject)
    child.on('close', (_, signal) => {
      clearTimeout(late)
      begin()
      resolve({ ...told, signal, output })
    })
  })
  ended.catch(() => undefined)
  return {
    child,
    ready,
    ended,
    progress: () => last,
    async stop() {
      child.kill('SIGTERM')
      return await ended
    },
  }
}

/** Waits until something holds; the test's own time limit ends it. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await wait(100)
}

/** Times in a row that a queue has to be empty: a message that comes back between the two counts is in neither. */
const EMPTY_LOOKS = 3

/** Waits until a queue is empty: nothing to be had, nothing received. */
export async function empty(moto: Moto, queue: string): Promise<void> {
  let looks = 0
  await until(async () => {
    const [visible, hidden] = await inQueue(moto, queue)
    looks = visible + hidden === 0 ? looks + 1 : 0
    return looks === EMPTY_LOOKS
  })
}
