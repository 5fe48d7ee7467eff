import type { z } from 'zod'
import { awsClients } from '../aws/clients.ts'
import { identitySection } from '../aws/identity.ts'
import { UserError } from '../lib/errors.ts'
import { parseMoment } from '../lib/moment.ts'
import { section, text, whole } from '../lib/settings.ts'
import { concurrently } from '../lib/stream.ts'
import type { LogObject, ObjectSource, SourceDeps } from './contract.ts'
import { mayPass, passes } from './filter.ts'
import { type Delivery, delivered, mayHold } from './listing/delivery.ts'
import { type Entry, type Listing, listing, type Page } from './listing/page.ts'
import { s3Object } from './s3-object.ts'
import { s3Uri } from './s3-uri.ts'
import { filterSection } from './settings.ts'

export const name = 's3'
export const doc = 'Objects in a bucket, as its listing names them: for what was there before a queue was.'

export const settings = section(
  {
    bucket: text('The bucket.'),
    prefix: text('The folder in it, as in `AWSLogs/`; by default the whole bucket.').optional(),
    identity: identitySection('Who we are to the bucket.').prefault({}),
    filter: filterSection(),
    since: moment(
      'Only objects delivered from then on: 2026-01-07, or 7d for the last seven days.',
    ).optional(),
    until: moment('Only objects delivered before then.').optional(),
    redelivery_days: whole(
      0,
      'And those delivered up to so many days after `until`: for 30 days CloudTrail tries again what it could not deliver.',
    ).default(30),
    listings: whole(1, 'So many folders are listed at once.').default(16),
  },
  doc,
)

export type Settings = z.output<typeof settings>

const DAY_MS = 86_400_000

function moment(doc: string) {
  const wanted = 'a time is wanted, as in 2026-01-07, 2026-01-07T22:00:00Z or 7d'
  return text(doc).refine((value) => parseMoment(value, 0) !== undefined, wanted)
}

/** A listing tells what it cost. */
export interface S3Source extends ObjectSource {
  requests(): number
}

/**
 * Lists a bucket. Folders in AWS's layout (`…/2026/01/07/…`: CloudTrail, Bedrock, GuardDuty, Data Capture, Firehose, of any
 * account, Region and organisation) are read day by day across all of them, only the days asked for, many at once. Run again,
 * it goes on where it was stopped: what is in the lake is not fetched again.
 */
export function open(options: Settings, deps: SourceDeps): S3Source {
  const { bucket, prefix = '', filter, listings } = options
  const clients = awsClients(options.identity)
  const until = momentMs(options.until)
  const delivery: Delivery = {
    sinceMs: momentMs(options.since),
    untilMs: until === undefined ? undefined : until + options.redelivery_days * DAY_MS,
  }
  const told: Record<string, number> = {}
  let requests = () => 0

  function objectOf({ key, bytes, etag, writtenMs, storageClass }: Entry): LogObject {
    if (/GLACIER|DEEP_ARCHIVE/.test(storageClass)) told[storageClass] = (told[storageClass] ?? 0) + 1
    return s3Object(
      clients,
      { bucket, key, bytes, etag, writtenMs },
      { async acknowledge() {}, async release() {} },
    )
  }

  return {
    name: deps.name,
    wanted: passes(filter),
    told: () => ({ ...told }),
    requests: () => requests(),
    async *objects(signal) {
      const list = listing(() => clients.s3For(bucket), bucket, signal)
      const before = requests()
      requests = () => before + list.requests()
      const place = { list, atOnce: listings, delivery, wanted: mayPass(filter) }
      try {
        for await (const entry of entries(place, await rootsOf(list, bucket, prefix)))
          if (delivered(delivery, entry)) yield objectOf(entry)
      } catch (thrown) {
        // Stopped in the middle of a listing: there are no more.
        if (!signal?.aborted) throw thrown
      }
    },
    async close() {
      clients.close()
    },
  }
}

function momentMs(text: string | undefined): number | undefined {
  const found = text === undefined ? undefined : parseMoment(text, Date.now())
  return found === undefined ? undefined : Number(found / 1000n)
}

interface Roots {
  folders: string[]
  files: Entry[]
}

