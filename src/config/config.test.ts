import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { UserError } from '../lib/errors.ts'
import { parseConfig, readConfig } from './config.ts'
import { configJsonSchema, configKeys } from './keys.ts'
import { configReference } from './reference.ts'

const parse = (text: string) => parseConfig(text, 'loglake.yaml')

describe('what is written', () => {
  it('is read, and everything else has its default', () => {
    const { values } = parse('lake: /data/lake\ningest:\n  memory: 1GiB\n  batch: {objects: 10}\n')
    expect(values).toMatchObject({ lake: '/data/lake', ingest: { memory: 2 ** 30, batch: { objects: 10 } } })
    expect(values.ingest.batch.bytes).toBe(192 * 2 ** 20)
    expect(values.query.format).toBe('table')
    expect(values.retention).toEqual({ days: {}, snapshots_days: 7, grace_hours: 24, follower_days: 30 })
  })

  it('may be nothing', () => {
    for (const text of ['', '# only a comment\n', '---\n', 'ingest:\n', 'ingest:\n  # threads: 2\nquery:\n'])
      expect(parse(text).values).toEqual(parse('{}').values)
  })

  it('knows its lines', () => {
    const { line } = parse('# mine\nlake: here\ningest:\n  batch:\n    bytes: 5MB\n')
    expect(line('lake')).toBe(2)
    expect(line('ingest.batch.bytes')).toBe(5)
    expect(line('ingest.memory')).toBeUndefined()
  })
})

describe('a lake on S3', () => {
  it('needs no setting but its place', () => {
    const { values } = parse('lake: s3://example-lake/audit')
    expect(values.lake).toBe('s3://example-lake/audit')
    expect(values.storage).toEqual({ identity: {}, cache: { bytes: 10 * 2 ** 30 } })
  })

  it('has an identity, protection, and a cache', () => {
    const { values } = parse(
      'storage:\n  identity: {region: eu-central-1}\n  kms_key: alias/x\n  object_lock: {days: 3}\n  cache: {bytes: 1MiB}\n',
    )
    expect(values.storage).toEqual({
      identity: { region: 'eu-central-1' },
      kms_key: 'alias/x',
      object_lock: { mode: 'governance', days: 3 },
      cache: { bytes: 2 ** 20 },
    })
  })
})

