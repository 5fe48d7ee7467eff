import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { awsClients } from '../../src/aws/clients.ts'
import { isTableFile } from '../../src/lake/names.ts'
import type { Storage } from '../../src/lake/storage/contract.ts'
import { localStorage } from '../../src/lake/storage/local.ts'
import { type S3StorageOptions, s3Storage } from '../../src/lake/storage/s3.ts'
import { LakeError, UserError } from '../../src/lib/errors.ts'
import { type Moto, startMoto } from './moto.ts'
import { type Fault, type FaultProxy, startProxy } from './proxy.ts'

const BUCKET = 'example-lake'
let moto: Moto
let proxy: FaultProxy
let folder: string
let lake = 0

beforeAll(async () => {
  moto = await startMoto()
  proxy = await startProxy(moto.endpoint)
  const clients = awsClients(moto.identity)
  const s3 = await clients.s3()
  await s3.createBucket({
    Bucket: BUCKET,
    CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' },
  })
  clients.close()
})
afterAll(async () => {
  await proxy.stop()
  await moto.stop()
})
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'storage-'))
  lake++
  proxy.fault = () => undefined
  proxy.seen = []
})
afterEach(() => rmSync(folder, { recursive: true }))

const bytes = (text: string) => Buffer.from(text)

/** A place on S3 of this test's own, as another machine sees it each time. */
function onS3(options: S3StorageOptions = {}): Storage {
  return s3Storage(`s3://${BUCKET}/a lake/${lake}`, {
    identity: { ...moto.identity, endpoint: proxy.endpoint },
    ...options,
    cache: { folder: join(folder, `cache-${randomUUID()}`), ...options.cache },
  })
}

const storages: [string, () => Storage, string][] = [
  ['a disk', () => localStorage(join(folder, 'a lake')), 'file://'],
  ['S3', onS3, 's3://'],
]

