import { basename } from 'node:path'
import { systemCode } from '../lib/errors.ts'
import {
  bytesOf,
  type Entries,
  entriesOf,
  isMadeUp,
  LEADS_TO_NOTHING,
  linkedFolder,
  type PassOver,
  type Place,
} from './entries.ts'
import { LAKE_NOT_READ, type Lakes, outsideLake } from './lakes.ts'

/** A folder whose folders are years: a stream of days, in order. */
interface Calendar {
  days: AsyncGenerator<Day>
  next: Day | undefined
}

/** A day's folder is read whole; of a month or a year only the files that lie beside its folders. */
interface Day {
  day: string
  folder: Place
  whole: boolean
}

export interface Walk {
  calendars: Calendar[]
  /** Folders without links in their paths, as `bytesOf` writes them, that are read with all below them. */
  reached: Set<string>
  passOver: PassOver
  /** Lakes that were met: their own files are no logs. */
  lakes: Lakes
}

/** The files below a folder, but for the calendars, which are left for later. */
export async function* below(folder: Place, walk: Walk): AsyncGenerator<Place> {
  const { folders, files } = await contentsOf(folder, walk)
  yield* files
  if (folders.length > 0 && folders.every(({ name }) => /^\d{4}$/.test(basename(name)))) {
    walk.calendars.push({ days: daysOf(folders, walk), next: undefined })
  } else for (const inner of folders) yield* below(inner, walk)
}

async function* daysOf(years: readonly Place[], walk: Walk): AsyncGenerator<Day> {
  const dayOf = (...folders: Place[]) => folders.map(({ name }) => basename(name)).join('-')
  for (const year of years) {
    for (const month of (await contentsOf(year, walk)).folders) {
      for (const day of (await contentsOf(month, walk)).folders)
        yield { day: dayOf(year, month, day), folder: day, whole: true }
      yield { day: `${dayOf(year, month)}-~`, folder: month, whole: false }
    }
    yield { day: `${dayOf(year)}-~`, folder: year, whole: false }
  }
}

/** All calendars together, the earliest day first; inside a day by the time of delivery in the file's name. */
export async function* byDay(walk: Walk): AsyncGenerator<Place> {
  const { calendars } = walk
  for (const calendar of calendars) calendar.next = (await calendar.days.next()).value ?? undefined
  for (;;) {
    const open = calendars.filter((calendar) => calendar.next !== undefined)
    if (open.length === 0) return
    const day = open.reduce((least, { next }) => (next && next.day < least ? next.day : least), '~')
    const files: Place[] = []
    for (const calendar of open) {
      if (calendar.next?.day !== day) continue
      const { folder, whole } = calendar.next
      if (whole) for await (const file of filesBelow(folder, walk)) files.push(file)
      else files.push(...(await contentsOf(folder, { ...walk, passOver: saidAlready })).files)
      calendar.next = (await calendar.days.next()).value ?? undefined
    }
    files.sort((a, b) => compare(deliveryOf(a.name), deliveryOf(b.name)) || compare(a.name, b.name))
    yield* files
  }
}

async function* filesBelow(folder: Place, walk: Walk): AsyncGenerator<Place> {
  const { folders, files } = await contentsOf(folder, walk)
  yield* files
  for (const inner of folders) yield* filesBelow(inner, walk)
}

/** The folders of a month or a year have been looked at before its files are. */
function saidAlready(): void {}

function deliveryOf(path: string): string {
  return /_(\d{8}T\d{4,6})Z/.exec(path)?.[1] ?? ''
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** What lies in a folder. One that cannot be listed stands among its own files, to be told as not readable. */
async function contentsOf(folder: Place, walk: Walk): Promise<{ folders: Place[]; files: Place[] }> {
  let entries: Entries
  try {
    entries = await entriesOf(folder, walk.passOver)
  } catch (thrown) {
    // A folder that goes away while it is walked holds nothing any more.
    return { folders: [], files: systemCode(thrown) === 'ENOENT' ? [] : [folder] }
  }
  const { files, linked } = entries
  const folders: Place[] = []
  for (const inner of await withoutLake(folder, entries.folders, walk))
    if (await isToBeRead(inner, walk)) folders.push(inner)
  for (const link of linked) {
    const target = await linkedFolder(link)
    if (target === undefined) walk.passOver(LEADS_TO_NOTHING, link)
    else if (await leadsElsewhere(target, folder, walk)) folders.push(target)
  }
  if (linked.length > 0) folders.sort((a, b) => compare(a.name, b.name))
  return { folders, files }
}

/** The folders in which a lake keeps its own files are passed over. */
async function withoutLake(folder: Place, folders: Place[], { lakes, passOver }: Walk): Promise<Place[]> {
  const before = lakes.size
  const names = folders.map(({ name }) => basename(name))
  const outside = new Set(await outsideLake(folder.name, names, lakes))
  if (lakes.size > before) passOver(`${LAKE_NOT_READ}${folder.name}`, folder)
  return folders.filter(({ name }) => outside.has(basename(name)))
}

/** Whether a folder is read here: one below a link may be read where it lies. */
async function isToBeRead(folder: Place, { reached, passOver }: Walk): Promise<boolean> {
  if (folder.real !== undefined && reached.has(folder.real)) return false
  if (!['/proc', '/sys'].includes(folder.name) || !(await isMadeUp(folder.at))) return true
  passOver(MADE_UP, folder)
  return false
}

const MADE_UP = 'folders that the system makes up'

/** Whether a link leads to a folder that is not read without it; then its target is marked as read. */
async function leadsElsewhere(
  target: Required<Place>,
  from: Place,
  { reached, passOver }: Walk,
): Promise<boolean> {
  const { real } = target
  if ([...reached].some((root) => lies(real, root))) return false
  if (lies(from.real ?? bytesOf(from.at), real)) {
    passOver('links to a folder that they lie in', target)
    return false
  }
  if (await isMadeUp(target.at)) {
    passOver(MADE_UP, target)
    return false
  }
  reached.add(real)
  return true
}

/** Whether a path is a folder or lies in it. */
function lies(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`)
}
