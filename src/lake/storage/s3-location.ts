import { parseS3Uri } from '../../aws/s3-uri.ts'
import { UserError } from '../../lib/errors.ts'

/** Where on S3 a lake lies. */
export interface S3Location {
  bucket: string
  /** Prepended to every key: empty, or with a slash at its end. */
  prefix: string
}

export function isS3(location: string): boolean {
  return /^s3:\/\//i.test(location)
}

/** Parses `s3://bucket/prefix`. Throws a UserError for a location that engines would read differently. */
export function parseS3(location: string): S3Location {
  const wrong = (why: string) =>
    new UserError(`${location} is no place for a lake: ${why}, as in s3://bucket/prefix`)
  const { bucket = '', key = '' } = parseS3Uri(location.replace(/^s3:/i, 's3:')) ?? {}
  const rest = key.replace(/^\/+|\/+$/g, '')
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket)) throw wrong('the name of a bucket is wanted')
  const parts = rest === '' ? [] : rest.split('/')
  if (parts.some((part) => part === '' || part === '.' || part === '..'))
    throw wrong('a prefix has no empty part, no . and no ..')
  // Engines disagree on the meaning of these characters in a location.
  if (/[^\w!.*'()&$@=;:+ ,/-]/.test(rest))
    throw wrong('a prefix of plain letters, digits and -_.=/ is wanted')
  return { bucket, prefix: parts.length === 0 ? '' : `${parts.join('/')}/` }
}