describe('what is wrong', () => {
  it('is told without the password of an address', () => {
    for (const text of [
      'model: {base_url: "http://me:hunter2hunter2@127.0.0.1/v1"}',
      'destinations: {x: {type: webhook, url: "https://hunter2hunter2@example.com/"}}',
    ])
      expect(() => parse(text)).toThrow(/^(?![\s\S]*hunter2)[\s\S]*\/\/\*\*\*@/)
  })

  it.each([
    ['retenton: 1', 'loglake.yaml:1: there is no key "retenton": did you mean "retention"?'],
    [
      'lake: x\ningest:\n  batchs: 3',
      'loglake.yaml:3: there is no key "batchs" in "ingest": did you mean "batch"?',
    ],
    [
      'ingest:\n  batch:\n    object: 3',
      'loglake.yaml:3: there is no key "object" in "ingest.batch": did you mean "objects"?',
    ],
    ['zzz: 1', 'loglake.yaml:1: there is no key "zzz"'],
    ['lake: 3', 'loglake.yaml:1: lake: a text is wanted, not 3'],
    [
      'ingest:\n  threads: two',
      'loglake.yaml:2: ingest.threads: a whole number of at least 1 is wanted, not "two"',
    ],
    [
      'ingest:\n  threads: 0',
      'loglake.yaml:2: ingest.threads: a whole number of at least 1 is wanted, not 0',
    ],
    ['ingest:\n  memory: lots', 'loglake.yaml:2: ingest.memory: a size is wanted, as in 512MiB, not "lots"'],
    ['ingest:\n  memory: 0', 'loglake.yaml:2: ingest.memory: a size is wanted, as in 512MiB, not 0'],
    [
      'query:\n  format: xml',
      'loglake.yaml:2: query.format: one of table, line, json, ndjson, csv, markdown is wanted, not "xml"',
    ],
    [
      'ingest:\n  include: "*.gz"',
      'loglake.yaml:2: ingest.include: a list of patterns is wanted, as in ["**/us-east-1/**"], not "*.gz"',
    ],
    [
      'storage:\n  identity: {rolearn: x}',
      'loglake.yaml:2: there is no key "rolearn" in "storage.identity": did you mean "role_arn"?',
    ],
    [
      'storage:\n  object_lock: {mode: strict, days: 1}',
      'loglake.yaml:2: storage.object_lock.mode: one of governance, compliance is wanted, not "strict"',
    ],
    ['- a\n- b', 'loglake.yaml:1: keys and values are wanted, not ["a","b"]'],
    ['lake: a\nlake: b', 'loglake.yaml:2: Map keys must be unique'],
  ])('%j', (text, message) => {
    expect(() => parse(text)).toThrow(new UserError(message))
  })

  it('is told all at once, in the order of the lines', () => {
    expect(() => parse('query:\n  threads: 0\nlakes: x\nretention:\n  grace_hours: -1\n')).toThrow(
      /^loglake\.yaml:2: .*\nloglake\.yaml:3: .*\nloglake\.yaml:5: .*$/,
    )
  })

  it('does not blow up on a bomb of aliases', () => {
    const bomb = ['a: &a [x, x, x, x, x, x, x, x, x]']
    for (let at = 1; at < 9; at++) {
      const before = `*${'abcdefghi'[at - 1]}`
      bomb.push(`${'abcdefghi'[at]}: &${'abcdefghi'[at]} [${Array(9).fill(before).join(', ')}]`)
    }
    expect(() => parse(bomb.join('\n'))).toThrow(UserError)
  })
})

describe('a file', () => {
  it('says where the lake is from its own folder on', () => {
    const folder = mkdtempSync(join(tmpdir(), 'loglake-config-'))
    const file = join(folder, 'mine.yaml')
    writeFileSync(file, 'lake: ./there\n')
    expect(readConfig(file).values.lake).toBe(join(folder, 'there'))
    writeFileSync(file, 'logtypes: ./mine\n')
    expect(readConfig(file).values.logtypes).toBe(join(folder, 'mine'))
    writeFileSync(file, 'query: {threads: 1}\n')
    expect(readConfig(file).values.lake).toBe('./lake')
  })

  it('that is not there is a mistake only when it was named', () => {
    expect(() => readConfig('/nowhere/loglake.yaml')).toThrow(UserError)
    expect(readConfig().values.lake).toBe('./lake')
  })
})

it('lists every key', () => {
  expect(configKeys()).toContain('ingest.batch.bytes')
  expect(configKeys()).not.toContain('ingest.batch')
})

it('has the schema that lies in the repository: `npm run schema` makes it anew', () => {
  const file = new URL('../../loglake.schema.json', import.meta.url)
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(JSON.parse(JSON.stringify(configJsonSchema())))
})

it('has the page of every key that lies in the docs: `npm run schema` makes it anew', () => {
  const file = new URL('../../docs/configuration-reference.md', import.meta.url)
  const page = configReference(configJsonSchema())
  expect(readFileSync(file, 'utf8')).toBe(page)
  expect(page).toContain('| `serve.oidc.issuer` | text | (required) | The issuer. |')
  expect(page).toContain('| `retention.days` | names and values |')
  // Keys below a user-chosen name contain the name; those of an identity are documented once.
  const isThere = (key: string) => page.includes(`\`${key}\``) || page.includes(`\`${key}.NAME.`)
  expect(configKeys().filter((key) => !isThere(key) && !key.includes('identity.'))).toEqual([])
})
