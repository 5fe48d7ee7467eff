import { execFileSync, spawnSync } from 'node:child_process'
import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type TimeAuthority, timeAuthority } from '../../../test/receivers/time-authority.ts'
import { checkpointText, noteOf } from '../../witness/note.ts'
import { fileSigner } from '../../witness/signer.ts'
import { askAuthority } from '../../witness/stamp/authority.ts'
import { stampRequest } from '../../witness/stamp/request.ts'
import { inclusionPath, inMemory, leafHash } from '../../witness/tree.ts'
import { digestOf } from '../digest.ts'
import { bundleOf } from './bundle.ts'
import { signed, signingKey } from './dsse.ts'
import { verifyBundle } from './verify.ts'
import { unzipped, zipOf } from './zip.ts'

/** Every change of a bundle is detected: by us, and by verify.py with Python and openssl alone. */

const place = mkdtempSync(join(tmpdir(), 'loglake-mutations-'))
afterAll(async () => {
  await authority.close()
  rmSync(place, { recursive: true })
})
const key = signingKey(join(place, 'key.pem'))
const object = 's3://logs/AWSLogs/111122223333/CloudTrail/eu-central-1/2026/01/07/a.json.gz'
const SUM = 'ab'.repeat(32)
/** A log object in the bundle, its hash, and a record of it. */
const RECORD = '{"eventID":"1f0","eventName":"StopLogging"}'
const RECORDS = `{"Records":[${RECORD},{"eventID":"2a0"}]}`
const hashOf = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest('hex')
const WHOLE = hashOf(RECORDS)
let authority: TimeAuthority

const ENTRY = {
  row: { file: 'rows/answer.ndjson', line: 1 },
  id: '1f0',
  has_id: true,
  object: 's3://logs/whole',
  object_sha256: WHOLE,
  expanded_sha256: WHOLE as string | null,
  offset: RECORDS.indexOf(RECORD),
  length: RECORD.length,
  sha256: hashOf(RECORD),
}
type Entry = typeof ENTRY

