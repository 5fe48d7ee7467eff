/**
 * Objects of NDJSON or Parquet in a bucket. An object exists whole or not at all, and the same batch has the
 * same name.
 */
import type { z } from 'zod'
import { awsClients } from '../../aws/clients.ts'
import { identitySection } from '../../aws/identity.ts'
import type { NeededAction } from '../../aws/needed.ts'
import { oneOf, section, size, text, textLike, whole } from '../../lib/settings.ts'
import { type Receiver, TAKEN } from '../contract.ts'
import { dayOf, nameOf, ndjson, parquet, parted, put } from './objects.ts'

export const name = 's3'
export const doc =
  'A bucket: objects of JSON lines with gzip, or of Parquet, a folder for each table and day.'

export const settings = section(
  {
    bucket: textLike(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'the name of a bucket is wanted', 'The bucket.'),
    prefix: textLike(/^[\w!.*'()/=-]*$/, 'letters, digits and /=-_. are wanted', 'The folder in it.').default(
      'loglake/',
    ),
    format: oneOf(['ndjson', 'parquet'], 'JSON lines with gzip, or Parquet.').default('ndjson'),
    batch_events: whole(1, 'Most rows of an object.').default(50_000),
    batch_bytes: size('Most bytes of JSON in an object.').prefault('16MiB'),
    kms_key: text('A KMS key to encrypt with.').optional(),
    identity: identitySection('Who we are to the bucket.').prefault({}),
  },
  doc,
)

export type Settings = z.output<typeof settings>

export const example = `bucket: example-siem
prefix: loglake/
format: parquet`

export function needs({ bucket, prefix, kms_key }: Settings): NeededAction[] {
  const key = kms_key?.startsWith('arn:') ? [{ action: 'kms:GenerateDataKey', resource: kms_key }] : []
  return [{ action: 's3:PutObject', resource: `s3:${bucket}/${folderOf(prefix)}*` }, ...key]
}

export function open(options: Settings): Receiver {
  const { bucket, prefix, format, kms_key, batch_events, batch_bytes, identity } = options
  const clients = awsClients(identity)
  const folder = folderOf(prefix)
  return {
    max: { deliveries: batch_events, bytes: batch_bytes },
    async send(batch, signal) {
      for (const [at, part] of parted(batch, (one) => `${one.table}/day=${dayOf(one)}`)) {
        const isParquet = format === 'parquet'
        const Body = isParquet ? await parquet(part) : await ndjson(part)
        const object = {
          Bucket: bucket,
          Key: `${folder}${at}/${nameOf(part)}.${isParquet ? 'parquet' : 'json.gz'}`,
          Body,
          ContentType: isParquet ? 'application/vnd.apache.parquet' : 'application/x-ndjson',
          ...(kms_key === undefined
            ? {}
            : { ServerSideEncryption: 'aws:kms' as const, SSEKMSKeyId: kms_key }),
        }
        await put(clients, object, folder, signal)
      }
      return TAKEN
    },
    close: async () => clients.close(),
  }
}

function folderOf(prefix: string): string {
  return prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`
}
