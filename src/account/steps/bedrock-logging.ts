import { bedrockOf } from '../../aws/bedrock.ts'
import { UserError } from '../../lib/errors.ts'
import type { Finding, Step, StepContext } from '../contract.ts'
import { logBucketName } from '../names.ts'

/** A Region has one configuration of this, or none: it is not CloudFormation's, which has no resource for it. */
export const bedrockLogging: Step = {
  name: 'bedrock-logging',
  title: 'Logging of Bedrock invocations',
  undoes: 'puts back what was configured before, or switches it off',
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
    // A log group that it writes to already goes on having it all.
    await bedrock.putModelInvocationLoggingConfiguration({
      loggingConfig: { ...before, ...into(bucket) } as never,
    })
  },

  async undo(context, region, memory) {
    const bedrock = await bedrockOf(context.clients)
    const now = bucketOf(await read(context))
    if (now !== memory.bucket) return `Bedrock in ${region} logs elsewhere by now: left as it is`
    if (memory.before === null) {
      await bedrock.deleteModelInvocationLoggingConfiguration({})
      return `Bedrock in ${region} does not log invocations any more`
    }
    await bedrock.putModelInvocationLoggingConfiguration({ loggingConfig: memory.before as never })
    return `Bedrock in ${region} logs as it did before`
  },
}

type Logging = Record<string, unknown> & { s3Config?: { bucketName?: string } }

async function read({ clients }: StepContext): Promise<Logging | undefined> {
  const { loggingConfig } = await (await bedrockOf(clients)).getModelInvocationLoggingConfiguration({})
  return loggingConfig as Logging | undefined
}

function bucketOf(logging: Logging | undefined): string | undefined {
  return logging?.s3Config?.bucketName
}

function into(bucketName: string) {
  return {
    s3Config: { bucketName },
    textDataDeliveryEnabled: true,
    imageDataDeliveryEnabled: true,
    embeddingDataDeliveryEnabled: true,
    videoDataDeliveryEnabled: true,
    audioDataDeliveryEnabled: true,
  }
}
