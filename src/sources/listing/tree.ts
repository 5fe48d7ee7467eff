import { s3Uri } from '../../aws/s3-uri.ts'
import { UserError } from '../../lib/errors.ts'
import { concurrently } from '../../lib/stream.ts'
import { type Delivery, mayHold } from './delivery.ts'
import type { Entry, Listing, Page } from './page.ts'

/** Folders and objects to begin with. */
export interface Roots {
  folders: string[]
  files: Entry[]
}

/** What of a bucket is listed, and how. */
export interface Place {
  list: Listing
  /** The most folders at once. */
  atOnce: number
  delivery: Delivery
  /** Only these days of calendars (2026-01-07), without a look at which years, months and days there are. */
  days?: readonly string[] | undefined
  /** Whether a folder may hold what the filter wants. */
  wanted(folder: string): boolean
}

/** What a person means by a prefix: the folder of that name, the object, or with `*` at its end all that begins so. */
export async function rootsOf(list: Listing, bucket: string, prefix: string): Promise<Roots> {
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

/** Everything below some folders; what lies in calendars comes last, day by day. */
export async function* entries(place: Place, { folders: roots, files }: Roots): AsyncGenerator<Entry> {
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
  yield* place.days ? someDays(place, place.days, years) : calendar(place, years)
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
      for (const sameDay of [...byDate(place, days), whole])
        yield* atAnyDepth(
          place,
          sameDay.map(({ prefix }) => prefix),
        )
    }
  }
}

/** Some days of all calendars: two requests a calendar for two days, however many there are. */
async function* someDays(
  place: Place,
  days: readonly string[],
  years: readonly Dated[],
): AsyncGenerator<Entry> {
  const calendars = [...new Set(years.map(({ date, prefix }) => prefix.slice(0, -date.length - 1)))].sort()
  for (const day of days.filter((one) => mayHold(place.delivery, one)))
    yield* atAnyDepth(
      place,
      calendars.map((folder) => `${folder}${day.replaceAll('-', '/')}/`),
    )
}

async function* atAnyDepth(place: Place, folders: readonly string[]): AsyncGenerator<Entry> {
  for await (const { pages } of listed(place, folders, 'any'))
    for await (const { files } of pages) yield* files
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