/** A digest that a key of ours has signed in place of AWS's, and a log of three leaves. */
async function bundle(
  reason: string,
  version: number,
  {
    whole = RECORDS,
    index = [ENTRY],
    signedHash = SUM,
    objects = [],
  }: { whole?: string; index?: readonly Entry[]; signedHash?: string; objects?: readonly Buffer[] } = {},
): Promise<Buffer> {
  const aws = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const der = aws.publicKey.export({ type: 'pkcs1', format: 'der' })
  const fingerprint = createHash('md5').update(der).digest('hex')
  const document = JSON.stringify({
    digestStartTime: '2026-01-07T10:00:00Z',
    digestEndTime: '2026-01-07T11:00:00Z',
    digestS3Bucket: 'logs',
    digestS3Object: 'AWSLogs/d.json.gz',
    digestPublicKeyFingerprint: fingerprint,
    previousDigestSignature: null,
    logFiles: [{ s3Bucket: 'logs', s3Object: object.slice('s3://logs/'.length), hashValue: signedHash }],
  })
  const sum = createHash('sha256').update(document).digest('hex')
  const text = `2026-01-07T11:00:00Z\nlogs/AWSLogs/d.json.gz\n${sum}\nnull`
  const signature = sign('RSA-SHA256', Buffer.from(text), aws.privateKey).toString('hex')
  const signer = fileSigner(join(place, 'log.pem'))
  const [own] = objects
  const held = own ? hashOf(own) : 'cd'.repeat(32)
  // With the object itself in the bundle, the log says nothing of its content: an earlier release has written it.
  const line = JSON.stringify([object, 'v', held, own ? null : SUM, 'stored', '1', '0'])
  const lines = [line, 'other', 'third'].map((one) => leafHash(Buffer.from(one)))
  const root = (await inMemory(lines)(0, 3)).toString('hex')
  const leaf = JSON.stringify({ version, objects: { count: 3, root } })
  const leaves = ['first', leaf, 'last'].map((one) => leafHash(Buffer.from(one)))
  const checkpoint = checkpointText({ origin: 'test', size: 3, root: await inMemory(leaves)(0, 3) })
  const hex = (path: Buffer[]) => path.map((one) => one.toString('hex'))
  const proof = {
    object,
    line,
    index: 0,
    count: 3,
    path: hex(await inclusionPath(0, 3, inMemory(lines))),
    leaf,
    leaf_index: 1,
    leaf_path: hex(await inclusionPath(1, 3, inMemory(leaves))),
  }
  const json = (value: unknown) => Buffer.from(`${JSON.stringify(value, null, 1)}\n`)
  const rows = [{ table: 'answer', id: '1', object, json: '{"eventid":"1f0","eventname":"StopLogging"}' }]
  const note = Buffer.from(noteOf(checkpoint, 'test', signer.publicKey, await signer.sign(checkpoint)))
  const request = stampRequest(note)
  const digest = { sha256: digestOf(rows), rows: 1, lakeVersion: version }
  return bundleOf(
    {
      review: { id: 'question', subject: 'question', kind: 'question', person: null, started: null },
      steps: [],
      rows,
      rowsAre: 'whole',
      digest,
      objects: [
        { name: object, sha256: held },
        { name: 's3://logs/whole', sha256: WHOLE },
      ],
      access: [],
      exported: { at: '2026-01-10T00:00:00.000Z', by: reason, role: 'operator', program: '0' },
      complete: {},
      question: { sql: 'select 1', version },
      proof: new Map([
        ['digests.json', json([{ object: 's3://logs/AWSLogs/d.json.gz', document, signature, fingerprint }])],
        ['digest-keys.json', json([{ fingerprint, value: der.toString('base64') }])],
        [
          'digest-files.json',
          json([{ object, sha256: signedHash, digest: 's3://logs/AWSLogs/d.json.gz', state: 'same' }]),
        ],
        ['log/checkpoint', note],
        ['log/stamp.tsq', request],
        ['log/stamp.tsr', await askAuthority(authority.url, request)],
        ['log/tsa.pem', Buffer.from(authority.root)],
        ['log/key.pem', Buffer.from(signer.publicKey.export({ type: 'spki', format: 'pem' }) as string)],
        ['log/proofs.json', json({ objects: [proof], unproved: [] })],
        [`objects/${WHOLE}`, Buffer.from(whole)],
        ['objects/left-out.json', json([])],
        [`records/${hashOf(RECORD)}`, Buffer.from(RECORD)],
        ['records/index.json', json(index)],
        ['records/left-out.json', json([])],
        ...objects.map((bytes): [string, Buffer] => [`objects/${hashOf(bytes)}`, bytes]),
      ]),
    },
    key,
  )
}

let good: Buffer
let other: Buffer
const mutants: [name: string, bytes: Buffer][] = []

