import { describe, expect, it } from 'vitest'
import { wantedNames } from './names.ts'

const FILE =
  '/logs/AWSLogs/o-x/111122223333/CloudTrail/us-east-1/2026/01/07/111122223333_CloudTrail_us-east-1_x.json.gz'
const OBJECT = `s3://trail-bucket${FILE.slice(5)}`

describe.each([FILE, OBJECT])('%s', (name) => {
  it.each([
    '**',
    '*.json.gz',
    '*.gz',
    'us-east-1/**',
    'us-east-1/',
    '**/us-east-1/**',
    '2026/01/0[5-9]/*',
    'CloudTrail/*/2026/**',
    '*_CloudTrail_*',
    '{eu,us}-*-1/**',
  ])('is found by %s', (pattern) => {
    expect(wantedNames([pattern], [])(name)).toBe(true)
    expect(wantedNames([], [pattern])(name)).toBe(false)
  })

  it.each([
    '*.json',
    'eu-central-1/**',
    'us-east/**',
    'east-1/**',
    '2026/02/**',
    'CloudTrail-Digest/',
    '!*.gz',
  ])('is not found by %s', (pattern) => {
    expect(wantedNames([pattern], [])(name)).toBe(false)
    expect(wantedNames([], [pattern])(name)).toBe(true)
  })
})

it('takes whole names', () => {
  expect(wantedNames([FILE], [])(FILE)).toBe(true)
  expect(wantedNames([OBJECT], [])(OBJECT)).toBe(true)
  expect(wantedNames(['s3://trail-bucket/AWSLogs/**'], [])(OBJECT)).toBe(true)
  expect(wantedNames(['s3://other-bucket/**'], [])(OBJECT)).toBe(false)
  expect(wantedNames(['/logs/AWSLogs/**'], [])(FILE)).toBe(true)
  expect(wantedNames(['/AWSLogs/**'], [])(FILE)).toBe(false)
})

it('excludes what is included', () => {
  const wanted = wantedNames(['us-east-1/**', '*.txt'], ['*_x.json.gz'])
  expect(wanted('/a/us-east-1/b.json.gz')).toBe(true)
  expect(wanted('/a/us-east-1/b_x.json.gz')).toBe(false)
  expect(wanted('/a/c.txt')).toBe(true)
  expect(wanted('/a/eu-west-1/b.json.gz')).toBe(false)
})