describe.each(storages)('on %s', (_, open, scheme) => {
  const KEY = `tables/t/data/lake_day=2026-01-07/${randomUUID()}.parquet`
  let storage: Storage
  const text = async (key: string) => Buffer.from(await storage.read(key)).toString()
  beforeEach(() => {
    storage = open()
  })

  it('the root is told as engines are told it', () => {
    expect(storage.root.startsWith(`${scheme}`)).toBe(true)
    expect(storage.root).toMatch(/\/a lake(\/\d+)?$/)
  })

  it('what was written is given back', async () => {
    for (const key of ['tables/t/metadata/a.json', KEY]) {
      await storage.write(key, bytes('one'))
      expect(await text(key)).toBe('one')
      expect(await storage.size(key)).toBe(3)
      expect(Buffer.from((await storage.find(key)) ?? [])).toEqual(bytes('one'))
      expect(readFileSync(await storage.local(key), 'utf8')).toBe('one')
    }
    const other = open()
    expect(Buffer.from(await other.read(KEY)).toString()).toBe('one')
    expect(readFileSync(await other.local(KEY), 'utf8')).toBe('one')
  })

  it('a part is read in one piece, shorter at the end of the file, and the missing file is named', async () => {
    const content = randomBytes(100_000)
    await storage.write(KEY, content)
    for (const one of [storage, open()]) {
      expect(content.subarray(0, 32).equals(await one.readPart(KEY, 0, 32))).toBe(true)
      expect(content.subarray(70_001, 70_033).equals(await one.readPart(KEY, 70_001, 32))).toBe(true)
      expect(content.subarray(99_990).equals(await one.readPart(KEY, 99_990, 32))).toBe(true)
      expect(await one.readPart(KEY, 100_000, 32)).toHaveLength(0)
    }
    const missing = KEY.replace('.parquet', '.filters.puffin')
    const thrown = await storage.readPart(missing, 0, 32).catch((error) => error)
    expect(thrown).toBeInstanceOf(LakeError)
    expect(thrown.what).toMatch(/missing/)
  })

  it('a key is not written over', async () => {
    await storage.write('a', bytes('one'))
    await expect(storage.write('a', bytes('two'))).rejects.toBeInstanceOf(LakeError)
    expect(await text('a')).toBe('one')
  })

  it('a key is created once, whole, whoever else tries', async () => {
    const all = Array.from({ length: 20 }, (_, index) => `writer ${index} `.repeat(1000))
    const won = await Promise.all(
      all.map((one, index) => (index % 2 ? open() : storage).create('catalog/v1.json', bytes(one))),
    )
    expect(won.filter(Boolean)).toHaveLength(1)
    expect(await text('catalog/v1.json')).toBe(all[won.indexOf(true)])
  })

  it('a key that was created by another with the same bytes is not ours', async () => {
    expect(await storage.create('same', bytes('same'))).toBe(true)
    expect(await storage.create('same', bytes('same'))).toBe(false)
  })

  it('a hint is overwritten, and seen at once', async () => {
    await Promise.all(['1', '2', '3'].map((one) => storage.hint('catalog/newest', bytes(one))))
    expect(await text('catalog/newest')).toMatch(/^[123]$/)
    await open().hint('catalog/newest', bytes('4'))
    expect(await text('catalog/newest')).toBe('4')
    expect(readFileSync(await storage.local('catalog/newest'), 'utf8')).toBe('4')
  })

  it.each([0, 1, 8 << 20, (8 << 20) + 1, (40 << 20) + 7])('a file of %i bytes is adopted', async (size) => {
    const file = join(await storage.workplace(), 'x')
    const content = randomBytes(size)
    writeFileSync(file, content)
    await storage.adopt(file, KEY)
    expect(existsSync(file)).toBe(false)
    expect(await storage.size(KEY)).toBe(size)
    const elsewhere = readFileSync(await open().local(KEY))
    expect(elsewhere.equals(content)).toBe(true)
    expect(readFileSync(await storage.local(KEY)).equals(content)).toBe(true)
  })

  it('its clock is told', async () => {
    expect(Math.abs((await storage.now()) - Date.now())).toBeLessThan(60_000)
  })

  it('every key below a prefix is listed, with its size and time', async () => {
    const keys = ['catalog/v1.json', 'tables/t/data/a', 'tables/t/data/b/c', 'tables/t2/x', 'tables/u/d']
    for (const key of keys) await storage.write(key, bytes(key))
    const listed = async (prefix: string) => {
      const found: string[] = []
      for await (const { key, bytes: size, writtenMs } of storage.list(prefix)) {
        expect(size).toBe(key.length)
        expect(Math.abs(Date.now() - writtenMs)).toBeLessThan(3_600_000)
        found.push(key)
      }
      return found.sort()
    }
    expect(await listed('tables/t')).toEqual(['tables/t/data/a', 'tables/t/data/b/c'])
    expect(await listed('')).toEqual(keys)
    expect(await listed('nothing')).toEqual([])
  })

  it('a removed key is gone, and may be removed again', async () => {
    for (const key of ['a', KEY]) {
      await storage.write(key, bytes('one'))
      await storage.remove(key)
      await storage.remove(key)
      expect(await storage.find(key)).toBeUndefined()
      expect(await storage.size(key)).toBeUndefined()
    }
  })

  it.each(['read', 'local'] as const)('a file that is missing is named: %s', async (way) => {
    const thrown = await storage[way](KEY).catch((error) => error)
    expect(thrown).toBeInstanceOf(LakeError)
    expect(thrown.what).toMatch(/missing/)
    expect(thrown.file).toMatch(/a lake\/.*\.parquet$/)
    expect(thrown.remedy).toMatch(/backup/)
  })

  it('a path stays until it is released as often as it was asked for', async () => {
    await storage.write(KEY, bytes('one'))
    const path = await storage.local(KEY)
    expect(await storage.local(KEY)).toBe(path)
    storage.release([path])
    expect(readFileSync(path, 'utf8')).toBe('one')
    expect(path.startsWith(storage.localFolder)).toBe(true)
    storage.release([path])
    expect(readFileSync(await storage.local(KEY), 'utf8')).toBe('one')
  })

  it('each workplace is another', async () => {
    expect(await storage.workplace()).not.toBe(await storage.workplace())
    expect(statSync(await storage.workplace()).isDirectory()).toBe(true)
  })
})

/** The first so many requests of a kind have a fault. */
function first(times: number, method: string, fault: Fault): void {
  let left = times
  proxy.fault = (seen) => (seen.method === method && left-- > 0 ? fault : undefined)
}