beforeAll(async () => {
  authority = await timeAuthority(join(place, 'authority'))
  good = await bundle('ana', 7)
  other = await bundle('eve', 8)
  const [files, others] = [unzipped(good), unzipped(other)]
  // Byte regions all over the archive: headers, names, contents, list.
  for (let nth = 0; nth < 460; nth++) {
    const at = Math.floor((nth * good.length) / 460)
    const bytes = Buffer.from(good)
    bytes[at] = (bytes[at] as number) ^ (1 << (nth % 8))
    mutants.push([`byte ${at}`, bytes])
  }
  for (const name of files.keys()) {
    const less = new Map(files)
    less.delete(name)
    mutants.push([`without ${name}`, zipOf(less)])
    const swapped = new Map(files).set(name, others.get(name) as Buffer)
    if (!(others.get(name) as Buffer).equals(files.get(name) as Buffer))
      mutants.push([`${name} of another bundle`, zipOf(swapped)])
    mutants.push([`${name} emptied`, zipOf(new Map(files).set(name, Buffer.alloc(0)))])
    mutants.push([`${name} that is null`, zipOf(new Map(files).set(name, Buffer.from('null')))])
    mutants.push([
      `${name} twice as long`,
      zipOf(new Map(files).set(name, Buffer.concat([files.get(name) as Buffer, files.get(name) as Buffer]))),
    ])
  }
  // Signed by the right key, but not the object with this hash.
  mutants.push(['another object under the hash', await bundle('ana', 7, { whole: '{"Records":[1]}' })])
  const indexes: [string, Partial<Entry>[]][] = [
    ['at another place', [{ offset: ENTRY.offset + 1 }]],
    ['before the object', [{ offset: -1 }]],
    ['longer than it is', [{ length: ENTRY.length + 1 }]],
    ['of another row', [{ row: { file: 'rows/answer.ndjson', line: 2 } }]],
    ['of a row of another id', [{ id: '2a0' }]],
    ['of an object that the ledger does not have', [{ object: 's3://logs/other' }]],
    ['of an object of another hash', [{ object_sha256: 'ab'.repeat(32) }]],
    ['of an object of other content', [{ expanded_sha256: 'ab'.repeat(32) }]],
    ['of an object that the log has other content of', [{ object, object_sha256: 'cd'.repeat(32) }]],
    ['across another one', [{}, { offset: ENTRY.offset + 2 }]],
    ['that is not there', [{}, { sha256: 'ab'.repeat(32) }]],
    ['that nobody names', []],
  ]
  for (const [name, entries] of indexes) {
    const index = entries.map((one) => ({ ...ENTRY, ...one }))
    mutants.push([`a record ${name}, rightly signed`, await bundle('ana', 7, { index })])
  }
  // The exporter says that AWS has signed this content, and AWS has signed another.
  mutants.push(['a log file of other content, by the log', await bundle('ana', 7, { signedHash: WHOLE })])
  const changed = gzipSync('{"Records":[{"eventID":"changed"}]}')
  mutants.push([
    'a log file of other content, by itself',
    await bundle('ana', 7, { signedHash: WHOLE, objects: [changed] }),
  ])
  const strange = Buffer.from(
    JSON.stringify({
      ...JSON.parse((files.get('statement.json') as Buffer).toString()),
      predicateType: 'https://example.com/attestation/v1',
    }),
  )
  const envelopeOf = Buffer.from(`${JSON.stringify(signed(strange, key), null, 2)}\n`)
  mutants.push([
    'a statement of another kind, rightly signed',
    zipOf(new Map([...files, ['statement.json', strange], ['statement.dsse.json', envelopeOf]])),
  ])
  // Without the key, an attacker can forge everything but the signature.
  const statement = JSON.parse((files.get('statement.json') as Buffer).toString())
  const forged = Buffer.from('{"forged":true}')
  const subjects = statement.subject as { name: string; digest: { sha256: string } }[]
  for (const one of subjects) if (one.name === 'access.json') one.digest.sha256 = hashOf(forged)
  const unsigned = Buffer.from(JSON.stringify(statement))
  const payload = { payloadType: 'application/vnd.in-toto+json', payload: unsigned.toString('base64') }
  for (const envelope of ['null', '', '{}', `${JSON.stringify({ ...payload, signatures: [] }, null, 2)}\n`])
    mutants.push([
      `forged, with the envelope ${envelope.slice(0, 9)}`,
      zipOf(
        new Map([
          ...files,
          ['access.json', forged],
          ['statement.json', unsigned],
          ['statement.dsse.json', Buffer.from(envelope)],
        ]),
      ),
    ])
  mutants.push(['a file more', zipOf(new Map(files).set('more.txt', Buffer.from('more')))])
  mutants.push(['bytes behind it', Buffer.concat([good, Buffer.from('more')])])
  mutants.push(['bytes before it', Buffer.concat([Buffer.from('more'), good])])
  mutants.push(['cut short', good.subarray(0, good.length - 1)])
  const keys = [...files.keys()]
  for (const [at, name] of keys.entries()) {
    const next = keys[(at + 1) % keys.length] as string
    const swapped = new Map(files).set(name, files.get(next) as Buffer).set(next, files.get(name) as Buffer)
    mutants.push([`${name} and ${next} swapped`, zipOf(swapped)])
  }
})

it('has at least 500 mutants', () => expect(mutants.length).toBeGreaterThanOrEqual(500))

it('the bundle itself is sound for both', () => {
  const found = verifyBundle(good, { key: key.publicPem })
  expect(found).toMatchObject({
    sound: true,
    faults: [],
    proved: { signedByAws: 1, logged: 1, stamped: expect.stringMatching(/^20/) },
  })
})

