/**
 * Batch inference on Bedrock: records in JSONL on S3, and a job that answers them at half the price within
 * days. Sources of the formats: docs.aws.amazon.com/bedrock/latest/userguide/batch-inference-data.html and
 * -results.html, and CreateModelInvocationJob, GetModelInvocationJob, ListModelInvocationJobs of the Bedrock
 * API.
 */
import { type Bedrock, bedrockOf } from '../aws/bedrock.ts'
import { awsClients, type S3 } from '../aws/clients.ts'
import { wayOutOfDenial } from '../aws/denial.ts'
import { awsError, saidBy, troubleOf } from '../aws/errors.ts'
import type { Identity } from '../aws/identity.ts'
import { regionOf } from '../aws/identity.ts'
import { readObject } from '../aws/object.ts'
import { bedrockQuotas, quotasOf } from '../aws/quotas.ts'
import { UserError } from '../lib/errors.ts'
import { type BatchBody, type BatchRecord, bodyOf } from './batch-body.ts'
import { type BatchLimits, batchLimitsIn, FALLBACK_LIMITS } from './batch-limits.ts'
import { type BatchResults, resultsIn } from './batch-results.ts'
import { roleError, wayOutOfRole } from './batch-role.ts'

/** Bedrock's names. The last five are final. */
export type JobState =
  | 'Submitted'
  | 'Validating'
  | 'Scheduled'
  | 'InProgress'
  | 'Stopping'
  | 'Completed'
  | 'PartiallyCompleted'
  | 'Failed'
  | 'Stopped'
  | 'Expired'

const ENDS: readonly string[] = ['Completed', 'PartiallyCompleted', 'Failed', 'Stopped', 'Expired']

export function hasEnded(state: JobState): boolean {
  return ENDS.includes(state)
}

export interface BatchJob {
  arn: string
  name: string
  state: JobState
  /** Bedrock's message, such as the reason of a failure. */
  message: string
  records: { total: number; processed: number; success: number; error: number }
}

export interface BatchSettings {
  /** Id of a model or of an inference profile, or an ARN. */
  model: string
  /** The service role with which Bedrock reads and writes the bucket. */
  role: string
  /** `s3://bucket/prefix` of input and output. */
  place: string
  body: BatchBody
  timeoutHours: number
  kmsKey?: string | undefined
  /** Overrides Service Quotas. */
  least?: number | undefined
  identity: Identity
}

export interface Batch {
  /** Id of the model. */
  model: string
  /** The minimum and maximum number of records in a job. */
  limits(): Promise<BatchLimits>
  /** Writes the records of a job; repeated calls write the same bytes under the same name. */
  upload(name: string, records: readonly BatchRecord[], signal?: AbortSignal): Promise<void>
  /** A job by its exact name; undefined when there is none. */
  find(name: string): Promise<BatchJob | undefined>
  /**
   * Starts a job on the records that were uploaded under its name. Repeated calls with the same token start
   * one job.
   *
   * @returns its ARN
   */
  start(name: string, token: string): Promise<string>
  look(arn: string): Promise<BatchJob>
  stop(arn: string): Promise<void>
  /** The output of a job that has ended, whole or in part. */
  results(job: BatchJob, signal?: AbortSignal): Promise<BatchResults>
  close(): void
}

