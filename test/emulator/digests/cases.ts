import { gunzipSync, gzipSync } from 'node:zlib'
import {
  documentOf,
  putDigest,
  type SignKey,
  type Stored,
  type Trail,
  type TrailOptions,
  trail,
} from './chain.ts'

/** A trail that somebody tampered with, and in what we are stricter than the AWS CLI. */
export interface Case {
  name: string
  trails: Trail[]
  /** Codes of findings that the AWS CLI has no word for. */
  stricter: readonly string[]
}

type Tamper = (made: Trail, keys: Keys) => void
export interface Keys {
  /** What CloudTrail hands out. */
  own: SignKey
  next: SignKey
  /** What nobody hands out. */
  foreign: SignKey
}

const at = (made: Trail, path: string) => made.objects.get(path) as Stored
const change = (made: Trail, path: string, how: (body: Buffer) => Buffer) =>
  made.objects.set(path, { ...at(made, path), body: how(at(made, path).body) })
const flipped = (body: Buffer, where: number) => {
  const copy = Buffer.from(body)
  copy[where] = (copy[where] as number) ^ 0x20
  return copy
}
/** One letter of the unzipped text is another. */
const reworded = (from: string, to: string) => (body: Buffer) =>
  gzipSync(Buffer.from(gunzipSync(body).toString().replace(from, to)))
const logOf = ({ logs }: Trail, hour: number): string => logs[hour]?.[0] ?? ''
const EMPTY = gzipSync(Buffer.alloc(0))

const LOGS: Readonly<Record<string, (body: Buffer) => Buffer | undefined>> = {
  'with another word': reworded('ListBuckets', 'ListObjects'),
  deleted: () => undefined,
  'cut short': (body) => body.subarray(0, body.length - 12),
  'cut in the middle': (body) => body.subarray(0, body.length >> 1),
  'with text behind it': (body) => Buffer.concat([body, Buffer.from('more')]),
  'with zeros behind it': (body) => Buffer.concat([body, Buffer.alloc(16)]),
  'with a member behind it': (body) => Buffer.concat([body, gzipSync(Buffer.from('{"Records":[]}'))]),
  'with an empty member behind it': (body) => Buffer.concat([body, EMPTY]),
  'with an empty member before it': (body) => Buffer.concat([EMPTY, body]),
  'zipped anew, the same bytes': (body) => gzipSync(gunzipSync(body), { level: 1 }),
  'not zipped': (body) => gunzipSync(body),
  'zipped twice': (body) => gzipSync(body),
  'with a wrong checksum': (body) => flipped(body, body.length - 6),
  'with a damaged stream': (body) => flipped(body, 30),
  empty: () => Buffer.alloc(0),
  'of no records': () => gzipSync(Buffer.from('{"Records":[]}')),
  'with a line feed at its end': (body) => gzipSync(Buffer.concat([gunzipSync(body), Buffer.from('\n')])),
}

const DIGESTS: Readonly<
  Record<string, (stored: Stored, keys: Keys, made: Trail, path: string) => Stored | undefined>
> = {
  deleted: () => undefined,
  'with another hash in it': ({ body, metadata }) => ({
    body: reworded('"hashValue":"', '"hashValue":"0')(body),
    metadata,
  }),
  'cut short': ({ body, metadata }) => ({ body: body.subarray(0, body.length - 12), metadata }),
  'no gzip': ({ metadata }) => ({ body: Buffer.from('nothing'), metadata }),
  'not zipped': ({ body, metadata }) => ({ body: gunzipSync(body), metadata }),
  'no JSON': ({ metadata }) => ({ body: gzipSync(Buffer.from('{"digestEndTime": ')), metadata }),
  'without its end time': ({ body, metadata }) => ({
    body: reworded('"digestEndTime"', '"endTime"')(body),
    metadata,
  }),
  'zipped anew, the same bytes': ({ body, metadata }) => ({
    body: gzipSync(gunzipSync(body), { level: 1 }),
    metadata,
  }),
  'written anew, the same content': ({ body, metadata }) => ({
    body: gzipSync(Buffer.from(JSON.stringify(JSON.parse(gunzipSync(body).toString()), null, 1))),
    metadata,
  }),
  'without metadata': ({ body }) => ({ body, metadata: {} }),
  'without the name of its algorithm': ({ body, metadata: { signature = '' } }) => ({
    body,
    metadata: { signature },
  }),
  'with another signature': ({ body, metadata }) => ({
    body,
    metadata: {
      ...metadata,
      signature: `${metadata.signature?.startsWith('0') ? '1' : '0'}${metadata.signature?.slice(1)}`,
    },
  }),
  'with a signature that is no hex': ({ body, metadata }) => ({
    body,
    metadata: { ...metadata, signature: 'nothing' },
  }),
  'signed by a foreign key': (_, { foreign }, made, path) => {
    putDigest(
      made,
      path,
      { ...documentOf(made, path), digestPublicKeyFingerprint: foreign.fingerprint },
      foreign,
    )
    return at(made, path)
  },
  'signed by a foreign key under the name of the right one': (_, { foreign }, made, path) => {
    putDigest(made, path, documentOf(made, path), foreign)
    return at(made, path)
  },
  'of another bucket': (_, { own }, made, path) => {
    putDigest(made, path, { ...documentOf(made, path), digestS3Bucket: 'elsewhere' }, own)
    return at(made, path)
  },
  'replaced by an older one': (_, __, made) => at(made, made.digests[0] as string),
}

