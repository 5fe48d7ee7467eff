import { s3Uri } from '../../aws/s3-uri.ts'
import { UserError } from '../../lib/errors.ts'
import { concurrently } from '../../lib/stream.ts'
import { type Delivery, mayHold } from './delivery.ts'
import type { Entry, Listing, Page } from './page.ts'

/** Folders and objects to start from. */
export interface Roots {
  folders: string[]
  files: Entry[]
}

/** The part of a bucket to list, and how. */
export interface ListingScope {
  list: Listing
  /** Most folders listed at once. */
  atOnce: number
  delivery: Delivery
  /** Only these days of date folders (2026-01-07), without listing which years, months and days exist. */
  days?: readonly string[] | undefined
  /** Whether a folder may hold objects that the filter includes. */
  wanted(folder: string): boolean
}

/**
 * Resolves a user's prefix: the folder of that name, the object, or with `*` at its end everything that
 * begins with it.
 */
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

/** Everything below some folders; date folders come last, day by day. */
export async function* entries(scope: ListingScope, { folders: roots, files }: Roots): AsyncGenerator<Entry> {
  yield* files
  const years: Dated[] = []
  for (let level = roots.filter(scope.wanted); level.length > 0; ) {
    const next: string[] = []
    for await (const { pages } of listed(scope, level, 'folder')) {
      const folders: string[] = []
      for await (const page of pages) {
        yield* page.files
        folders.push(...page.folders.filter(scope.wanted))
      }
      const dated = folders.length > 0 && folders.every((folder) => /^\d{4}$/.test(lastOf(folder)))
      if (dated) years.push(...folders.map((folder) => ({ date: lastOf(folder), prefix: folder })))
      else next.push(...folders)
    }
    level = next
  }
  yield* scope.days ? someDays(scope, scope.days, years) : calendar(scope, years)
}

/** A folder of a date. */
interface Dated {
  /** `2026`, `2026-01`, `2026-01-07`; with `~` for a folder that is not a month or a day. */
  date: string
  prefix: string
}

/** The content of year folders, by day. */
async function* calendar(scope: ListingScope, years: readonly Dated[]): AsyncGenerator<Entry> {
  for (const sameYear of byDate(scope, years)) {
    const months: Dated[] = []
    yield* below(scope, sameYear, months)
    for (const sameMonth of byDate(scope, months)) {
      const days: Dated[] = []
      const whole = sameMonth.filter(({ date }) => date.endsWith('~'))
      const dated = sameMonth.filter(({ date }) => !date.endsWith('~'))
      yield* below(scope, dated, days)
      for (const sameDay of [...byDate(scope, days), whole])
        yield* atAnyDepth(
          scope,
          sameDay.map(({ prefix }) => prefix),
        )
    }
  }
}

/**
 * Some days of all date folders: two requests for each tree of dates and two days, however many days exist.
 */
async function* someDays(
  scope: ListingScope,
  days: readonly string[],
  years: readonly Dated[],
): AsyncGenerator<Entry> {
  const calendars = [...new Set(years.map(({ date, prefix }) => prefix.slice(0, -date.length - 1)))].sort()
  for (const day of days.filter((one) => mayHold(scope.delivery, one)))
    yield* atAnyDepth(
      scope,
      calendars.map((folder) => `${folder}${day.replaceAll('-', '/')}/`),
    )
}

async function* atAnyDepth(scope: ListingScope, folders: readonly string[]): AsyncGenerator<Entry> {
  for await (const { pages } of listed(scope, folders, 'any'))
    for await (const { files } of pages) yield* files
}

/** The subfolders of some folders, and the files next to them. */
async function* below(scope: ListingScope, folders: readonly Dated[], found: Dated[]): AsyncGenerator<Entry> {
  const dates = new Map(folders.map(({ prefix, date }) => [prefix, date]))
  for await (const { prefix, pages } of listed(scope, [...dates.keys()], 'folder')) {
    for await (const page of pages) {
      yield* page.files
      for (const folder of page.folders) {
        const name = lastOf(folder)
        found.push({ date: `${dates.get(prefix)}-${/^\d{2}$/.test(name) ? name : '~'}`, prefix: folder })
      }
    }
  }
}

/** Groups folders by date, the earliest first, without those outside the limits. */
function byDate({ delivery }: ListingScope, folders: readonly Dated[]): Dated[][] {
  const dates = new Map<string, Dated[]>()
  for (const folder of folders) {
    const date = folder.date.replace(/-~$/, '')
    if (!mayHold(delivery, date)) continue
    dates.set(folder.date, [...(dates.get(folder.date) ?? []), folder])
  }
  const byName = (a: Dated, b: Dated) => (a.prefix < b.prefix ? -1 : 1)
  return [...dates].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, same]) => same.sort(byName))
}

/** Listings of many folders, started ahead, in their order. */
async function* listed(
  { list, atOnce }: ListingScope,
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
