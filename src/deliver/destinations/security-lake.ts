/**
 * The layout of custom sources in Amazon Security Lake (its user guide, "Collecting data from custom
 * sources"): Parquet of one OCSF class below `ext/<source>/region=…/accountId=…/eventDay=…/`, a source for
 * each class. They have to be registered with Security Lake first.
 */
import type { z } from 'zod'
import { awsClients } from '../../aws/clients.ts'
import { identitySection } from '../../aws/identity.ts'
import type { NeededAction } from '../../aws/needed.ts'
import { section, size, textLike, whole } from '../../lib/settings.ts'
import { type Delivery, type Receiver, TAKEN } from '../contract.ts'
import { dayOf, nameOf, parquet, parted, put } from './objects.ts'

export const name = 'security-lake'
export const doc = "Amazon Security Lake's bucket, as a custom source: for the shape `ocsf`."

export const settings = section(
  {
    bucket: textLike(
      /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
      'the name of a bucket is wanted',
      'The bucket of Security Lake.',
    ),
    source: textLike(
      /^[\w-]{1,59}$/,
      'the name of a source is wanted',
      'What the names of the custom sources begin with: each OCSF class has its own, as in `loglake-6003`.',
    ),
    region: textLike(/^[a-z]{2}(-[a-z]+)+-\d$/, 'a Region is wanted', 'The Region of events that name none.'),
    account: textLike(
      /^(\d{12}|external)$/,
      'an account is wanted',
      'The account of events that name none.',
    ).default('external'),
    batch_events: whole(1, 'Most rows of an object.').default(50_000),
    batch_bytes: size('Most bytes of JSON in an object.').prefault('64MiB'),
    identity: identitySection("Who we are to the bucket: the source's provider role.").prefault({}),
  },
  doc,
)

export type Settings = z.output<typeof settings>

/** The only shape that Security Lake takes. */
export const shape = 'ocsf'

export const example = `bucket: aws-security-data-lake-eu-central-1-example
source: loglake
region: eu-central-1`

export function needs({ bucket, source }: Settings): NeededAction[] {
  return [{ action: 's3:PutObject', resource: `s3:${bucket}/ext/${source}-*` }]
}

export function open(options: Settings): Receiver {
  const { bucket, source, batch_events, batch_bytes, identity } = options
  const clients = awsClients(identity)
  return {
    max: { deliveries: batch_events, bytes: batch_bytes },
    async send(batch, signal) {
      for (const [at, part] of parted(batch, (one) => folderOf(one, options))) {
        const Key = `ext/${source}-${at}/${nameOf(part)}.parquet`
        const object = { Bucket: bucket, Key, Body: await parquet(part) }
        await put(clients, object, `ext/${source}-`, signal)
      }
      return TAKEN
    },
    close: async () => clients.close(),
  }
}

interface Ocsf {
  class_uid?: number
  cloud?: { region?: unknown; account?: { uid?: unknown } }
}

/** Account and Region are texts of a log: only valid values become part of a name. */
function folderOf(one: Delivery, { region: regionByDefault, account: accountByDefault }: Settings): string {
  const { class_uid, cloud } = JSON.parse(one.text) as Ocsf
  if (class_uid === undefined)
    throw new Error('Security Lake takes OCSF alone: the route needs `shape: ocsf`')
  const region = /^[a-z]{2}(-[a-z]+)+-\d$/.test(String(cloud?.region))
    ? String(cloud?.region)
    : regionByDefault
  const account = /^\d{12}$/.test(String(cloud?.account?.uid))
    ? String(cloud?.account?.uid)
    : accountByDefault
  return `${class_uid}/region=${region}/accountId=${account}/eventDay=${dayOf(one).replaceAll('-', '')}`
}
