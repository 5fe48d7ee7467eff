import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto'
import { inflateRawSync } from 'node:zlib'
import { firstMemberEnd } from '../envelopes/members.ts'

/**
 * A digest file as CloudTrail writes it. Source: CloudTrail User Guide, "CloudTrail digest file structure"
 * and "Custom implementations of CloudTrail log file integrity validation"; for cases that these do not
 * cover, the AWS CLI's `validate-logs`.
 */
export interface DigestDocument {
  digestStartTime: string
  digestEndTime: string
  digestS3Bucket: string
  digestS3Object: string
  digestPublicKeyFingerprint: string
  previousDigestS3Bucket?: string | null
  previousDigestS3Object?: string | null
  previousDigestHashValue?: string | null
  previousDigestSignature: string | null
  logFiles?: { s3Bucket: string; s3Object: string; hashValue: string }[]
}

export interface OpenedDigest {
  /** The unzipped bytes as text; they are UTF-8. */
  text: string
  /** SHA-256 of the unzipped bytes, in hex. */
  sha256: string
  document: DigestDocument
  /** Number of bytes after the gzip member. */
  trailing: number
}

const MAX_BYTES = 256 << 20
const REQUIRED = [
  'digestPublicKeyFingerprint',
  'digestS3Bucket',
  'digestS3Object',
  'previousDigestSignature',
  'digestEndTime',
  'digestStartTime',
] as const

/** Undefined when it is not a digest in CloudTrail's form. */
export function openDigest(zipped: Uint8Array): OpenedDigest | undefined {
  const end = firstMemberEnd(zipped)
  if (end === 0) return undefined
  try {
    const bytes = inflateRawSync(zipped.subarray(headerLength(zipped)), { maxOutputLength: MAX_BYTES })
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    const document = JSON.parse(text) as DigestDocument
    if (typeof document !== 'object' || document === null) return undefined
    for (const name of REQUIRED) {
      const value = document[name]
      if (typeof value !== 'string' && !(name === 'previousDigestSignature' && value === null))
        return undefined
    }
    if (
      Number.isNaN(Date.parse(document.digestStartTime)) ||
      Number.isNaN(Date.parse(document.digestEndTime))
    )
      return undefined
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    return { text, sha256, document, trailing: zipped.length - end }
  } catch {
    return undefined
  }
}

/** Length of a gzip header: ten bytes, and the fields that its flags announce (RFC 1952). */
function headerLength(bytes: Uint8Array): number {
  const flags = bytes[3] ?? 0
  let end = 10
  if (flags & 4) end += 2 + (bytes[end] ?? 0) + (bytes[end + 1] ?? 0) * 256
  for (const flag of [8, 16]) if (flags & flag) end = bytes.indexOf(0, end) + 1
  return flags & 2 ? end + 2 : end
}

/** The text that AWS signs, without a line feed at its end. */
function signedText({ document, sha256 }: Pick<OpenedDigest, 'document' | 'sha256'>): string {
  const { digestEndTime, digestS3Bucket, digestS3Object, previousDigestSignature } = document
  return `${digestEndTime}\n${digestS3Bucket}/${digestS3Object}\n${sha256}\n${previousDigestSignature ?? 'null'}`
}

/** Whether the key made a signature, given in hex: RSASSA-PKCS1-v1_5 with SHA-256. */
export function isSignedBy(
  digest: Pick<OpenedDigest, 'document' | 'sha256'>,
  signature: string,
  der: Buffer,
): boolean {
  if (!/^(?:[0-9a-f]{2})+$/i.test(signature)) return false
  const key = publicKey(der)
  return (
    key !== undefined &&
    verify('RSA-SHA256', Buffer.from(signedText(digest)), key, Buffer.from(signature, 'hex'))
  )
}

/** Parses a key of `ListPublicKeys`: PKCS #1 in DER; one sample of AWS's is SPKI. */
export function publicKey(der: Buffer): KeyObject | undefined {
  for (const type of ['pkcs1', 'spki'] as const) {
    try {
      const key = createPublicKey({ key: der, format: 'der', type })
      if (key.asymmetricKeyType === 'rsa') return key
    } catch {}
  }
  return undefined
}

/** AWS's name of a key: MD5 of its PKCS #1 form, in hex. */
export function fingerprintOf(der: Buffer): string {
  const pkcs1 = publicKey(der)?.export({ type: 'pkcs1', format: 'der' }) ?? der
  return createHash('md5').update(pkcs1).digest('hex')
}