export function openBatch(settings: BatchSettings): Batch {
  const { identity, model, role, timeoutHours, kmsKey } = settings
  const clients = awsClients(identity)
  const { bucket, prefix } = placeOf(settings.place)
  const inputKey = (name: string) => `${prefix}input/${name}.jsonl`
  const outputPrefix = (name: string) => `${prefix}output/${name}/`
  const place = (key: string) => `s3://${bucket}/${key}`
  const region = regionOf(identity)
  const partition = /^arn:([\w-]+):/.exec(role)?.[1] ?? 'aws'
  const bucketArn = `arn:${partition}:s3:::${bucket}`
  const arns = { bucket: bucketArn, objects: `${bucketArn}/${prefix}*` }
  const batchRole = { role, ...arns, kmsKey }

  return {
    model,
    async limits() {
      if (settings.least !== undefined)
        return { ...FALLBACK_LIMITS, least: settings.least, source: 'setting' }
      const quotas = await quotasOf(clients, region)
      try {
        const named = (await bedrockQuotas(quotas)).flatMap(({ QuotaName: name, Value: value }) =>
          name === undefined || value === undefined ? [] : [{ name, value }],
        )
        return batchLimitsIn(named, model)
      } catch (thrown) {
        // A caller without permission to read quotas can still run a job: Bedrock itself reports too few
        // records.
        const wayOut = wayOutOfDenial(thrown, [{ action: 'servicequotas:ListServiceQuotas' }])
        const why = wayOut === undefined ? saidBy(thrown) : `${saidBy(thrown)} (way out: ${wayOut})`
        return { ...FALLBACK_LIMITS, source: 'unknown', why }
      }
    },

    async upload(name, records, signal) {
      const lines = records.map((record) =>
        JSON.stringify({ recordId: record.id, modelInput: bodyOf(settings.body, model, record) }),
      )
      const s3 = await clients.s3For(bucket)
      await s3
        .putObject(
          {
            Bucket: bucket,
            Key: inputKey(name),
            Body: `${lines.join('\n')}\n`,
            ContentType: 'application/jsonl',
            ...(kmsKey === undefined ? {} : { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: kmsKey }),
          },
          signal ? { abortSignal: signal } : {},
        )
        .catch((thrown) => {
          const needs = [{ action: 's3:PutObject', resource: arns.objects }]
          throw awsError('write the records of a batch job', place(inputKey(name)), thrown, needs)
        })
    },

    async find(name) {
      const bedrock = await bedrockOf(clients, region)
      return await jobCalled(name, bedrock)
    },

    async start(name, token) {
      const bedrock = await bedrockOf(clients, region)
      try {
        const { jobArn } = await bedrock.createModelInvocationJob({
          jobName: name,
          clientRequestToken: token,
          roleArn: role,
          modelId: model,
          modelInvocationType: settings.body,
          inputDataConfig: { s3InputDataConfig: { s3Uri: place(inputKey(name)), s3InputFormat: 'JSONL' } },
          outputDataConfig: {
            s3OutputDataConfig: {
              s3Uri: place(outputPrefix(name)),
              ...(kmsKey === undefined ? {} : { s3EncryptionKeyId: kmsKey }),
            },
          },
          timeoutDurationInHours: timeoutHours,
        })
        if (jobArn === undefined)
          throw new UserError(`Bedrock has started the batch job ${name} without returning its ARN`)
        return jobArn
      } catch (thrown) {
        // The job exists under another token, or was accepted although the answer was an error.
        const found = await this.find(name).catch(() => undefined)
        if (found) return found.arn
        const refused = roleError(thrown, place(prefix), batchRole)
        if (refused) throw refused
        throw awsError('start a batch job', `Bedrock, ${model}`, thrown, [
          { action: 'bedrock:CreateModelInvocationJob' },
          { action: 'iam:PassRole', resource: role, passedTo: 'bedrock.amazonaws.com' },
        ])
      }
    },

    async look(arn) {
      const bedrock = await bedrockOf(clients, region)
      const found = await bedrock.getModelInvocationJob({ jobIdentifier: arn }).catch((thrown) => {
        const needs = [{ action: 'bedrock:GetModelInvocationJob', resource: arn }]
        throw awsError('look at a batch job', arn, thrown, needs)
      })
      const job = jobOf({ ...found, jobArn: arn })
      const wayOut = job.state === 'Failed' ? wayOutOfRole(job.message, batchRole) : undefined
      return wayOut === undefined ? job : { ...job, message: `${job.message} (way out: ${wayOut})` }
    },

    async stop(arn) {
      const bedrock = await bedrockOf(clients, region)
      await bedrock.stopModelInvocationJob({ jobIdentifier: arn }).catch((thrown) => {
        // A job that has ended meanwhile cannot be stopped, and need not be.
        if (troubleOf(thrown) === 'conflict') return
        const needs = [{ action: 'bedrock:StopModelInvocationJob', resource: arn }]
        throw awsError('stop a batch job', arn, thrown, needs)
      })
    },

    async results(job, signal) {
      const s3 = await clients.s3For(bucket)
      const below = `${outputPrefix(job.name)}${job.arn.split('/').at(-1)}/`
      return resultsIn(await outputsBelow(s3, { bucket, below, arns }, signal))
    },

    close: () => clients.close(),
  }
}

