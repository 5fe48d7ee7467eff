import { isDeepStrictEqual } from 'node:util'
import { bedrockOf } from '../../aws/bedrock.ts'
import { UserError } from '../../lib/errors.ts'
import type { Finding, Step, StepContext } from '../contract.ts'
import { logBucketName } from '../names.ts'

/** A Region has one such configuration, or none; CloudFormation has no resource for it. */
export const bedrockLogging: Step = {
  name: 'bedrock-logging',
  title: 'Logging of Bedrock invocations',
  undoes:
    'puts back what was configured before, or switches it off; a log group that others added since stays',
  actions: [
    'bedrock:DeleteModelInvocationLoggingConfiguration',
    'bedrock:GetModelInvocationLoggingConfiguration',
    'bedrock:PutModelInvocationLoggingConfiguration',
  ],

  async look(context) {
    if (!context.wanted.bedrockLogging) return []
    const place = context.region
    const bucket = logBucketName(context)
    const about = {
      step: 'bedrock-logging',
      place,
      what: `Bedrock in ${place} logs prompts and answers into s3://${bucket}`,
    }
    const before = await read(context).catch(() => 'denied' as const)
    if (before === 'denied')
      return [
        {
          ...about,
          state: 'unknown',
          why: 'bedrock:GetModelInvocationLoggingConfiguration is denied, or Bedrock cannot be reached',
        },
      ] satisfies Finding[]
    const there = bucketOf(before)
    if (there === bucket) return [{ ...about, state: 'done' }]
    if (there !== undefined)
      return [
        {
          ...about,
          state: 'refused',
          why: `it logs into s3://${there} already\n    way out: read that bucket (--log-bucket ${there} --no-bedrock-logging)`,
        },
      ]
    return [
      { ...about, state: 'open', before: before ?? 'no logging', after: { ...before, ...into(bucket) } },
    ]
  },

  async remember(context) {
    return { before: (await read(context)) ?? null, bucket: logBucketName(context) }
  },

  async make(context) {
    const bedrock = await bedrockOf(context.clients)
    const before = await read(context)
    const there = bucketOf(before)
    const bucket = logBucketName(context)
    if (there !== undefined && there !== bucket)
      throw new UserError(`Bedrock logs into s3://${there} already`)
    // A log group that already receives everything stays configured.
    await bedrock.putModelInvocationLoggingConfiguration({
      loggingConfig: { ...before, ...into(bucket) } as never,
    })
  },

  async undo(context, region, memory) {
    const bedrock = await bedrockOf(context.clients)
    const now = await read(context)
    if (now === undefined || bucketOf(now) !== memory.bucket)
      return `Bedrock in ${region} logs elsewhere by now: left as it is`
    const before = memory.before as Logging | null
    const { s3Config: _, ...rest } = now
    if (before !== null && isDeepStrictEqual(rest, { ...before, ...ALL })) {
      await bedrock.putModelInvocationLoggingConfiguration({ loggingConfig: before as never })
      return `Bedrock in ${region} logs as it did before`
    }
    // Without a bucket and a log group there is nothing left that it could log to.
    if (rest.cloudWatchConfig === undefined) {
      await bedrock.deleteModelInvocationLoggingConfiguration({})
      return `Bedrock in ${region} does not log invocations any more`
    }
    await bedrock.putModelInvocationLoggingConfiguration({ loggingConfig: rest as never })
    return `Bedrock in ${region} does not log into s3://${memory.bucket} any more; what others have changed since stays`
  },
}

type Logging = Record<string, unknown> & { s3Config?: { bucketName?: string }; cloudWatchConfig?: unknown }

async function read({ clients }: StepContext): Promise<Logging | undefined> {
  const { loggingConfig } = await (await bedrockOf(clients)).getModelInvocationLoggingConfiguration({})
  return loggingConfig as Logging | undefined
}

function bucketOf(logging: Logging | undefined): string | undefined {
  return logging?.s3Config?.bucketName
}

const ALL = {
  textDataDeliveryEnabled: true,
  imageDataDeliveryEnabled: true,
  embeddingDataDeliveryEnabled: true,
  videoDataDeliveryEnabled: true,
  audioDataDeliveryEnabled: true,
}

function into(bucketName: string) {
  return { s3Config: { bucketName }, ...ALL }
}
