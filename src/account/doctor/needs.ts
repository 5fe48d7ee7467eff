import type { Identity } from '../../aws/identity.ts'
import { parseS3Uri } from '../../aws/s3-uri.ts'
import type { Premises } from './contract.ts'
import {
  bucketArn,
  bucketsOf,
  encryptionOf,
  type Place,
  placesOf,
  queueOf,
  queueSources,
  s3Of,
} from './facts.ts'
import { identityKey } from './setup.ts'

/** An action that loglake itself needs, its resource, and its purpose. */
export interface Need {
  action: string
  resource: string
  for: string
  identity: Identity
  /** Condition keys of the request that policies test: `iam:PassedToService`. */
  context?: Readonly<Record<string, string>>
}

type Add = (identity: Identity, resource: string, what: string, ...actions: string[]) => void

/** All needs of a set-up, each once: the minimal permissions of its role. */
export async function needsOf(premises: Premises): Promise<Need[]> {
  const { setup } = premises
  const needs = new Map<string, Need>()
  const [place] = await placesOf(premises)
  const near = place?.arn ?? 'arn:aws:'
  const add: Add = (identity, resource, what, ...actions) => {
    for (const action of actions) {
      const key = `${identityKey(identity)} ${action} ${resource}`
      if (!needs.has(key)) needs.set(key, { action, resource, for: what, identity, ...contextOf(action) })
    }
  }
  for (const { bucket, prefix, source, identity } of await bucketsOf(premises)) {
    const arn = bucketArn(bucket, near)
    // Also for a queue's buckets: without permission to list, S3 answers "denied" for a missing object.
    add(identity, arn, `source ${source.name}`, 's3:ListBucket')
    add(identity, `${arn}/${prefix}*`, `source ${source.name}`, 's3:GetObject')
    // A notice of a versioned bucket names a version, for which IAM has a separate action.
    if (source.queue !== undefined && (await mayHaveVersions(premises, bucket, identity)))
      add(identity, `${arn}/${prefix}*`, `source ${source.name}`, 's3:GetObjectVersion')
  }
  for (const queue of queueSources(premises)) {
    const found = await queueOf(premises, queue).catch(() => undefined)
    add(
      queue.identity,
      found?.arn || queueArn(queue.url, place),
      `source ${queue.source.name}`,
      ...['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility', 'sqs:GetQueueAttributes'],
    )
    const key = keyArn(found?.attributes.KmsMasterKeyId, found?.arn)
    if (key !== undefined) add(queue.identity, key, `source ${queue.source.name}`, 'kms:Decrypt')
  }
  for (const [what, all] of [
    ['source', setup.sources],
    ['destination', setup.destinations],
  ] as const)
    for (const { name, needs: named = [], identity = {} } of all)
      for (const { action, resource } of named)
        add(identity, resourceArn(resource, place), `${what} ${name}`, action)
  await addLake(premises, near, add)
  addMirror(premises, place, add)
  addBedrock(premises, place, add)
  addEvidence(premises, add)
  return [...needs.values()]
}

/** True also when the bucket's versioning cannot be read. */
async function mayHaveVersions(premises: Premises, bucket: string, identity: Identity): Promise<boolean> {
  return await premises.once(`versions of ${bucket} ${identityKey(identity)}`, async () => {
    try {
      const s3 = await s3Of(premises, identity, bucket)
      return (await s3.getBucketVersioning({ Bucket: bucket })).Status !== undefined
    } catch {
      return true
    }
  })
}

async function addLake(premises: Premises, near: string, add: Add): Promise<void> {
  const { s3 } = premises.setup.lake
  if (!s3) return
  const arn = bucketArn(s3.bucket, near)
  add(s3.identity, arn, 'the lake', 's3:ListBucket', 's3:ListBucketMultipartUploads')
  add(
    s3.identity,
    `${arn}/${s3.prefix}*`,
    'the lake',
    ...['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload'],
    ...(s3.objectLock ? ['s3:PutObjectRetention'] : []),
  )
  // The bucket's default key, if it can be read: the worker itself does not need that permission.
  const key = s3.kmsKey ?? (await encryptionOf(premises, s3).catch(() => undefined))?.key
  if (key?.startsWith('arn:')) add(s3.identity, key, 'the lake', 'kms:GenerateDataKey', 'kms:Decrypt')
}

function addMirror({ setup: { mirror } }: Premises, place: Place | undefined, add: Add): void {
  if (!mirror) return
  const { database, catalog, makes, identity } = mirror
  const at = (what: string) => arnAt(place && { ...place, account: catalog ?? place.account }, 'glue', what)
  // Glue requires an action on the catalog, on the database and on the table.
  add(identity, at('catalog'), 'mirror', 'glue:GetDatabase', ...(makes ? ['glue:CreateDatabase'] : []))
  const ofTables = ['GetTables', 'GetTable', 'CreateTable', 'UpdateTable', 'DeleteTable']
  for (const what of ['catalog', `database/${database}`, `table/${database}/*`])
    add(identity, at(what), 'mirror', ...ofTables.map((action) => `glue:${action}`))
}