function placeOf(uri: string): { bucket: string; prefix: string } {
  const found = /^s3:\/\/([^/]+)\/?(.*)$/.exec(uri)
  if (!found) throw new UserError(`analyze.batch.place: s3://bucket/prefix is wanted, not "${uri}"`)
  const [, bucket = '', path = ''] = found
  // Bedrock accepts no other characters in the location of its records.
  if (!/^[-!_*'().a-z0-9A-Z/]*$/.test(path))
    throw new UserError(
      `analyze.batch.place: Bedrock takes letters, digits and -!_*'(). in a prefix, and no = as in "${path}"`,
    )
  const prefix = path === '' || path.endsWith('/') ? path : `${path}/`
  return { bucket, prefix }
}

async function jobCalled(name: string, bedrock: Bedrock): Promise<BatchJob | undefined> {
  let nextToken: string | undefined
  do {
    const page = await bedrock
      .listModelInvocationJobs({
        nameContains: name,
        maxResults: 100,
        ...(nextToken === undefined ? {} : { nextToken }),
      })
      .catch((thrown) => {
        const needs = [{ action: 'bedrock:ListModelInvocationJobs' }]
        throw awsError('list batch jobs', 'Bedrock', thrown, needs)
      })
    const found = page.invocationJobSummaries?.find(({ jobName }) => jobName === name)
    if (found) return jobOf({ ...found })
    nextToken = page.nextToken
  } while (nextToken !== undefined && nextToken !== '')
  return undefined
}

/** The files that a job wrote below a prefix, in the order of their keys. */
async function outputsBelow(
  s3: S3,
  { bucket, below, arns }: { bucket: string; below: string; arns: { bucket: string; objects: string } },
  signal: AbortSignal | undefined,
): Promise<{ key: string; text: string }[]> {
  const keys: string[] = []
  let ContinuationToken: string | undefined
  do {
    const page = await s3
      .listObjectsV2({
        Bucket: bucket,
        Prefix: below,
        ...(ContinuationToken === undefined ? {} : { ContinuationToken }),
      })
      .catch((thrown) => {
        const needs = [{ action: 's3:ListBucket', resource: arns.bucket }]
        throw awsError('list what a batch job wrote', `s3://${bucket}/${below}`, thrown, needs)
      })
    keys.push(...(page.Contents ?? []).flatMap(({ Key }) => (Key === undefined ? [] : [Key])))
    ContinuationToken = page.NextContinuationToken
  } while (ContinuationToken !== undefined)
  const files: { key: string; text: string }[] = []
  for (const key of keys.sort()) {
    if (!key.endsWith('.out')) continue
    const { bytes } = await readObject(s3, { bucket, key }, signal).catch((thrown) => {
      const needs = [{ action: 's3:GetObject', resource: arns.objects }]
      throw awsError('read what a batch job wrote', `s3://${bucket}/${key}`, thrown, needs)
    })
    files.push({ key, text: Buffer.from(bytes).toString('utf8') })
  }
  return files
}

interface JobAnswer {
  jobArn?: string | undefined
  jobName?: string | undefined
  status?: string | undefined
  message?: string | undefined
  totalRecordCount?: number | undefined
  processedRecordCount?: number | undefined
  successRecordCount?: number | undefined
  errorRecordCount?: number | undefined
}

function jobOf(answer: JobAnswer): BatchJob {
  return {
    arn: answer.jobArn ?? '',
    name: answer.jobName ?? '',
    state: (answer.status ?? 'Submitted') as JobState,
    message: (answer.message ?? '').slice(0, 1000),
    records: {
      total: answer.totalRecordCount ?? 0,
      processed: answer.processedRecordCount ?? 0,
      success: answer.successRecordCount ?? 0,
      error: answer.errorRecordCount ?? 0,
    },
  }
}