it('a log file that is in the bundle is the one that AWS signed', async () => {
  const content = '{"Records":[{"eventID":"1f0"}]}'
  const whole = await bundle('ana', 7, { signedHash: hashOf(content), objects: [gzipSync(content)] })
  expect(verifyBundle(whole, { key: key.publicPem })).toMatchObject({ sound: true, faults: [] })
})

it('we find all of them', () => {
  const missed = mutants.filter(([, bytes]) => {
    try {
      return verifyBundle(bytes, { key: key.publicPem }).sound
    } catch {
      return false
    }
  })
  expect(missed.map(([name]) => name)).toEqual([])
})

it('verify.py finds all of them, with Python and openssl alone', { timeout: 600_000 }, () => {
  const folder = join(place, 'mutants')
  mkdirSync(folder)
  const program = readFileSync(new URL('./verify.py', import.meta.url))
  writeFileSync(join(place, 'verify.py'), program)
  writeFileSync(join(place, 'public.pem'), key.publicPem)
  expect(program.toString().split('\n').length).toBeLessThanOrEqual(301)
  writeFileSync(join(folder, 'good'), good)
  for (const [at, [, bytes]] of mutants.entries()) writeFileSync(join(folder, String(at)), bytes)
  const driver = [
    'import contextlib, io, os, sys',
    'sys.dont_write_bytecode = True',
    'import verify',
    'for name in os.listdir("mutants"):',
    '    verify.FAULTS.clear()',
    '    sys.argv = ["verify.py", "mutants/" + name, "--key", "public.pem"]',
    '    with contextlib.redirect_stdout(io.StringIO()):',
    '        code = verify.main()',
    '    if code == 0:',
    '        print(name)',
  ].join('\n')
  writeFileSync(join(place, 'driver.py'), `${driver}\n`)
  // Without a network, where the machine allows it.
  const command = `unshare -rn true 2>/dev/null && exec unshare -rn python3 driver.py; exec python3 driver.py`
  const out = execFileSync('bash', ['-c', command], { cwd: place, encoding: 'utf8' })
  expect(out.trim().split('\n')).toEqual(['good'])
})

it('a stamp that is of another authority, another log or another request is found by both', async () => {
  const other = await timeAuthority(join(place, 'other'))
  const files = unzipped(good)
  const note = files.get('log/checkpoint') as Buffer
  const request = files.get('log/stamp.tsq') as Buffer
  const again = stampRequest(note)
  const elsewhere = stampRequest(Buffer.from('other'))
  const changes: Record<string, Record<string, Buffer>> = {
    'of another authority': { 'log/stamp.tsr': await askAuthority(other.url, request) },
    'that answers another request': { 'log/stamp.tsr': await askAuthority(authority.url, again) },
    'of another log': {
      'log/stamp.tsq': elsewhere,
      'log/stamp.tsr': await askAuthority(authority.url, elsewhere),
    },
  }
  await other.close()
  const root = join(place, 'root.pem')
  writeFileSync(root, authority.root)
  writeFileSync(join(place, 'verify.py'), readFileSync(new URL('./verify.py', import.meta.url)))
  for (const [name, change] of Object.entries(changes)) {
    const bytes = zipOf(new Map([...files, ...Object.entries(change)]))
    const { faults } = verifyBundle(bytes, { tsa: authority.root })
    expect([name, faults.filter((fault) => fault.includes('time stamp'))]).toEqual([
      name,
      [expect.any(String)],
    ])
    writeFileSync(join(place, 'changed'), bytes)
    const { stdout } = spawnSync('python3', ['verify.py', 'changed', '--tsa', root], { cwd: place })
    expect([name, stdout.toString()]).toEqual([
      name,
      expect.stringContaining("WRONG: the time stamp is not the authority's"),
    ])
  }
  writeFileSync(join(place, 'whole'), good)
  const { stdout } = spawnSync('python3', ['verify.py', 'whole', '--tsa', root], { cwd: place })
  expect(stdout.toString()).toMatch(/the log had them at 20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ\nSOUND/)
})
