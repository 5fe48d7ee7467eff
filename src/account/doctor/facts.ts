import type { S3, SQS } from '../../aws/clients.ts'
import type { Identity } from '../../aws/identity.ts'
import { parseS3Uri } from '../../aws/s3-uri.ts'
import { type WhoAmI, whoAmI } from '../../aws/whoami.ts'
import type { Premises } from './contract.ts'
import { policyOf, sourceArns } from './policy.ts'
import { identitiesOf, identityKey, type NewestObject, type SourceFacts, type Standing } from './setup.ts'
import { ifThere } from './trouble.ts'

/** Facts that several checks need, each requested once. Every function throws the SDK's errors. */

export async function who({ aws, once }: Premises, identity: Identity): Promise<WhoAmI> {
  return await once(`who ${identityKey(identity)}`, () => whoAmI(aws(identity)))
}

/** An account and a Region to examine, and the identity to use. */
export interface Place {
  identity: Identity
  account: string
  region: string
  arn: string
}

/** Each account that one of our identities belongs to, in each configured Region. */
export async function placesOf(premises: Premises): Promise<Place[]> {
  return await premises.once('places', async () => {
    const places = new Map<string, Place>()
    for (const { identity } of identitiesOf(premises.setup)) {
      // The check of identities reports an identity that is unknown or cannot be resolved.
      const me = await who(premises, identity).catch(() => undefined)
      if (!me) continue
      const { regions } = premises.setup.settings
      for (const region of regions.length > 0 ? regions : [me.region]) {
        const key = `${me.account} ${region}`
        if (!places.has(key)) places.set(key, { identity, account: me.account, region, arn: me.arn })
      }
    }
    return [...places.values()]
  })
}

/** The account and Region of one of our identities. */
export async function placeOf(premises: Premises, identity: Identity): Promise<Place | undefined> {
  const all = await placesOf(premises)
  return all.find((one) => identityKey(one.identity) === identityKey(identity)) ?? all[0]
}

export async function newestObjects({ setup, once }: Premises): Promise<readonly NewestObject[]> {
  return await once('newest objects', async () =>
    (await setup.known.exists()) ? await setup.known.newestObjects() : [],
  )
}

export async function standingOf({ setup, once }: Premises): Promise<Standing> {
  return await once('standing', async () =>
    (await setup.known.exists()) ? await setup.known.standing() : { sources: [], followers: [], holes: [] },
  )
}

/** A queue that a source reads. */
export interface Queue {
  source: SourceFacts
  identity: Identity
  url: string
  arn: string
  region: string | undefined
  account: string
  attributes: Readonly<Record<string, string>>
  sqs: SQS
}

export function queueSources({
  setup,
}: Premises): { source: SourceFacts; url: string; identity: Identity }[] {
  return setup.sources.flatMap((source) =>
    source.queue === undefined ? [] : [{ source, url: source.queue, identity: source.identity ?? {} }],
  )
}

export async function queueOf(
  premises: Premises,
  { source, url, identity }: { source: SourceFacts; url: string; identity: Identity },
): Promise<Queue> {
  return await premises.once(`queue ${url} ${identityKey(identity)}`, async () => {
    const region = /\/\/(?:sqs\.)?([a-z]{2}(?:-[a-z]+)+-\d)\./.exec(url)?.[1]
    const sqs = await premises.aws(identity).sqs(region)
    const { Attributes: attributes = {} } = await sqs.getQueueAttributes({
      QueueUrl: url,
      AttributeNames: ['All'],
    })
    const arn = attributes.QueueArn ?? ''
    return {
      ...{ source, identity, url, arn, attributes, sqs },
      region: arn.split(':')[3] || region,
      account: arn.split(':')[4] ?? '',
    }
  })
}

/** A bucket with logs, and how it is known. */
export interface LogBucket {
  bucket: string
  prefix: string
  identity: Identity
  source: SourceFacts
}

/**
 * The buckets that sources read: those that a listing names; and those whose objects a queue announces, as
 * far as the configuration, the ledger or the queue's policy names them.
 */
