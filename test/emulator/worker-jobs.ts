import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { glueOf } from '../../src/aws/glue.ts'
import { loglake, PROGRAM } from '../e2e/program.ts'
import { eventOf } from '../faults/objects.ts'
import { send } from './ask-aws.ts'
import { type Account, OLD_LOGS, REGION } from './enforced.ts'
import type { Sent } from './gate.ts'

/** What came of a job: whether it was done, and all that it said. */
export interface Done {
  ok: boolean
  said: string
}

/** One thing that a worker does in an account; whatever it needs is put there before, by the owner. */
export type Job = (account: Account) => Promise<Done>

const GROUP = '/aws/sagemaker/Endpoints/llm-chat'
let turn = 0

/** With a tenth of a second between them. */
const MAX_WAITS = 600

/** Words in which a denial is told, whoever tells it. */
const DENIED = /AccessDenied|not authorized|denied|does not allow/i

function objectOf(Bucket: string, name: string) {
  turn++
  const records = Array.from({ length: 5 }, (_, at) => eventOf(randomUUID(), turn * 10 + at))
  const Key = `AWSLogs/111122223333/CloudTrail/eu-central-1/2026/01/07/${name}-${turn}.json.gz`
  return { Bucket, Key, Body: gzipSync(JSON.stringify({ Records: records })) }
}

