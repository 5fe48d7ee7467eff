import { describe, expect, it } from 'vitest'
import { unsupported } from './check.ts'

const facts = {
  texts: [
    'alice@example.com via Admin',
    'e3 2026-01-08T09:12:00Z-09:40:11Z x120 s3 GetObject eu-central-1 AccessDenied from 203.0.113.7 arn:aws:s3:::logs',
  ],
  numbers: [120, 3],
}

describe('a sentence holds when its rows say it', () => {
  it.each([
    'alice@example.com was refused GetObject 120 times from 203.0.113.7 in eu-central-1.',
    'GetObject on arn:aws:s3:::logs, 2026-01-08T09:12:00Z to 09:40:11Z.',
    'It looks like reconnaissance and should be looked into.',
    'CloudTrail shows three kinds of call.',
  ])('%s', (sentence) => {
    expect(unsupported(sentence, facts)).toEqual([])
  })
})

describe('a sentence is struck when they do not', () => {
  it.each([
    ['a number', 'GetObject was called 121 times.', '121'],
    ['a part of a number', 'GetObject was called 12 times.', '12'],
    ['an API', 'DeleteBucket was called.', 'DeleteBucket'],
    ['an address', 'It came from 203.0.113.70.', '203.0.113.70'],
    ['a time', 'It began at 09:13:00.', '09:13:00'],
    ['a day', 'It began on 2026-01-09.', '2026-01-09'],
    ['a Region', 'It was done in us-east-1.', 'us-east-1'],
    ['an account', 'It was done in 999988887777.', '999988887777'],
    ['a person', 'mallory@example.com did it.', 'mallory@example.com'],
    ['an ARN', 'On arn:aws:s3:::other.', 'arn:aws:s3:::other'],
    ['an event', 'See 438a898e-0e1d-4286-8a35-fb163ef7445b.', '438a898e-0e1d-4286-8a35-fb163ef7445b'],
    ['a service', 'By kms.amazonaws.com.', 'kms.amazonaws.com'],
  ])('%s', (_, sentence, found) => {
    expect(unsupported(sentence, facts)).toContain(found)
  })
})