const HOURS = { first: 0, middle: 2, newest: 3 } as const

/** What a digest is that somebody changed; of the oldest that the chain begins with, replacing it by itself changes nothing. */
function* digestCases(): Generator<
  [name: string, options: Partial<TrailOptions>, tamper: Tamper, stricter: readonly string[]]
> {
  for (const [what, how] of Object.entries(DIGESTS)) {
    for (const [where, hour] of Object.entries(HOURS)) {
      if (what === 'replaced by an older one' && where === 'first') continue
      // That the newest is not there, the next ones are to tell: see the test of what is remembered.
      if (what === 'deleted' && where === 'newest') continue
      const tamper: Tamper = (made, keys) => {
        const path = made.digests[hour] as string
        const changed = how(at(made, path), keys, made, path)
        if (changed) made.objects.set(path, changed)
        else made.objects.delete(path)
      }
      yield [`the ${where} digest ${what}`, {}, tamper, []]
    }
  }
}

export function cases(keys: Keys): Case[] {
  const made: Case[] = []
  const add = (
    name: string,
    options: Partial<TrailOptions> | readonly Partial<TrailOptions>[],
    tamper: Tamper = () => undefined,
    stricter: readonly string[] = [],
  ) => {
    const bucket = `chain-${made.length}`
    const trails = [options]
      .flat()
      .map((one, at) => trail(keys.own, { bucket, trail: `trail-${made.length}-${at}`, ...one }))
    for (const one of trails) tamper(one, keys)
    made.push({ name, trails, stricter })
  }
  add('a chain as it was delivered', {})
  for (const [what, how] of Object.entries(LOGS))
    add(`a log file ${what}`, {}, (one) => {
      const path = one.logs[1]?.[0] as string
      const body = how(at(one, path).body)
      if (body) one.objects.set(path, { body, metadata: {} })
      else one.objects.delete(path)
    })
  add('two log files swapped', {}, (one) => {
    const [a, b] = [one.logs[1]?.[0] as string, one.logs[2]?.[1] as string]
    const [first, second] = [at(one, a), at(one, b)]
    one.objects.set(a, second).set(b, first)
  })
  add('all log files of an hour deleted', {}, (one) => {
    for (const path of one.logs[2] ?? []) one.objects.delete(path)
  })
  add(
    'a log file that nobody delivered',
    {},
    (one) => {
      const own = logOf(one, 1)
      const path = own.replace('.json.gz', 'x.json.gz')
      one.objects.set(path, {
        body: reworded('ListBuckets', 'DeleteTrail')(at(one, own).body),
        metadata: {},
      })
    },
    ['log-unnamed'],
  )
  for (const [name, options, tamper, stricter] of digestCases()) add(name, options, tamper, stricter)
  add('two digests deleted', { hours: 5 }, (one) => {
    for (const hour of [1, 2]) one.objects.delete(one.digests[hour] as string)
  })
  add('two digests swapped', {}, (one) => {
    const [a, b] = [one.digests[1] as string, one.digests[2] as string]
    const [first, second] = [at(one, a), at(one, b)]
    one.objects.set(a, second).set(b, first)
  })
  add(
    'a digest with bytes behind its end',
    {},
    (one) => change(one, one.digests[1] as string, (body) => Buffer.concat([body, Buffer.from('more')])),
    ['digest-trailing-bytes'],
  )
  add(
    'a digest with a member behind its end',
    {},
    (one) =>
      change(one, one.digests[1] as string, (body) => Buffer.concat([body, gzipSync(Buffer.from('{}'))])),
    ['digest-trailing-bytes'],
  )
  add(
    'a digest that was signed again with the same key',
    {},
    (one, { own }) => {
      const path = one.digests[1] as string
      putDigest(one, path, { ...documentOf(one, path), newestEventTime: null }, own)
    },
    ['digest-replaced'],
  )
  add(
    'a digest beside the chain',
    {},
    (one, { own }) => {
      const path = (one.digests[1] as string).replace(/T(\d\d)0000Z/, 'T$13000Z')
      const document = documentOf(one, one.digests[1] as string)
      putDigest(
        one,
        path,
        { ...document, digestS3Object: path, digestEndTime: '2026-01-07T12:30:00Z', logFiles: [] },
        own,
      )
    },
    ['digest-beside'],
  )
  add('a trail that was stopped for two hours', { hours: 6, silent: [2, 3] })
  add('a chain that begins anew', { hours: 5, restarts: [2] })
  add('a stopped trail, and a log file changed before', { hours: 6, silent: [2, 3] }, (one) =>
    change(one, one.logs[0]?.[0] as string, reworded('ListBuckets', 'ListObjects')),
  )
  add('hours without log files', { logsPerHour: 0 })
  add('a key that was rotated', { keyOf: (hour) => (hour < 2 ? keys.own : keys.next) })
  add(
    'a rotated key, and the newest digest under the old one',
    { keyOf: (hour) => (hour < 2 ? keys.own : keys.next) },
    (one, { own, next }) => {
      const path = one.digests[3] as string
      putDigest(one, path, { ...documentOf(one, path), digestPublicKeyFingerprint: next.fingerprint }, own)
    },
  )
  add('below a prefix', { prefix: 'audit/logs' })
  add('below a prefix, a log file changed', { prefix: 'audit/logs' }, (one) =>
    change(one, one.logs[2]?.[0] as string, reworded('ListBuckets', 'ListObjects')),
  )
  add('an organisation', { organization: 'o-exampleorg', account: '444455556666' })
  add(
    'an organisation, a log file deleted',
    { organization: 'o-exampleorg', account: '444455556666' },
    (one) => {
      one.objects.delete(one.logs[1]?.[1] as string)
    },
  )
  add(
    'an organisation, a digest deleted',
    { organization: 'o-exampleorg', account: '444455556666' },
    (one) => {
      one.objects.delete(one.digests[1] as string)
    },
  )
  add('another Region than the home of the trail', { region: 'us-east-1' })
  add('another Region, a digest changed', { region: 'us-east-1' }, (one) =>
    change(one, one.digests[2] as string, reworded('"hashValue":"', '"hashValue":"0')),
  )
  add('backfill', [{}, { kind: 'backfill', trail: 'trail-b', begin: '2026-01-07T02:00:00Z' }])
  const backfill =
    (tamper: Tamper): Tamper =>
    (one, all) => {
      if (one.digests[0]?.includes('_backfill')) tamper(one, all)
    }
  const both = (trail: string): Partial<TrailOptions>[] => [
    { trail },
    { trail, kind: 'backfill', begin: '2026-01-07T02:00:00Z' },
  ]
  add(
    'backfill, a log file changed',
    both('trail-bl'),
    backfill((one) => change(one, one.logs[1]?.[0] as string, reworded('ListBuckets', 'ListObjects'))),
  )
  add(
    'backfill, a digest changed',
    both('trail-bd'),
    backfill((one) => change(one, one.digests[1] as string, reworded('"hashValue":"', '"hashValue":"0'))),
  )
  add(
    'backfill, without the time of its making',
    both('trail-bt'),
    backfill((one) => {
      const path = one.digests[1] as string
      const { 'backfill-generation-timestamp': _, ...metadata } = at(one, path).metadata
      one.objects.set(path, { body: at(one, path).body, metadata })
    }),
  )
  add(
    'a digest under the name of another trail',
    {},
    (one) => {
      const path = one.digests[1] as string
      one.objects.set(path.replace(/_trail-[\d-]+_/, '_other-trail_'), at(one, path))
    },
    ['digest-moved'],
  )
  return made
}
