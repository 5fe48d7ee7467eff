import { isSignedBy, openDigest } from './document.ts'
import { chainOf, type DigestKey, parseTimestamp } from './key.ts'
import { type FoundObject, type Moved, movedOf, placeOf } from './locations.ts'
import type { DigestState } from './tables.ts'

/** A row of the table `digest`. */
export interface DigestRow {
  lake_object: string
  chain: string
  place: string
  account: string
  region: string
  trail: string
  home_region: string
  organization: string | null
  kind: 'standard' | 'backfill'
  start_time: string | null
  end_time: string
  state: DigestState
  reason: string | null
  checked: number
  sha256: string | null
  signature: string | null
  fingerprint: string | null
  previous_object: string | null
  previous_sha256: string | null
  previous_signature: string | null
  log_files: number | null
  moved_from: string | null
  moved_to: string | null
  document: string | null
}

/** Finds public keys (DER) by their fingerprints; requests those that are not known yet. */
export type KeyOf = (
  fingerprint: string,
  row: Pick<DigestRow, 'region' | 'home_region'>,
  at: Date,
) => Promise<Buffer | undefined>

export interface HowToJudge {
  keyOf: KeyOf
  moved: readonly Moved[]
}

/** The row of a missing digest, from its name. */
export function nameOf(uri: string, key: DigestKey): DigestRow {
  return {
    lake_object: uri,
    chain: chainOf(key),
    place: key.root + key.region,
    account: key.account,
    region: key.region,
    trail: key.trail,
    home_region: key.homeRegion,
    organization: key.organization,
    kind: key.kind,
    start_time: null,
    end_time: new Date(parseTimestamp(key.stamp)).toISOString(),
    state: 'missing',
    reason: null,
    checked: 0,
    sha256: null,
    signature: null,
    fingerprint: null,
    previous_object: null,
    previous_sha256: null,
    previous_signature: null,
    log_files: null,
    moved_from: null,
    moved_to: null,
    document: null,
  }
}

/** Judges one digest by itself, in the order of checks of the AWS CLI; other digests are compared later. */
export async function judge(
  uri: string,
  key: DigestKey,
  found: FoundObject,
  how: HowToJudge,
): Promise<DigestRow> {
  const named = nameOf(uri, key)
  const opened = openDigest(found.bytes)
  const invalid = { ...named, state: 'invalid-format' as const }
  if (!opened) return { ...invalid, reason: 'it is no digest in the form that CloudTrail writes' }
  const { document, sha256, text, trailing } = opened
  const moved = movedOf(uri, key.below, document, how.moved)
  const previous =
    typeof document.previousDigestS3Bucket === 'string' && typeof document.previousDigestS3Object === 'string'
      ? placeOf(document.previousDigestS3Bucket, document.previousDigestS3Object, moved)
      : null
  const read: DigestRow = {
    ...named,
    start_time: new Date(document.digestStartTime).toISOString(),
    end_time: new Date(document.digestEndTime).toISOString(),
    sha256,
    signature: found.metadata?.signature ?? null,
    fingerprint: document.digestPublicKeyFingerprint,
    previous_object: previous,
    previous_sha256: document.previousDigestHashValue ?? null,
    previous_signature: document.previousDigestSignature,
    log_files: Array.isArray(document.logFiles) ? document.logFiles.length : 0,
    moved_from: moved?.from ?? null,
    moved_to: moved?.to ?? null,
    document: text,
  }
  const is = (state: DigestState, reason: string): DigestRow => ({ ...read, state, reason })
  const { metadata } = found
  if (placeOf(document.digestS3Bucket, document.digestS3Object, moved) !== uri)
    return is('moved', `it says that it lies in s3://${document.digestS3Bucket}/${document.digestS3Object}`)
  if (metadata && key.kind === 'backfill' && !metadata['backfill-generation-timestamp'])
    return is('invalid-format', 'its metadata has no backfill-generation-timestamp')
  if (!metadata?.signature || !metadata['signature-algorithm'])
    return moved
      ? is('unsigned', "its signature lay in S3's metadata, and was not copied with it")
      : is('bad-signature', 'its metadata has no signature')
  if (trailing > 0) return is('trailing-bytes', `${trailing} bytes follow its gzip member`)
  return await signedRow(read, opened, metadata, how)
}

async function signedRow(
  read: DigestRow,
  opened: NonNullable<ReturnType<typeof openDigest>>,
  metadata: Record<string, string>,
  { keyOf }: HowToJudge,
): Promise<DigestRow> {
  const generated = Date.parse(metadata['backfill-generation-timestamp'] ?? '')
  const at = Number.isNaN(generated) ? new Date(read.end_time) : new Date(generated)
  const der = await keyOf(read.fingerprint as string, read, at)
  if (!der) return { ...read, state: 'unknown-key', reason: `AWS has no key ${read.fingerprint}` }
  return isSignedBy(opened, read.signature as string, der)
    ? { ...read, state: 'valid' }
    : {
        ...read,
        state: 'bad-signature',
        reason: 'the signature is not that of its bytes, its place and the digest before it',
      }
}

/**
 * Judges each digest of a chain by the valid one that names it, which signs its hash and its signature. It
 * starts with the newest, so that a copy without signatures is proved from its end.
 *
 * @param rows the newest row of each digest, by its URI; they are changed
 * @returns URIs that are named but not among the rows, each with the digest that names it
 */
export async function judgeByNext(
  rows: Map<string, DigestRow>,
  { keyOf }: Pick<HowToJudge, 'keyOf'>,
): Promise<Map<string, string>> {
  const absent = new Map<string, string>()
  const newestFirst = [...rows.values()].sort((a, b) => (a.end_time < b.end_time ? 1 : -1))
  for (const next of newestFirst) {
    const { state } = rows.get(next.lake_object) as DigestRow
    const { previous_object: uri, previous_sha256, previous_signature } = next
    if (uri === null || (state !== 'valid' && state !== 'unsigned')) continue
    const row = rows.get(uri)
    // A signature proves its content whoever passes it on; but only a proved digest can show that another is
    // wrong.
    if (row?.state === 'unsigned' && previous_signature !== null)
      rows.set(uri, await signedByNext(row, previous_signature, keyOf, state === 'valid'))
    else if (state !== 'valid') continue
    else if (!row) absent.set(uri, next.lake_object)
    else if (row.state === 'valid' && differs(row, previous_sha256, previous_signature)) {
      const reason = `${next.lake_object} has another hash or signature of it`
      rows.set(uri, { ...row, state: 'replaced', reason })
    }
  }
  return absent
}

function differs({ sha256, signature }: DigestRow, hash: string | null, signed: string | null): boolean {
  return (hash !== null && hash !== sha256) || (signed !== null && signature !== null && signed !== signature)
}

async function signedByNext(
  row: DigestRow,
  signature: string,
  keyOf: KeyOf,
  isProved: boolean,
): Promise<DigestRow> {
  const der = await keyOf(row.fingerprint as string, row, new Date(row.end_time))
  if (!der) return row
  const document = JSON.parse(row.document as string)
  return isSignedBy({ document, sha256: row.sha256 as string }, signature, der)
    ? { ...row, state: 'valid', reason: null, signature }
    : !isProved
      ? row
      : { ...row, state: 'bad-signature', reason: 'it is not what the digest behind it has the signature of' }
}