describe('a create on S3 whose outcome is in doubt', () => {
  const faults: [string, Fault, number][] = [
    ['done, but the answer is lost', { kind: 'lose' }, 1],
    ['done, but answered 500', { kind: 'deny', status: 500, code: 'InternalError' }, 1],
    ['done, and never answered but 500', { kind: 'deny', status: 500, code: 'InternalError' }, 9],
    ['done, but answered 503', { kind: 'deny', status: 503, code: 'SlowDown' }, 3],
    ['not done: 500', { kind: 'refuse', status: 500, code: 'InternalError' }, 2],
    ['not done: 503', { kind: 'refuse', status: 503, code: 'SlowDown' }, 3],
    ['not done: a conflict', { kind: 'refuse', status: 409, code: 'ConditionalRequestConflict' }, 3],
    ['done, but answered a conflict', { kind: 'deny', status: 409, code: 'ConditionalRequestConflict' }, 1],
    ['not done: the connection is cut', { kind: 'drop' }, 2],
  ]
  it.each(faults)('%s: it is ours', async (_, fault, times) => {
    first(times, 'PUT', fault)
    const storage = onS3()
    expect(await storage.create('catalog/v1.json', bytes('ours'))).toBe(true)
    expect(Buffer.from(await storage.read('catalog/v1.json')).toString()).toBe('ours')
  })

  it.each(faults)('%s: another was first', async (_, fault, times) => {
    await onS3().create('catalog/v1.json', bytes('theirs'))
    first(times, 'PUT', fault)
    const storage = onS3()
    expect(await storage.create('catalog/v1.json', bytes('ours'))).toBe(false)
    expect(Buffer.from(await storage.read('catalog/v1.json')).toString()).toBe('theirs')
  })

  it('has one winner also when every answer to writing gets lost', { timeout: 120_000 }, async () => {
    first(5, 'PUT', { kind: 'lose' })
    const won = await Promise.all(
      Array.from({ length: 5 }, (_, index) => onS3().create('catalog/v1.json', bytes(`writer ${index}`))),
    )
    expect(won.filter(Boolean)).toHaveLength(1)
    const read = Buffer.from(await onS3().read('catalog/v1.json')).toString()
    expect(read).toBe(`writer ${won.indexOf(true)}`)
  })

  it('goes with one conditional request, and no listing', async () => {
    expect(await onS3().create('catalog/v1.json', bytes('ours'))).toBe(true)
    expect(proxy.seen.map(({ method, headers }) => [method, headers['if-none-match']])).toEqual([
      ['PUT', '*'],
    ])
  })
})

describe('reading from S3', () => {
  const KEY = `tables/t/data/${randomUUID()}.parquet`
  const content = randomBytes(3 << 20)
  async function stored(): Promise<Storage> {
    const storage = onS3()
    const file = join(await storage.workplace(), 'x')
    writeFileSync(file, content)
    await storage.adopt(file, KEY)
    return onS3()
  }

  it.each<[string, Fault]>([
    ['cut off in the middle', { kind: 'cut', bytes: 1 << 20 }],
    ['cut off at once', { kind: 'cut', bytes: 0 }],
    ['503', { kind: 'refuse', status: 503, code: 'SlowDown' }],
    ['500', { kind: 'refuse', status: 500, code: 'InternalError' }],
  ])('%s: is tried again', async (_, fault) => {
    const storage = await stored()
    first(2, 'GET', fault)
    expect(readFileSync(await storage.local(KEY)).equals(content)).toBe(true)
    first(2, 'GET', fault)
    expect(Buffer.from(await onS3().read(KEY)).equals(content)).toBe(true)
  })

  it.each<[string, Fault]>([
    ['cut off in the middle', { kind: 'cut', bytes: 100 }],
    ['503', { kind: 'refuse', status: 503, code: 'SlowDown' }],
  ])('a part of one, %s: is tried again', async (_, fault) => {
    const storage = await stored()
    proxy.seen = []
    first(1, 'GET', fault)
    expect(content.subarray(5000, 6000).equals(await storage.readPart(KEY, 5000, 1000))).toBe(true)
    const gets = proxy.seen.filter(({ method }) => method === 'GET')
    expect(gets.map(({ headers }) => headers.range)).toEqual(['bytes=0-262143', 'bytes=0-262143'])
    // What lies around it was kept; a part over the seam of two blocks, and one that is larger than any, are whole, too.
    proxy.seen = []
    expect(content.subarray(7000, 7032).equals(await storage.readPart(KEY, 7000, 32))).toBe(true)
    expect(proxy.seen).toEqual([])
    const large = randomBytes(700_000)
    const key = KEY.replace('.parquet', '.puffin')
    await storage.write(key, large)
    for (const [from, length] of [
      [262_140, 8],
      [524_280, 16],
      [10, 300_000],
      [699_990, 300_000],
      [699_990, 20],
    ] as const)
      expect(large.subarray(from, from + length).equals(await storage.readPart(key, from, length))).toBe(true)
  })

  it('of other bytes than were written is an error, and nothing is kept', async () => {
    const storage = await stored()
    proxy.fault = ({ method }) => (method === 'GET' ? { kind: 'flip' } : undefined)
    for (const way of ['local', 'read'] as const) {
      const thrown = await storage[way](KEY).catch((error) => error)
      expect(thrown).toBeInstanceOf(LakeError)
      expect(thrown.message).toMatch(/damaged/)
    }
    proxy.fault = () => undefined
    expect(readFileSync(await storage.local(KEY)).equals(content)).toBe(true)
  })

  it('is done once, for all who want the same file', async () => {
    const storage = await stored()
    proxy.seen = []
    const paths = await Promise.all(Array.from({ length: 10 }, () => storage.local(KEY)))
    await storage.read(KEY)
    expect(new Set(paths).size).toBe(1)
    expect(proxy.seen.filter(({ method }) => method === 'GET')).toHaveLength(1)
  })
})

