import type { Identity } from '../../../aws/identity.ts'
import { type KMS, kmsOf } from '../../../aws/kms.ts'
import { type Check, type Line, not, ok, type Premises } from '../contract.ts'
import type { Queue } from '../facts.ts'
import { lets, policyOf, withStatement } from '../policy.ts'
import { ofEachQueue } from '../queues.ts'
import { guarded } from '../trouble.ts'

export const queueKey: Check = {
  name: 'queue-key',
  group: 'Logs arrive',
  title: 'The key of the queue lets S3 send',
  doc: "A queue that is encrypted with the AWS-managed key takes no message of S3, and S3 says only that it is unable to validate the destination. A key of one's own must be enabled, and its policy must let S3 make data keys.",
  permissions: ['sqs:GetQueueAttributes', 'kms:DescribeKey', 'kms:GetKeyPolicy'],
  mends: "SQS's own encryption, or a statement in the policy of the key.",
  aws: true,
  run: (premises) => ofEachQueue(premises, (queue) => keyLines(premises, queue)),
}

async function keyLines(premises: Premises, queue: Queue): Promise<Line[]> {
  const { KmsMasterKeyId: key } = queue.attributes
  const about = queue.url
  if (!key) return [ok("it is encrypted by SQS's own key, or not at all: S3 needs none", about)]
  if (key.includes('alias/aws/sqs')) return [managed(queue, about)]
  const kms = await kmsOf(premises.aws(queue.identity), queue.region)
  return await guarded(`kms:DescribeKey on ${key}`, { about, as: queue.identity }, async () => {
    const { KeyMetadata } = await kms.describeKey({ KeyId: key })
    if (KeyMetadata?.KeyManager === 'AWS') return [managed(queue, about)]
    const state = KeyMetadata?.KeyState ?? 'unknown'
    const id = KeyMetadata?.Arn ?? key
    if (state !== 'Enabled') return [disabled(id, state, queue.identity, queue.region, about)]
    return [await policyLine(kms, id, queue, about)]
  })
}

function managed({ url, identity, region }: Queue, about: string): Line {
  return not(
    'it is encrypted with the AWS-managed key alias/aws/sqs, whose policy cannot be changed: S3 cannot send',
    {
      does: "Encrypt it with SQS's own key, which costs nothing (or with a key of one's own).",
      ours: true,
      calls: [
        {
          as: identity,
          service: 'sqs',
          action: 'SetQueueAttributes',
          region,
          input: { QueueUrl: url, Attributes: { KmsMasterKeyId: '', SqsManagedSseEnabled: 'true' } },
        },
      ],
    },
    about,
  )
}

/** A key that is disabled, or about to be deleted. */
export function disabled(
  key: string,
  state: string,
  as: Identity,
  region: string | undefined,
  about: string,
): Line {
  const KeyId = key.split(':key/').at(-1)
  const enable = { as, service: 'kms' as const, action: 'EnableKey', region, input: { KeyId } }
  return not(
    `the key ${key} is ${state === 'PendingDeletion' ? 'about to be deleted' : state === 'Disabled' ? 'disabled' : state}`,
    {
      does: 'Make it usable again.',
      calls: state === 'PendingDeletion' ? [{ ...enable, action: 'CancelKeyDeletion' }, enable] : [enable],
    },
    about,
  )
}

async function policyLine(kms: KMS, key: string, queue: Queue, about: string): Promise<Line> {
  const { Policy } = await kms.getKeyPolicy({ KeyId: key, PolicyName: 'default' })
  const policy = policyOf(Policy)
  const sender = { service: 's3.amazonaws.com', source: queue.arn, account: queue.account }
  const missing = ['kms:GenerateDataKey', 'kms:Decrypt'].filter(
    (action) => !['yes', 'from everywhere'].includes(lets(withoutSource(policy), { ...sender, action })),
  )
  if (missing.length === 0) return ok(`the key ${key} lets S3 make data keys`, about)
  return not(
    `the policy of the key ${key} does not let s3.amazonaws.com do ${missing.join(' and ')}`,
    {
      does: 'Let S3 use the key for what this account owns; other statements stay.',
      calls: [
        {
          as: queue.identity,
          service: 'kms',
          action: 'PutKeyPolicy',
          region: queue.region,
          input: {
            KeyId: key,
            PolicyName: 'default',
            Policy: withStatement(policy, {
              Sid: 'loglake-s3-sends',
              Effect: 'Allow',
              Principal: { Service: 's3.amazonaws.com' },
              Action: ['kms:GenerateDataKey', 'kms:Decrypt'],
              Resource: '*',
              Condition: { StringEquals: { 'aws:SourceAccount': queue.account } },
            }),
          },
        },
      ],
    },
    about,
  )
}

/**
 * The policy without conditions on the source: only whether S3 may use the key matters here, not for which
 * bucket.
 */
function withoutSource(policy: ReturnType<typeof policyOf>): ReturnType<typeof policyOf> {
  return { ...policy, Statement: policy.Statement.map(({ Condition: _, ...rest }) => rest) }
}