function addBedrock({ setup: { bedrock } }: Premises, place: Place | undefined, add: Add): void {
  const { model, batch } = bedrock ?? {}
  if (model) add(model.identity, modelArn(model.id, place), 'model', 'bedrock:InvokeModel')
  if (!batch) return
  const { role, identity, kmsKey } = batch
  const jobs = arnAt(place, 'bedrock', 'model-invocation-job/*')
  add(identity, jobs, 'analyze', 'bedrock:CreateModelInvocationJob', 'bedrock:GetModelInvocationJob')
  add(identity, '*', 'analyze', 'bedrock:ListModelInvocationJobs', 'servicequotas:ListServiceQuotas')
  add(identity, role, 'analyze', 'iam:PassRole')
  const lies = parseS3Uri(batch.place)
  if (lies) {
    const bucket = bucketArn(lies.bucket, place?.arn ?? 'arn:aws:')
    add(identity, bucket, 'analyze', 's3:ListBucket')
    add(identity, `${bucket}/${lies.key}*`, 'analyze', 's3:GetObject', 's3:PutObject')
  }
  if (kmsKey?.startsWith('arn:')) add(identity, kmsKey, 'analyze', 'kms:GenerateDataKey', 'kms:Decrypt')
}

function addEvidence({ setup: { evidence, sources } }: Premises, add: Add): void {
  if (evidence?.publicKeys)
    for (const { bucket, queue, identity = {} } of sources)
      if (bucket !== undefined || queue !== undefined)
        add(identity, '*', 'digests of CloudTrail', 'cloudtrail:ListPublicKeys')
  const { logKey } = evidence ?? {}
  if (logKey?.arn.startsWith('arn:'))
    add(logKey.identity, logKey.arn, 'the log of the lake', 'kms:GetPublicKey', 'kms:Sign')
}

function contextOf(action: string): { context?: Readonly<Record<string, string>> } {
  return action === 'iam:PassRole' ? { context: { 'iam:PassedToService': 'bedrock.amazonaws.com' } } : {}
}

function modelArn(id: string, place: Place | undefined): string {
  if (id.startsWith('arn:')) return id
  // A profile's id has a geography before the provider: eu.anthropic.…
  const isProfile = /^[a-z]{2,6}\.[a-z0-9-]+\./.test(id)
  const partition = place?.arn.split(':')[1] || 'aws'
  return isProfile
    ? arnAt(place, 'bedrock', `inference-profile/${id}`)
    : `arn:${partition}:bedrock:${place?.region ?? '*'}::foundation-model/${id}`
}

/** The ARN of what a kind of source or destination names (`NeededAction`). */
function resourceArn(resource: string, place: Place | undefined): string {
  if (resource === '*' || resource.startsWith('arn:')) return resource
  if (/^https?:/.test(resource)) return queueArn(resource, place)
  const [, service = '', what = ''] = /^([^:]+):(.*)$/.exec(resource) ?? []
  return service === 's3' ? bucketArn(what, place?.arn ?? 'arn:aws:') : arnAt(place, service, what)
}

function arnAt(
  place: Pick<Place, 'arn' | 'region' | 'account'> | undefined,
  service: string,
  what: string,
): string {
  const { arn = '', region = '*', account = '*' } = place ?? {}
  return `arn:${arn.split(':')[1] || 'aws'}:${service}:${region}:${account}:${what}`
}

/** The ARN derived from a queue's URL, for callers that may not request it. */
function queueArn(url: string, place: Place | undefined): string {
  const [, region, account, name] =
    /(?:\.([a-z]{2,4}(?:-[a-z]+)+-\d)\..*|)\/(\d{12})\/([\w-]+(?:\.fifo)?)$/.exec(url) ?? []
  if (account === undefined) return '*'
  return `arn:${place?.arn.split(':')[1] || 'aws'}:sqs:${region ?? place?.region ?? '*'}:${account}:${name}`
}

/** The key of a queue: its attribute is an ARN, an id, or an alias, which no policy can name. */
function keyArn(key: string | undefined, queue: string | undefined): string | undefined {
  if (key === undefined || key.startsWith('arn:')) return key
  const [, partition, , region, account] = queue?.split(':') ?? []
  return /^[0-9a-f-]{36}$/.test(key) && account
    ? `arn:${partition}:kms:${region}:${account}:key/${key}`
    : undefined
}