export async function bucketsOf(premises: Premises): Promise<LogBucket[]> {
  return await premises.once('buckets', async () => {
    const { sources, settings } = premises.setup
    const newest = await newestObjects(premises).catch(() => [])
    const found = new Map<string, LogBucket>()
    const add = (source: SourceFacts, bucket: string, prefix = '') => {
      const key = `${source.name} ${bucket}`
      if (!found.has(key)) found.set(key, { source, bucket, prefix, identity: source.identity ?? {} })
    }
    for (const source of sources) {
      if (source.bucket !== undefined) add(source, source.bucket, source.prefix)
      if (source.queue === undefined) continue
      for (const bucket of settings.buckets) add(source, bucket)
      for (const { source: name, object } of newest) {
        const bucket = name === source.name ? parseS3Uri(object)?.bucket : undefined
        if (bucket !== undefined) add(source, bucket)
      }
      const queue = await queueOf(premises, {
        source,
        url: source.queue,
        identity: source.identity ?? {},
      }).catch(() => undefined)
      for (const bucket of bucketsNamed(queue?.attributes.Policy)) add(source, bucket)
    }
    return [...found.values()]
  })
}

function bucketsNamed(policy: string | undefined): string[] {
  try {
    return sourceArns(policyOf(policy)).flatMap(
      (arn) => /^arn:(?:[\w-]+|\*):s3:::([a-z0-9.-]+)$/.exec(arn)?.[1] ?? [],
    )
  } catch {
    return []
  }
}

export async function s3Of({ aws, once }: Premises, identity: Identity, bucket: string): Promise<S3> {
  return await once(`s3 ${bucket} ${identityKey(identity)}`, () => aws(identity).s3For(bucket))
}

/** The newest object of a bucket in the ledger, or else any from the start of its listing. */
export async function anObjectOf(premises: Premises, of: LogBucket): Promise<{ key: string } | undefined> {
  return await premises.once(`object of ${of.bucket} ${of.prefix}`, async () => {
    const known = (await newestObjects(premises).catch(() => [])).find(
      ({ source, object }) => source === of.source.name && parseS3Uri(object)?.bucket === of.bucket,
    )
    if (known) return { key: parseS3Uri(known.object)?.key ?? '' }
    const s3 = await s3Of(premises, of.identity, of.bucket)
    const { Contents = [] } = await s3.listObjectsV2({ Bucket: of.bucket, Prefix: of.prefix, MaxKeys: 10 })
    const key = Contents.find(({ Size = 0 }) => Size > 0)?.Key
    return key === undefined ? undefined : { key }
  })
}

/** A bucket's default encryption; undefined for S3's own default. */
export async function encryptionOf(
  premises: Premises,
  { bucket, identity }: { bucket: string; identity: Identity },
): Promise<{ algorithm: string; key: string | undefined; bucketKey: boolean } | undefined> {
  return await premises.once(`encryption ${bucket} ${identityKey(identity)}`, async () => {
    const s3 = await s3Of(premises, identity, bucket)
    const answer = await ifThere(s3.getBucketEncryption({ Bucket: bucket }))
    const [rule] = answer?.ServerSideEncryptionConfiguration?.Rules ?? []
    const { SSEAlgorithm, KMSMasterKeyID } = rule?.ApplyServerSideEncryptionByDefault ?? {}
    return SSEAlgorithm === undefined
      ? undefined
      : { algorithm: SSEAlgorithm, key: KMSMasterKeyID, bucketKey: rule?.BucketKeyEnabled === true }
  })
}

/** Whether two prefixes can hold the same key. */
export function overlap(one: string, other: string): boolean {
  return one.startsWith(other) || other.startsWith(one)
}

/** The ARN of a bucket, in the partition of one of our ARNs. */
export function bucketArn(bucket: string, near: string): string {
  return `arn:${partitionOf(near)}:s3:::${bucket}`
}

/** The partition in an ARN: `aws`, `aws-cn`; `aws` where the ARN is not known. */
export function partitionOf(arn: string | undefined): string {
  return arn?.split(':')[1] || 'aws'
}