describe('an upload in parts', () => {
  const KEY = `tables/t/data/${randomUUID()}.parquet`
  async function adopt(storage: Storage, size: number): Promise<string> {
    const file = join(await storage.workplace(), 'x')
    const content = randomBytes(size)
    writeFileSync(file, content)
    const hash = createHash('sha256').update(content).digest('hex')
    await storage.adopt(file, KEY)
    return hash
  }
  const hashOf = async (storage: Storage) =>
    createHash('sha256')
      .update(readFileSync(await storage.local(KEY)))
      .digest('hex')
  const uploads = async () => {
    const clients = awsClients(moto.identity)
    const { Uploads = [] } = await (await clients.s3()).listMultipartUploads({ Bucket: BUCKET })
    clients.close()
    return Uploads.length
  }

  it('sends parts again that fail', async () => {
    first(3, 'PUT', { kind: 'deny', status: 500, code: 'InternalError' })
    const hash = await adopt(onS3(), 30 << 20)
    expect(await hashOf(onS3())).toBe(hash)
  })

  it('whose last answer is lost is complete', async () => {
    let lost = 0
    proxy.fault = ({ method, path }) =>
      method === 'POST' && path.includes('uploadId') && lost++ === 0 ? { kind: 'lose' } : undefined
    const hash = await adopt(onS3(), 30 << 20)
    expect(lost).toBeGreaterThan(1)
    expect(await hashOf(onS3())).toBe(hash)
  })

  it('that fails leaves nothing behind', async () => {
    proxy.fault = ({ path }) =>
      path.includes('partNumber=3') ? { kind: 'refuse', status: 403, code: 'AccessDenied' } : undefined
    await expect(adopt(onS3(), 40 << 20)).rejects.toThrow(UserError)
    expect(await uploads()).toBe(0)
    expect(await onS3().size(KEY)).toBeUndefined()
  })

  it('of a writer that was killed is ended by a later vacuum', async () => {
    const clients = awsClients(moto.identity)
    const s3 = await clients.s3()
    const ours = `tables/t/data/lake_day=2026-01-07/${randomUUID()}.parquet`
    const others = ['tables/t/data/left', `other/${ours}`, `tables/u/${ours}`]
    for (const key of [ours, ...others])
      await s3.createMultipartUpload({ Bucket: BUCKET, Key: `a lake/${lake}/${key}` })
    await s3.createMultipartUpload({ Bucket: BUCKET, Key: 'not of the lake' })
    clients.close()
    const isOurs = (key: string) => isTableFile(key, 'tables/t')
    // moto says of every upload that it was begun in 2010.
    await onS3().removeUnfinished('tables/t/data', Date.UTC(2010, 0), isOurs)
    expect(await uploads()).toBe(5)
    await onS3().removeUnfinished('tables/t/data', Date.now(), isOurs)
    expect(await uploads()).toBe(4)
  })
})

describe('what is wrong with S3 is said, with the way out', () => {
  it('no such bucket', async () => {
    const storage = s3Storage('s3://example-nowhere/lake', { identity: moto.identity })
    await expect(storage.find('catalog/newest')).rejects.toThrow(UserError)
    await expect(storage.find('catalog/newest')).rejects.toThrow(
      /no such bucket.*\n {2}place: s3:\/\/example-now/,
    )
    await expect(storage.create('a', bytes('x'))).rejects.toThrow(/no such bucket/)
  })

  it.each([
    [403, 'AccessDenied', /AWS denies it.*\n.*\n {2}way out: allow it/],
    [403, 'InvalidAccessKeyId', /does not know these credentials/],
    [400, 'ExpiredToken', /have expired.*\n.*\n {2}way out: log in again/],
    [403, 'RequestTimeTooSkewed', /clock/],
    [400, 'KMS.DisabledException', /KMS key may not be used/],
  ])('%i %s', async (status, code, message) => {
    proxy.fault = () => ({ kind: 'refuse', status, code })
    for (const work of [
      () => onS3().read('a'),
      () => onS3().create('a', bytes('x')),
      async () => {
        for await (const { key } of onS3().list('')) throw new Error(key)
      },
      () => onS3().remove('a'),
    ])
      await expect(work()).rejects.toThrow(message)
  })
})