/** What a person means by a prefix: the folder of that name, the object, or with `*` at its end all that begins so. */
async function rootsOf(list: Listing, bucket: string, prefix: string): Promise<Roots> {
  if (prefix === '' || prefix.endsWith('/')) return { folders: [prefix], files: [] }
  const open = prefix.endsWith('*')
  const begin = open ? prefix.slice(0, -1) : prefix
  const roots: Roots = { folders: [], files: [] }
  for await (const { folders, files } of list.from(await list.first(begin, 'folder'), begin, 'folder')) {
    roots.folders.push(...folders.filter((name) => open || name === `${prefix}/`))
    roots.files.push(...files.filter(({ key }) => open || key === prefix))
  }
  if (roots.folders.length === 0 && roots.files.length === 0)
    throw new UserError(`there is nothing at ${s3Uri(bucket, prefix)}`)
  return roots
}

interface Place {
  list: Listing
  atOnce: number
  delivery: Delivery
  /** Whether a folder may hold what the filter wants. */
  wanted(folder: string): boolean
}

/** Everything below some folders; what lies in calendars comes last, day by day. */
async function* entries(place: Place, { folders: roots, files }: Roots): AsyncGenerator<Entry> {
  yield* files
  const years: Dated[] = []
  for (let level = roots.filter(place.wanted); level.length > 0; ) {
    const next: string[] = []
    for await (const { pages } of listed(place, level, 'folder')) {
      const folders: string[] = []
      for await (const page of pages) {
        yield* page.files
        folders.push(...page.folders.filter(place.wanted))
      }
      const dated = folders.length > 0 && folders.every((folder) => /^\d{4}$/.test(lastOf(folder)))
      if (dated) years.push(...folders.map((folder) => ({ date: lastOf(folder), prefix: folder })))
      else next.push(...folders)
    }
    level = next
  }
  yield* calendar(place, years)
}

/** A folder of a calendar. */
interface Dated {
  /** `2026`, `2026-01`, `2026-01-07`; with `~` for what is no month or no day. */
  date: string
  prefix: string
}

/** What lies in folders of years, by day. */
async function* calendar(place: Place, years: readonly Dated[]): AsyncGenerator<Entry> {
  for (const sameYear of byDate(place, years)) {
    const months: Dated[] = []
    yield* below(place, sameYear, months)
    for (const sameMonth of byDate(place, months)) {
      const days: Dated[] = []
      const whole = sameMonth.filter(({ date }) => date.endsWith('~'))
      const dated = sameMonth.filter(({ date }) => !date.endsWith('~'))
      yield* below(place, dated, days)
      for (const sameDay of [...byDate(place, days), whole]) {
        const folders = sameDay.map(({ prefix }) => prefix)
        for await (const { pages } of listed(place, folders, 'any'))
          for await (const { files } of pages) yield* files
      }
    }
  }
}

/** The folders in some folders, and the files beside these. */
async function* below(place: Place, folders: readonly Dated[], found: Dated[]): AsyncGenerator<Entry> {
  const dates = new Map(folders.map(({ prefix, date }) => [prefix, date]))
  for await (const { prefix, pages } of listed(place, [...dates.keys()], 'folder')) {
    for await (const page of pages) {
      yield* page.files
      for (const folder of page.folders) {
        const name = lastOf(folder)
        found.push({ date: `${dates.get(prefix)}-${/^\d{2}$/.test(name) ? name : '~'}`, prefix: folder })
      }
    }
  }
}

/** Folders of the same date together, the earliest first; those that can hold nothing left out. */
function byDate({ delivery }: Place, folders: readonly Dated[]): Dated[][] {
  const dates = new Map<string, Dated[]>()
  for (const folder of folders) {
    const date = folder.date.replace(/-~$/, '')
    if (!mayHold(delivery, date)) continue
    dates.set(folder.date, [...(dates.get(folder.date) ?? []), folder])
  }
  const byName = (a: Dated, b: Dated) => (a.prefix < b.prefix ? -1 : 1)
  return [...dates].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, same]) => same.sort(byName))
}

/** Listings of many folders, begun before they are asked for, in their order. */
async function* listed(
  { list, atOnce }: Place,
  folders: readonly string[],
  depth: 'folder' | 'any',
): AsyncGenerator<{ prefix: string; pages: AsyncGenerator<Page> }> {
  const limits = { atOnce, inOrder: true }
  const first = async (prefix: string) => ({ prefix, page: await list.first(prefix, depth) })
  for await (const { prefix, page } of concurrently(stream(folders), limits, first))
    yield { prefix, pages: list.from(page, prefix, depth) }
}

async function* stream<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items
}

/** `AWSLogs/2026/` → `2026` */
function lastOf(folder: string): string {
  return folder.slice(0, -1).split('/').at(-1) ?? ''
}