/** `loglake run` until all is done that it waits for, or it says that something is denied. */
async function running(account: Account, source: string, isDone: () => Promise<boolean>): Promise<Done> {
  const child = spawn(process.execPath, [PROGRAM, 'run', source, '--config', account.config, '--port', '0'], {
    cwd: account.folder,
    env: { ...process.env, ...account.env },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  let over = false
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  const ended = new Promise<number | null>((gone) =>
    child.on('close', (code) => {
      over = true
      gone(code)
    }),
  )
  let waits = MAX_WAITS
  while (!over && !DENIED.test(said) && !(await isDone()) && waits-- > 0)
    await new Promise((soon) => setTimeout(soon, 100))
  child.kill('SIGTERM')
  const code = await ended
  return { ok: code === 0 && waits > 0 && !DENIED.test(said), said }
}

async function program(account: Account, args: readonly string[]): Promise<Done> {
  const { code, out, err } = await loglake([...args, '--config', account.config], {
    cwd: account.folder,
    env: account.env,
  })
  const said = out + err
  return { ok: code === 0 && !DENIED.test(said), said }
}

/** One object that is there and one that is gone: the first is deleted from the queue, the second hidden for a while. */
const runQueueOf =
  (bucketOf: (account: Account) => string): Job =>
  async (account) => {
    const { owner, gate } = account
    const [sound, gone] = ['sound', 'gone'].map((name) => objectOf(bucketOf(account), name))
    const { VersionId } = await send(owner, 's3', 'putObject', gone)
    await send(owner, 's3', 'deleteObject', { Bucket: gone?.Bucket, Key: gone?.Key, VersionId })
    const from = gate.sent.length
    await send(owner, 's3', 'putObject', sound)
    return await running(account, 'objects', async () => {
      const sent = gate.sent.slice(from)
      const first = (found: (one: Sent) => boolean) => sent.findIndex(found)
      const staged = first(({ line }) => /^PUT .*\/tables\/cloudtrail\/data\/.*\.parquet/.test(line))
      const settled = ['sqs:DeleteMessage', 'sqs:ChangeMessageVisibility'].map((action) =>
        sent.findLastIndex((one) => one.action === action),
      )
      const polled = sent.findLastIndex(({ action }) => action === 'sqs:ReceiveMessage')
      // A poll after both: it would say that one of them was denied.
      return (
        staged >= 0 && Number(settled[0]) > staged && Number(settled[1]) >= 0 && polled > Math.max(...settled)
      )
    })
  }

const logBucket = ({ outputs }: Account) => String(outputs.LogBucket)
const oldLogs = () => OLD_LOGS
const runQueue = runQueueOf(logBucket)
const runOldQueue = runQueueOf(oldLogs)

const runGroups: Job = async (account) => {
  const { owner } = account
  const logStreamName = 'AllTraffic/i-1'
  await send(owner, 'logs', 'createLogGroup', { logGroupName: GROUP }).catch(() => undefined)
  await send(owner, 'logs', 'createLogStream', { logGroupName: GROUP, logStreamName }).catch(() => undefined)
  const logEvents = [{ timestamp: Date.now() - 1000, message: `line ${++turn}` }]
  await send(owner, 'logs', 'putLogEvents', { logGroupName: GROUP, logStreamName, logEvents })
  const from = account.gate.sent.length
  return await running(account, 'groups', async () => {
    const lines = account.gate.sent.slice(from)
    return (
      lines.some(({ action }) => action === 'logs:FilterLogEvents') &&
      lines.some(({ line }) => /^PUT .*\/catalog\/v\d+\.json/.test(line))
    )
  })
}

/** A listing of a bucket, as somebody brings in what lay there before. */
const ingestFrom =
  (bucketOf: (account: Account) => string): Job =>
  async (account) => {
    const Bucket = bucketOf(account)
    await send(account.owner, 's3', 'putObject', objectOf(Bucket, 'one'))
    const at = ['--endpoint', account.gate.endpoint, '--region', REGION]
    return await program(account, ['ingest', `s3://${Bucket}/AWSLogs/`, ...at])
  }

const ingest = ingestFrom(logBucket)
const ingestOld = ingestFrom(oldLogs)

/** What waits in the queue. */
const status: Job = (account) => program(account, ['status'])

const compact: Job = (account) => program(account, ['compact'])

/** An upload that a writer of the lake has left, and versions that nobody needs. */
const vacuum: Job = async (account) => {
  const { owner, outputs } = account
  const Key = `lake/tables/cloudtrail/data/lake_day=2026-01-07/${randomUUID()}.parquet`
  await send(owner, 's3', 'createMultipartUpload', { Bucket: outputs.LakeBucket, Key })
  await send(owner, 's3', 'putObject', { Bucket: outputs.LakeBucket, Key, Body: 'left' })
  // An S3 tells its time and that of uploads in whole seconds: what is of this one is not yet old.
  await wait(1500)
  return await program(account, ['vacuum', '--keep', '0', '--grace', '0'])
}

const OLD = 's3://example/old.metadata.json'

/**
 * One table is new to Glue, the others have to be moved on; and while the first is, somebody else writes it, so that it is read
 * again.
 */
const mirror: Job = async (account) => {
  const { owner, outputs, gate } = account
  const DatabaseName = String(outputs.Database)
  const glue = await glueOf(owner)
  await glue.deleteTable({ DatabaseName, Name: 'cloudtrail' }).catch(() => undefined)
  const there = async () => (await glue.getTables({ DatabaseName })).TableList ?? []
  if ((await there()).length < 2) await program(account, ['mirror'])
  // As if the lake had gone on since.
  for (const { Name, TableType, Parameters, StorageDescriptor } of await there())
    if (Name === 'ledger' && Parameters)
      await glue.updateTable({
        DatabaseName,
        TableInput: {
          ...{ Name, TableType, StorageDescriptor },
          Parameters: { ...Parameters, metadata_location: OLD, loglake_written: OLD, loglake_number: '0' },
        },
      })
  const race = async () => {
    const { Table } = await glue.getTable({ DatabaseName, Name: 'ledger' })
    const { Name, TableType, Parameters, StorageDescriptor } = Table ?? {}
    await glue.updateTable({ DatabaseName, TableInput: { Name, TableType, Parameters, StorageDescriptor } })
  }
  let raced: Promise<void> | undefined
  gate.before = async ({ action }) => {
    if (action !== 'glue:UpdateTable') return
    raced ??= race()
    await raced
  }
  try {
    return await program(account, ['mirror'])
  } finally {
    gate.before = async () => undefined
  }
}

/** Views that are wanted no more are taken out of Glue. */
const mirrorWithoutViews: Job = (account) =>
  program({ ...account, config: account.configWithoutViews }, ['mirror'])

const DAY = ['--since', '2026-01-07', '--until', '2026-01-08']

const analyzeInBatches: Job = (account) => program(account, ['analyze', ...DAY])
const analyzeAtOnce: Job = (account) => program(account, ['analyze', ...DAY, '--on-demand'])

/** In an order in which each finds what it needs. */
export const jobs = {
  runQueue,
  runOldQueue,
  runGroups,
  ingest,
  ingestOld,
  status,
  compact,
  vacuum,
  mirror,
  mirrorWithoutViews,
  analyzeInBatches,
  analyzeAtOnce,
} as const

export type JobName = keyof typeof jobs
