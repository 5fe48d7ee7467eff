import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { gunzipSync, gzipSync } from 'node:zlib'

/** A key in the place of AWS's, as CloudTrail hands it out. */
export interface SignKey {
  privateKey: KeyObject
  /** PKCS #1 in DER. */
  der: Buffer
  fingerprint: string
}

export function signKey(): SignKey {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const der = publicKey.export({ type: 'pkcs1', format: 'der' })
  return { privateKey, der, fingerprint: createHash('md5').update(der).digest('hex') }
}

export interface Stored {
  body: Buffer
  metadata: Record<string, string>
}

/** A trail as it delivers into a bucket. */
export interface TrailOptions {
  bucket: string
  prefix?: string
  organization?: string
  account?: string
  region?: string
  home?: string
  trail?: string
  hours?: number
  logsPerHour?: number
  begin?: string
  kind?: 'standard' | 'backfill'
  keyOf?(hour: number): SignKey
  /** Hours at which the chain begins anew, and those in which there is none. */
  restarts?: readonly number[]
  silent?: readonly number[]
}

export interface Trail {
  bucket: string
  arn: string
  account: string
  region: string
  home: string
  organization: string | undefined
  prefix: string | undefined
  /** Every object in the bucket, by its key: what is tampered with. */
  objects: Map<string, Stored>
  /** Keys of digests, and of the log files that each names, in their order. */
  digests: string[]
  logs: string[][]
}

const HOUR_MS = 3_600_000

/** Digests and log files of some hours, as CloudTrail would write them. */
export function trail(key: SignKey, options: TrailOptions): Trail {
  const {
    bucket,
    prefix,
    organization,
    account = '111122223333',
    region = 'eu-central-1',
    home = 'eu-central-1',
    trail: name = 'main-trail',
    hours = 4,
    logsPerHour = 2,
    begin = '2026-01-07T10:00:00Z',
    kind = 'standard',
    keyOf = () => key,
    restarts = [],
    silent = [],
  } = options
  const root = `${prefix ? `${prefix}/` : ''}AWSLogs/${organization ? `${organization}/` : ''}${account}`
  const made: Trail = {
    bucket,
    arn: `arn:aws:cloudtrail:${home}:${account}:trail/${name}`,
    account,
    region,
    home,
    organization,
    prefix,
    objects: new Map(),
    digests: [],
    logs: [],
  }
  let before: { key: string; sha256: string; signature: string } | undefined
  for (let hour = 0; hour < hours; hour++) {
    const start = new Date(Date.parse(begin) + hour * HOUR_MS)
    const end = new Date(start.getTime() + HOUR_MS)
    if (silent.includes(hour)) {
      before = undefined
      continue
    }
    if (restarts.includes(hour)) before = undefined
    const logs = Array.from({ length: logsPerHour }, (_, nth) => {
      const at = new Date(start.getTime() + (nth + 1) * 600_000)
      const log = logFile(`${account}-${region}-${hour}-${nth}-${bucket}`, at, account, region)
      const stamped = compact(at).replace(/\d\dZ$/, 'Z')
      const path = `${root}/CloudTrail/${region}/${day(at)}/${account}_CloudTrail_${region}_${stamped}_${log.id}.json.gz`
      made.objects.set(path, { body: gzipSync(log.bytes), metadata: {} })
      return { path, bytes: log.bytes, at }
    })
    const file = `${account}_CloudTrail-Digest_${region}_${name}_${home}_${compact(end)}${kind === 'backfill' ? '_backfill' : ''}.json.gz`
    const path = `${root}/CloudTrail-Digest/${region}/${day(end)}/${file}`
    const signing = keyOf(hour)
    const document = {
      awsAccountId: account,
      digestStartTime: seconds(start),
      digestEndTime: seconds(end),
      digestS3Bucket: bucket,
      digestS3Object: path,
      digestPublicKeyFingerprint: signing.fingerprint,
      digestSignatureAlgorithm: 'SHA256withRSA',
      newestEventTime: logs.length > 0 ? seconds(end) : null,
      oldestEventTime: logs.length > 0 ? seconds(start) : null,
      previousDigestS3Bucket: before ? bucket : null,
      previousDigestS3Object: before?.key ?? null,
      previousDigestHashValue: before?.sha256 ?? null,
      previousDigestHashAlgorithm: before ? 'SHA-256' : null,
      previousDigestSignature: before?.signature ?? null,
      logFiles: logs.map((log) => ({
        s3Bucket: bucket,
        s3Object: log.path,
        hashValue: sha256(log.bytes),
        hashAlgorithm: 'SHA-256',
        newestEventTime: seconds(log.at),
        oldestEventTime: seconds(log.at),
      })),
    }
    before = putDigest(made, path, document, signing, kind)
    made.digests.push(path)
    made.logs.push(logs.map((log) => log.path))
  }
  return made
}

/** Writes a digest with its signature. */
export function putDigest(
  { objects }: Trail,
  path: string,
  document: Record<string, unknown>,
  key: SignKey,
  kind: 'standard' | 'backfill' = 'standard',
): { key: string; sha256: string; signature: string } {
  const bytes = Buffer.from(JSON.stringify(document))
  const text = `${document.digestEndTime}\n${document.digestS3Bucket}/${document.digestS3Object}\n${sha256(bytes)}\n${document.previousDigestSignature ?? 'null'}`
  const signature = sign('RSA-SHA256', Buffer.from(text), key.privateKey).toString('hex')
  objects.set(path, {
    body: gzipSync(bytes),
    metadata: {
      signature,
      'signature-algorithm': 'SHA256withRSA',
      ...(kind === 'backfill' ? { 'backfill-generation-timestamp': '2026-01-07T12:00:00.000Z' } : {}),
    },
  })
  return { key: path, sha256: sha256(bytes), signature }
}

export function documentOf({ objects }: Trail, path: string): Record<string, unknown> {
  return JSON.parse(gunzipSync((objects.get(path) as Stored).body).toString())
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function logFile(seed: string, at: Date, account: string, region: string): { id: string; bytes: Buffer } {
  const hex = sha256(Buffer.from(seed))
  const id = Buffer.from(hex, 'hex').toString('base64url').replaceAll(/[-_]/g, 'x').slice(0, 16)
  const eventID = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
  const event = {
    eventVersion: '1.09',
    userIdentity: {
      type: 'IAMUser',
      arn: `arn:aws:iam::${account}:user/ana`,
      accountId: account,
      userName: 'ana',
    },
    eventTime: seconds(at),
    eventSource: 's3.amazonaws.com',
    eventName: 'ListBuckets',
    awsRegion: region,
    sourceIPAddress: '203.0.113.7',
    eventID,
    readOnly: true,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: account,
    eventCategory: 'Management',
  }
  return { id, bytes: Buffer.from(JSON.stringify({ Records: [event] })) }
}

function seconds(date: Date): string {
  return date.toISOString().replace('.000Z', 'Z')
}

function compact(date: Date): string {
  return seconds(date).replaceAll(/[-:]/g, '')
}

function day(date: Date): string {
  return seconds(date).slice(0, 10).replaceAll('-', '/')
}
