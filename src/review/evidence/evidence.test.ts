import { execFileSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { digestOf } from '../digest.ts'
import { bundleOf } from './bundle.ts'
import { signingKey } from './dsse.ts'
import { verifyBundle } from './verify.ts'
import { unzipped, zipOf } from './zip.ts'

const place = mkdtempSync(join(tmpdir(), 'loglake-evidence-'))
afterAll(() => rmSync(place, { recursive: true, force: true }))

const key = signingKey(join(place, 'key.pem'))
const rows = [
  { table: 'cloudtrail', id: '1', object: 's3://b/k', json: '{"eventid":"1","text":"é \\u202e <script>"}' },
  { table: 'session_log', id: '2', object: null, json: '{"text":"rm -rf /"}' },
]
const digest = { sha256: digestOf(rows), rows: 2, lakeVersion: 7 }
const step = {
  review_id: 'session:x',
  seq: 1,
  kind: 'decided' as const,
  at: '2026-01-09T00:00:00.000Z',
  subject: 'x',
  subject_kind: 'session' as const,
  person: '<img src=x>',
  started: null,
  due: null,
  reviewer: 'dalia',
  by_subject: 's',
  by_name: 'dalia',
  by_role: 'manager',
  by_signed_in: 'oidc',
  on_behalf_of: null,
  decision: 'deny' as const,
  reason: 'wrong "é"',
  ticket: null,
  lake_version: 7,
  evidence_digest: digest.sha256,
  evidence_rows: 2,
  people_file_sha256: null,
  detail: null,
  previous_sha256: null,
}
const content = {
  review: { id: 'session:x', subject: 'x', kind: 'session', person: '<img src=x>', started: null },
  steps: [step],
  rows,
  rowsAre: 'whole' as const,
  digest,
  objects: [],
  access: [],
  exported: { at: '2026-01-10T00:00:00.000Z', by: 'ana', role: 'operator', program: '0' },
  complete: {},
}
const bundle = bundleOf(content, key)

it('equal content is equal bytes, and its key is made once', () => {
  expect(bundleOf(content, signingKey(join(place, 'key.pem'))).equals(bundle)).toBe(true)
})

it('is sound, and its rows are those of the decision', () => {
  expect(verifyBundle(bundle, { key: key.publicPem })).toEqual({
    sound: true,
    faults: [],
    keyId: key.id,
    review: 'session:x',
    decision: 'deny',
    rowsMatch: true,
    proved: null,
  })
})

it('has no text of people as HTML', () => {
  const page = unzipped(bundle).get('decision.html')?.toString() ?? ''
  expect(page).toContain('&lt;img src=x&gt;')
  expect(page).not.toContain('<img')
})

describe('one byte that is changed is found', () => {
  it.each([...unzipped(bundle).keys()])('in %s', (name) => {
    const files = unzipped(bundle)
    const bytes = Buffer.from(files.get(name) as Buffer)
    const at = Math.floor(bytes.length / 2)
    bytes[at] = (bytes[at] as number) ^ 1
    files.set(name, bytes)
    expect(verifyBundle(zipOf(files), { key: key.publicPem }).sound).toBe(false)
  })
  it('in a file more, or less, and with another key', () => {
    const more = unzipped(bundle).set('rows/x.ndjson', Buffer.from('{}\n'))
    expect(verifyBundle(zipOf(more)).faults.join()).toContain('rows/x.ndjson was added')
    const less = unzipped(bundle)
    less.delete('access.json')
    expect(verifyBundle(zipOf(less)).faults.join()).toContain('access.json is missing')
    const other = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }) as string
    expect(verifyBundle(bundle, { key: other }).sound).toBe(false)
  })
})

it('a bundle whose files say anything at all is not sound, and breaks nothing', () => {
  const texts = [
    '',
    'null',
    '{}',
    '[]',
    '1',
    '[null]',
    '{"subject":null}',
    '{"steps":[null]}',
    '{"signatures":null}',
  ]
  const more = [
    'log/checkpoint',
    'log/proofs.json',
    'log/stamp.tsr',
    'digests.json',
    'records/index.json',
    'objects/x',
  ]
  for (const name of [...unzipped(bundle).keys(), ...more])
    for (const text of texts) {
      const files = unzipped(bundle).set(name, Buffer.from(text))
      expect([name, text, verifyBundle(zipOf(files)).sound]).toEqual([name, text, false])
    }
})

it('the commands of VERIFY.md alone verify it', () => {
  writeFileSync(join(place, 'review.loglake-evidence.zip'), bundle)
  const text = readFileSync(new URL('./VERIFY.md', import.meta.url), 'utf8')
  const blocks = text.match(/(?:^ {4}.*\n|^\n(?= {4}))+/gm) ?? []
  const commands = blocks
    .filter((block) => !block.includes('aws s3'))
    .map((block) => block.replace(/^ {4}/gm, ''))
  const out = execFileSync('bash', ['-ec', commands.join('\n')], { cwd: place, encoding: 'utf8' })
  expect(out).toContain('Signature Verified Successfully')
  expect(out).toContain(key.id)
  expect(out.match(/: OK$/gm)?.length).toBe(unzipped(bundle).size - 2)
  expect(out).toContain(`${digest.sha256}\n['${digest.sha256}']`)
  expect(out).toContain('the steps follow on one another')
})
