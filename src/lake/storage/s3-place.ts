import { parseS3Uri } from '../../aws/s3-uri.ts'
import { UserError } from '../../lib/errors.ts'

/** Where on S3 a lake lies. */
export interface S3Place {
  bucket: string
  /** Comes before every key: empty, or with a slash at its end. */
  prefix: string
}

export function isS3(place: string): boolean {
  return /^s3:\/\//i.test(place)
}

/** Reads `s3://bucket/prefix`. Throws a UserError for what would not be the same place to every engine. */
export function parseS3(place: string): S3Place {
  const wrong = (why: string) =>
    new UserError(`${place} is no place for a lake: ${why}, as in s3://bucket/prefix`)
  const { bucket = '', key = '' } = parseS3Uri(place.replace(/^s3:/i, 's3:')) ?? {}
  const rest = key.replace(/^\/+|\/+$/g, '')
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket)) throw wrong('the name of a bucket is wanted')
  const parts = rest === '' ? [] : rest.split('/')
  if (parts.some((part) => part === '' || part === '.' || part === '..'))
    throw wrong('a prefix has no empty part, no . and no ..')
  // Engines disagree on what these mean in a location.
  if (/[^\w!.*'()&$@=;:+ ,/-]/.test(rest))
    throw wrong('a prefix of plain letters, digits and -_.=/ is wanted')
  return { bucket, prefix: parts.length === 0 ? '' : `${parts.join('/')}/` }
}
