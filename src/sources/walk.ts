import { basename } from 'node:path'
import { systemCode } from '../lib/errors.ts'
import {
  bytesOf,
  type Entries,
  entriesOf,
  type FileLocation,
  isMadeUp,
  LEADS_TO_NOTHING,
  linkedFolder,
  type PassOver,
} from './entries.ts'
import { LAKE_NOT_READ, type Lakes, outsideLake } from './lakes.ts'

/** A folder whose subfolders are years: it is read by day, in order. */
interface Calendar {
  days: AsyncGenerator<Day>
  next: Day | undefined
}

/**
 * A day's folder is read completely; of a month's or a year's folder, only the files next to its subfolders.
 */
interface Day {
  day: string
  folder: FileLocation
  whole: boolean
}

export interface Walk {
  calendars: Calendar[]
  /** Folders that are read with everything below them: paths without links, as `bytesOf` writes them. */
  reached: Set<string>
  passOver: PassOver
  /** Lakes that were found: their own files are not logs. */
  lakes: Lakes
}

/** The files below a folder, except for date folders, which are read later. */
export async function* below(folder: FileLocation, walk: Walk): AsyncGenerator<FileLocation> {
  const { folders, files } = await contentsOf(folder, walk)
  yield* files
  if (folders.length > 0 && folders.every(({ name }) => /^\d{4}$/.test(basename(name)))) {
    walk.calendars.push({ days: daysOf(folders, walk), next: undefined })
  } else for (const inner of folders) yield* below(inner, walk)
}

async function* daysOf(years: readonly FileLocation[], walk: Walk): AsyncGenerator<Day> {
  const dayOf = (...folders: FileLocation[]) => folders.map(({ name }) => basename(name)).join('-')
  for (const year of years) {
    for (const month of (await contentsOf(year, walk)).folders) {
      for (const day of (await contentsOf(month, walk)).folders)
        yield { day: dayOf(year, month, day), folder: day, whole: true }
      yield { day: `${dayOf(year, month)}-~`, folder: month, whole: false }
    }
    yield { day: `${dayOf(year)}-~`, folder: year, whole: false }
  }
}

/**
 * All date folders together, the earliest day first; within a day in the order of the delivery time in the
 * file's name.
 */
export async function* byDay(walk: Walk): AsyncGenerator<FileLocation> {
  const { calendars } = walk
  for (const calendar of calendars) calendar.next = (await calendar.days.next()).value ?? undefined
  for (;;) {
    const open = calendars.filter((calendar) => calendar.next !== undefined)
    if (open.length === 0) return
    const day = open.reduce((least, { next }) => (next && next.day < least ? next.day : least), '~')
    const files: FileLocation[] = []
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

async function* filesBelow(folder: FileLocation, walk: Walk): AsyncGenerator<FileLocation> {
  const { folders, files } = await contentsOf(folder, walk)
  yield* files
  for (const inner of folders) yield* filesBelow(inner, walk)
}

/** The subfolders of a month or a year were visited before its files, and reported then. */
function saidAlready(): void {}

function deliveryOf(path: string): string {
  return /_(\d{8}T\d{4,6})Z/.exec(path)?.[1] ?? ''
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/**
 * The entries of a folder. A folder that cannot be listed is returned as a file, so that reading it reports
 * the error.
 */
async function contentsOf(
  folder: FileLocation,
  walk: Walk,
): Promise<{ folders: FileLocation[]; files: FileLocation[] }> {
  let entries: Entries
  try {
    entries = await entriesOf(folder, walk.passOver)
  } catch (thrown) {
    // A folder that is removed meanwhile is empty.
    return { folders: [], files: systemCode(thrown) === 'ENOENT' ? [] : [folder] }
  }
  const { files, linked } = entries
  const folders: FileLocation[] = []
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

/** Skips the folders of a lake's own files. */
async function withoutLake(
  folder: FileLocation,
  folders: FileLocation[],
  { lakes, passOver }: Walk,
): Promise<FileLocation[]> {
  const before = lakes.size
  const names = folders.map(({ name }) => basename(name))
  const outside = new Set(await outsideLake(folder.name, names, lakes))
  if (lakes.size > before) passOver(`${LAKE_NOT_READ}${folder.name}`, folder)
  return folders.filter(({ name }) => outside.has(basename(name)))
}

/** Whether a folder is read here: a target of a link may also be read at its own path. */
async function isToBeRead(folder: FileLocation, { reached, passOver }: Walk): Promise<boolean> {
  if (folder.real !== undefined && reached.has(folder.real)) return false
  if (!['/proc', '/sys'].includes(folder.name) || !(await isMadeUp(folder.at))) return true
  passOver(MADE_UP, folder)
  return false
}

const MADE_UP = 'folders that the system makes up'

/** Whether a link leads to a folder that is not read otherwise; then its target is marked as read. */
async function leadsElsewhere(
  target: Required<FileLocation>,
  from: FileLocation,
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

/** Whether a path equals a folder or lies in it. */
function lies(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`)
}
