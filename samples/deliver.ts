// Turns a week of events into files as CloudTrail delivers them: minutes late, out of order, some events
// twice, one file cut off.
import { createHash } from 'node:crypto'
import { at, DAYS, isoTime, ML, ORGANISATION, PROD, US } from './organisation.ts'
import { createRandom, LETTERS_AND_DIGITS, type Random } from './random.ts'
import { type Entry, type Folder, groupBy } from './record.ts'

export interface Delivery {
  key: string
  deliveredAt: number
  entries: Entry[]
  repeats: number
  damaged: boolean
}

export interface Digest {
  key: string
  raw: string
}

export const LOST_EVENTS = 24
const REPEATED_FILES = 4
const REPEATS_PER_FILE = 15
const LONGEST_WAIT = 3 * 3600
const LATE = 0.012
const BUCKET = 'example-organisation-trail'

export function deliver(entries: Entry[]): Delivery[] {
  const random = createRandom(2026, 106)
  const lost = pickLost(entries)
  const streams = groupBy(
    entries.filter((each) => !lost.includes(each)),
    (each) => `${each.account}/${each.folder}/${each.region}`,
  )
  const deliveries = [...streams.keys()]
    .sort()
    .flatMap((stream) => deliverStream(random, streams.get(stream) ?? []))
  const repeated = repeat(random, deliveries)
  const damaged = { ...deliverFile(random, lost), damaged: true }
  return [...deliveries, ...repeated, damaged].sort((a, b) => (a.key < b.key ? -1 : 1))
}

export function rawJson(delivery: Delivery): string {
  return JSON.stringify({ Records: delivery.entries.map((each) => each.record) })
}

// The events that the damaged file loses: the demonstration does not need them.
function pickLost(entries: Entry[]): Entry[] {
  const ordinary = entries.filter(
    (each) =>
      each.account === ML &&
      each.region === US &&
      isoTime(each.at).startsWith('2026-01-08') &&
      ['InvokeEndpoint', 'GetObject', 'Decrypt'].includes(each.record.eventName as string),
  )
  return ordinary.slice(0, LOST_EVENTS)
}

function deliverStream(random: Random, entries: Entry[]): Delivery[] {
  const deliveries: Delivery[] = []
  let open: Entry[] = []
  let late: Entry[] = []
  let limit = random.between(20, 50)
  for (const entry of entries) {
    const first = open[0]
    if (first && (open.length >= limit || entry.at - first.at > LONGEST_WAIT)) {
      deliveries.push(deliverFile(random, open))
      open = late
      late = []
      limit = random.between(20, 50)
    }
    if (open.length > 0 && random.chance(LATE)) late.push(entry)
    else open.push(entry)
  }
  deliveries.push(deliverFile(random, [...open, ...late]))
  return deliveries
}

function deliverFile(random: Random, entries: Entry[]): Delivery {
  const newest = Math.max(...entries.map((each) => each.at))
  const deliveredAt = newest + random.between(100, 420)
  // A log file is not sorted.
  const shuffled = entries
    .map((entry) => ({ entry, place: entry.at + random.below(120) }))
    .sort((a, b) => a.place - b.place)
    .map((each) => each.entry)
  return {
    key: keyOf(random, shuffled[0], deliveredAt),
    deliveredAt,
    entries: shuffled,
    repeats: 0,
    damaged: false,
  }
}

function keyOf(random: Random, of: Entry | undefined, deliveredAt: number): string {
  if (!of) throw new Error('a file without records has no key')
  const { account, region, folder } = of
  const unique = random.text(LETTERS_AND_DIGITS, 16)
  const stamp = `${isoTime(deliveredAt).slice(0, 16).replaceAll(/[-:]/g, '')}Z`
  return `${directory(account, folder, region, deliveredAt)}/${account}_${folder}_${region}_${stamp}_${unique}.json.gz`
}

function directory(
  account: string,
  folder: Folder | 'CloudTrail-Digest',
  region: string,
  deliveredAt: number,
): string {
  const day = isoTime(deliveredAt).slice(0, 10).replaceAll('-', '/')
  return `AWSLogs/${ORGANISATION}/${account}/${folder}/${region}/${day}`
}

// Delivers some events a second time: half of them in files of their own, half among the new events of the
// next file.
function repeat(random: Random, deliveries: Delivery[]): Delivery[] {
  const own: Delivery[] = []
  const long = deliveries.filter((each) => each.entries.length >= 2 * REPEATS_PER_FILE)
  for (let i = 0; i < REPEATED_FILES; i++) {
    const place = Math.floor(((i + 0.5) * long.length) / REPEATED_FILES)
    const source = long[place] as Delivery
    const again = source.entries.slice(-REPEATS_PER_FILE)
    const next = deliveries[deliveries.indexOf(source) + 1]
    if (i % 2 === 1 && next && sameStream(source, next)) {
      next.entries.push(...again)
      next.repeats = again.length
    } else {
      own.push({ ...deliverFile(random, again), repeats: again.length })
    }
  }
  return own
}

function sameStream(one: Delivery, other: Delivery): boolean {
  const [a, b] = [one.entries[0], other.entries[0]]
  return a?.account === b?.account && a?.folder === b?.folder && a?.region === b?.region
}

// A digest lists the files delivered in one hour, with their hashes. This one is of the busiest hour of one
// stream, and starts its chain.
export function makeDigest(deliveries: Delivery[]): Digest {
  const ends = Array.from({ length: DAYS.length * 24 }, (_, hour) => at(0, '00:00') + hour * 3600 + 91)
  const busiest = Math.max(...ends.map((each) => deliveredIn(deliveries, each).length))
  const end = ends.find((each) => deliveredIn(deliveries, each).length === busiest) as number
  const listed = deliveredIn(deliveries, end)
  const start = end - 3600
  const stamp = isoTime(end).replaceAll(/[-:]/g, '')
  const name = `${PROD}_CloudTrail-Digest_${US}_organisation-trail_${US}_${stamp}.json.gz`
  const key = `${directory(PROD, 'CloudTrail-Digest', US, end)}/${name}`
  const times = listed.flatMap((each) => each.entries.map((entry) => entry.at))
  const digest = {
    awsAccountId: PROD,
    digestStartTime: isoTime(start),
    digestEndTime: isoTime(end),
    digestS3Bucket: BUCKET,
    digestS3Object: key,
    digestPublicKeyFingerprint: createHash('md5').update('example key').digest('hex'),
    digestSignatureAlgorithm: 'SHA256withRSA',
    newestEventTime: isoTime(Math.max(...times)),
    oldestEventTime: isoTime(Math.min(...times)),
    previousDigestS3Bucket: null,
    previousDigestS3Object: null,
    previousDigestHashValue: null,
    previousDigestHashAlgorithm: null,
    previousDigestSignature: null,
    logFiles: listed.map((each) => ({
      s3Bucket: BUCKET,
      s3Object: each.key,
      hashValue: createHash('sha256').update(rawJson(each)).digest('hex'),
      hashAlgorithm: 'SHA-256',
      newestEventTime: isoTime(Math.max(...each.entries.map((entry) => entry.at))),
      oldestEventTime: isoTime(Math.min(...each.entries.map((entry) => entry.at))),
    })),
  }
  return { key, raw: JSON.stringify(digest) }
}

function deliveredIn(deliveries: Delivery[], end: number): Delivery[] {
  return deliveries.filter(
    (each) =>
      each.key.includes(`/${PROD}/CloudTrail/${US}/`) &&
      each.deliveredAt >= end - 3600 &&
      each.deliveredAt < end,
  )
}
