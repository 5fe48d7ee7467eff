import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { anchorsOf } from '../anchors.ts'
import { rules } from './rules.ts'
import { secretsIn } from './scan.ts'

/** Computed, so that scanners of repositories do not report this file as a leak. */
const digest = (seed: string) => createHash('sha512').update(seed).digest()
const hex = (length: number) => digest('hex').toString('hex').slice(0, length)
const word = (length: number, seed = 'word') =>
  Array.from(
    { length },
    (_, at) => 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789'[(digest(seed + at)[0] ?? 0) % 57],
  ).join('')
const capitals = (length: number) =>
  word(length * 3, 'capitals')
    .toUpperCase()
    .replace(/[^A-Z2-7]/g, '')
    .slice(0, length)

const found = (text: string, options = {}) =>
  secretsIn(text, 'user', options).map(({ rule, from, to }) => [rule, text.slice(from, to)])

describe('a secret', () => {
  const values: [rule: string, before: string, value: string, after: string][] = [
    ['aws-access-token', 'key ', `AKIA${capitals(16)}`, ' there'],
    ['aws-amazon-bedrock-api-key-long-lived', 'export K=', `ABSK${word(120)}`, '\n'],
    ['github-pat', 'token: ', `ghp_${word(36)}`, ''],
    ['slack-bot-token', '', `xoxb-${'123456789012'}-${'123456789012'}${word(24)}`, ''],
    ['generic-api-key', 'api_key = "', word(32), '"'],
    ['databricks-api-token', 'use ', `dapi${hex(32)}`, ' now'],
    ['stripe-access-token', 'Stripe("', `sk_live_${word(24)}`, '")'],
    ['curl-auth-header', 'curl \\\n  -H "Authorization: Bearer ', word(40), '" https://example.org'],
    ['curl-auth-user', "curl -u '", `admin:${word(12)}`, "' https://example.org"],
    ['azure-ad-client-secret', 'secret="', `${word(3)}8Q~${word(32)}`, '"'],
  ]
  it.each(values)('%s', (rule, before, value, after) => {
    expect(found(before + value + after)).toContainEqual([rule, value])
    // Also deep in a long text.
    const filler = 'The quick brown fox jumps over the lazy dog. '.repeat(2000)
    expect(found(`${filler}\n${before}${value}${after}\n${filler}`)).toContainEqual([rule, value])
  })

  it('is a private key from its first to its last line', () => {
    const key = `-----BEGIN ${'RSA'} PRIVATE KEY-----\n${word(64)}\n${word(64, 'more')}\n-----END RSA PRIVATE KEY-----`
    expect(found(`a ${key} b`)).toContainEqual(['private-key', key])
    expect(
      found(`-----BEGIN PRIVATE KEY-----\n${word(64)}`).filter(([rule]) => rule === 'private-key'),
    ).toEqual([])
  })

  it('is a value of a Kubernetes manifest', () => {
    const text = `kind: Secret\nmetadata:\n  name: x\ndata:\n  password: ${word(24)}\n`
    expect(found(text).map(([rule]) => rule)).toContain('kubernetes-secret-yaml')
    expect(found(text.replace('Secret', 'ConfigMap')).map(([rule]) => rule)).not.toContain(
      'kubernetes-secret-yaml',
    )
  })

  it.each([
    ['a placeholder', 'api_key = "{{ API_KEY }}"'],
    ['an example', `key AKIAIOSFODNN7${'EXAMPLE'}`],
    ['a word', 'password: "administrator_access_policy"'],
    ['without entropy', 'token = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"'],
    ['a sentence', 'The key to the success of the secret token economy is access.'],
  ])('is not %s', (_, text) => {
    expect(found(text)).toEqual([])
  })

  it('is not a token that CloudTrail names by its field', () => {
    const value = word(40)
    expect(secretsIn(`{"sessionToken":"${value}","clientToken":"${value}"}`, 'parameters')).toEqual([])
    expect(secretsIn(`{"secretToken":"${value}"}`, 'parameters')).toHaveLength(1)
  })

  it('is named once, by the rule that knows it', () => {
    const value = `ghp_${word(36)}`
    expect(found(`token = "${value}"`)).toEqual([['github-pat', value]])
    expect(found(`token = "${value}"`, { without: ['github-pat'] })).toEqual([['generic-api-key', value]])
  })

  it.each(['password', 'passwd', 'PASSWD'])('is what follows %s', (name) => {
    expect(found(`${name} = "${word(24)}"`)).toEqual([['generic-api-key', word(24)]])
  })

  it('is the token, and not the word before it', () => {
    const value = word(40)
    expect(found(`sonar.login=${value}`)).toEqual([['sonar-api-token', value]])
  })

  it.each([1, 2, 3])('is found in JSON within JSON, %i deep', (depth) => {
    const value = word(32)
    let text = JSON.stringify({ api_key: value })
    for (let level = 0; level < depth; level++) text = JSON.stringify({ body: text })
    expect(found(text)).toEqual([['generic-api-key', value]])
    const header = JSON.stringify({ command: `curl -H "Authorization: Bearer ${value}" https://example.org` })
    expect(found(header)).toEqual([['curl-auth-header', value]])
  })

  it('is told as it reads where its own characters are escaped, and once', () => {
    const value = `${word(16)}/${word(16, 'more')}`
    const text = JSON.stringify({ body: `{"api_key":"${value.replace('/', '\\/')}"}` })
    const spans = secretsIn(text, 'user')
    expect(spans.map((span) => [span.rule, span.value])).toEqual([['generic-api-key', value]])
    expect(text.slice(spans[0]?.from, spans[0]?.to)).toBe(value.replace('/', '\\\\/'))
    const pat = `ghp_${word(36)}`
    expect(found(JSON.stringify({ body: JSON.stringify({ token: pat }) }))).toEqual([['github-pat', pat]])
  })

  it('is not a token that CloudTrail names by its field, in JSON within JSON either', () => {
    const policy = JSON.stringify({ sessionToken: word(40), nextToken: word(40, 'more') })
    expect(secretsIn(JSON.stringify({ policy }), 'parameters')).toEqual([])
  })

  it('is left out by its rule', () => {
    expect(found(`ghp_${word(36)}`, { without: ['github-pat'] })).toEqual([])
  })
})

describe('rules', () => {
  it('compile, and have ids of their own and anchors', () => {
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length)
    for (const { source, anchors, kind, gate } of rules) {
      expect(() => new RegExp(source, 'y')).not.toThrow()
      expect(kind === 'whole' ? (gate ?? []).length : anchors.length).toBeGreaterThan(0)
      for (const anchor of anchors) expect(anchor).toBe(anchor.toLowerCase())
    }
    expect(rules.length + 4).toBe(221)
  })
})

describe('anchors', () => {
  it('find all words, those inside of others too', () => {
    const words = ['he', 'she', 'hers', 'his', 'e']
    const text = 'uSHErs hisHE x'
    const got: string[] = []
    anchorsOf(words).each(text, (at, end) => got.push(`${words[at]}@${end}`))
    const wanted = words.flatMap((one) =>
      Array.from(text.toLowerCase(), (_, at) => at)
        .filter((at) => text.toLowerCase().startsWith(one, at))
        .map((at) => `${one}@${at + one.length}`),
    )
    expect(got.sort()).toEqual(wanted.sort())
  })
})
