import { describe, expect, it } from 'vitest'
import { UserError } from '../../lib/errors.ts'
import { isS3, parseS3 } from './s3-location.ts'

describe('a place on S3', () => {
  it.each([
    ['s3://example-lake', 'example-lake', ''],
    ['s3://example-lake/', 'example-lake', ''],
    ['s3://example.lake/audit', 'example.lake', 'audit/'],
    ['s3://example-lake/a/b c/', 'example-lake', 'a/b c/'],
    ['S3://example-lake/a=b', 'example-lake', 'a=b/'],
  ])('%s', (place, bucket, prefix) => {
    expect(isS3(place)).toBe(true)
    expect(parseS3(place)).toEqual({ bucket, prefix })
  })

  it.each([
    's3://',
    's3://Example',
    's3://a',
    's3://example-lake/a//b',
    's3://example-lake/../b',
    's3://example-lake/a%20b',
    's3://example-lake/a?b',
    's3://example-lake/a#b',
    's3://user:secret@example-lake/a',
    's3://example-lake/a\nb',
  ])('%j is none', (place) => {
    expect(() => parseS3(place)).toThrow(UserError)
  })

  it('is not every place', () => {
    for (const place of ['./lake', '/s3://x', 'gs://example', 's3:/x']) expect(isS3(place)).toBe(false)
  })
})
