import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readNotice } from './index.ts'
import { decodeKey, encodedKey, plainKey } from './key.ts'

interface Fixture {
  /** A text, or the JSON that is sent. */
  body: unknown
  says: ReturnType<typeof readNotice>
}

const fixtures = new URL('./fixtures/', import.meta.url)
const REAL = new URL('../../../../shared/data/envelopes/all-envelopes.jsonl', import.meta.url)

describe('a message is recognised', () => {
  it.each(readdirSync(fixtures))('%s', (file) => {
    const { body, says } = JSON.parse(readFileSync(new URL(file, fixtures), 'utf8')) as Fixture
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    expect(readNotice(text)).toEqual(says)
    expect(readNotice(` \n${text}\n`)).toEqual(says)
  })
})

interface Real {
  kind: string
  /** Some bodies are in files of their own, which are not included. */
  body?: string
  expect?: { bucket: string; key: string; size?: number }[] | null
}

describe.skipIf(!existsSync(REAL))('a real message is recognised', () => {
  const lines = existsSync(REAL) ? readFileSync(REAL, 'utf8').trim().split('\n') : []
  const real = lines.map((line) => JSON.parse(line) as Real).filter(({ body }) => body !== undefined)
  it.each(real.map((one) => [one.kind, one] as const))('%s', (_, { body = '', expect: wanted }) => {
    const { objects, others, unknown } = readNotice(body)
    if (!wanted) return expect([objects, others, unknown.length]).toEqual([[], [], 1])
    expect(unknown).toEqual([])
    expect(objects).toMatchObject(
      wanted.map(({ size, ...named }) => (size === undefined ? named : { ...named, bytes: size })),
    )
    expect(objects.length + others.length).toBeGreaterThan(0)
  })
})

describe('whatever comes', () => {
  const body = readFileSync(new URL('sns-s3.json', fixtures), 'utf8')
  const whole = JSON.stringify((JSON.parse(body) as Fixture).body)

  it('nothing is thrown, and nothing goes unnamed', () => {
    for (let end = 0; end < whole.length; end++) {
      const { objects, others, unknown } = readNotice(whole.slice(0, end))
      expect([objects, others, unknown.length]).toEqual([[], [], 1])
    }
    for (const strange of [
      '{"Records":[null]}',
      '{"Records":{"0":1}}',
      '{"source":"aws.s3"}',
      '[]',
      'null',
      '""',
    ])
      expect(readNotice(strange).unknown).toHaveLength(1)
  })

  it('no text of the message is in a reason, or under a name', () => {
    const hostile = '\u001b[2J{"x'
    const events = readNotice(
      JSON.stringify({ Records: [{ eventSource: 'aws:s3', eventName: hostile, s3: {} }] }),
    )
    expect(events.others).toEqual(['another event'])
    expect(JSON.stringify(readNotice(hostile))).not.toContain('2J')
  })
})

describe('keys', () => {
  it.each([
    ['a/b.json', 'a/b.json'],
    ['a+b', 'a b'],
    ['a%2Bb', 'a+b'],
    ['%C3%A4%zz', 'ä%zz'],
    ['%ff%41', '%ff%41'],
    ['100%', '100%'],
  ])('%s is %s', (written, key) => {
    expect(decodeKey(written)).toBe(key)
  })

  it('of S3 leave no doubt when S3 has written them', () => {
    for (const key of ['year=2026/a b+c.json', 'ü/日本/%/x', "it's (1)!~*.gz", 'a:b&c@d;e,f$']) {
      const written = encodeURIComponent(key).replaceAll('%20', '+').replaceAll('%2F', '/')
      expect(encodedKey(written)).toEqual({ key })
    }
  })

  it('of EventBridge are as they are', () => {
    expect(plainKey('a/b=c ü.json')).toEqual({ key: 'a/b=c ü.json' })
    expect(plainKey('a+b')).toEqual({ key: 'a+b', otherKey: 'a b' })
  })
})
