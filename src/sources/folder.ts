import { readdir, readFile, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve, sep } from 'node:path'
import { glob, isDynamicPattern } from 'tinyglobby'
import { z } from 'zod'
import { sentence, storageError, systemCode, UserError } from '../lib/errors.ts'
import { section, whole, yesNo } from '../lib/settings.ts'
import {
  type FailureOutcome,
  type LogObject,
  type ObjectSource,
  type SourceDeps,
  Unreadable,
} from './contract.ts'
import { commitSection } from './settings.ts'
import { watching } from './watching.ts'

export const name = 'folder'
export const doc = 'Files on this machine, in folders of any depth.'

export const settings = section(
  {
    paths: z
      .array(z.string('a path is wanted').min(1, 'a path is wanted'), 'a list of paths is wanted')
      .min(1, 'at least one path is wanted')
      .describe('Files, folders, or glob patterns.'),
    watch: yesNo('Whether files that come later are read, too; otherwise it ends when all are read.').default(
      true,
    ),
    poll_seconds: whole(1, 'New files are looked for so often.').default(10),
    settle_seconds: whole(0, 'A file is read when it has not changed for so long.').default(2),
    commit: commitSection(),
  },
  doc,
)

export type Settings = z.output<typeof settings>

export function open(options: Settings, deps: SourceDeps): ObjectSource {
  const { paths, watch, poll_seconds, settle_seconds } = options
  if (!watch) return { ...folder(paths), name: deps.name }
  const { stopped } = deps
  const how = { pollMs: poll_seconds * 1000, settleMs: settle_seconds * 1000, stopped }
  let empty = 0
  const look = (signal?: AbortSignal) => {
    empty = 0
    // What it matches may be made tomorrow, as the folder of a new account.
    return folder(paths, () => empty++).objects(signal)
  }
  return {
    name: deps.name,
    continuous: true,
    objects: (signal) => watching(() => look(signal), how, signal),
    told: (): Record<string, number> => (empty > 0 ? { 'patterns that match nothing yet': empty } : {}),
  }
}

/**
 * Files and folders of any depth, whatever their names. Folders in AWS's layout (`…/2026/01/07/…`) are read day by
 * day across accounts and Regions, as they were delivered: then each commit's rows are close in time.
 *
 * @param onEmpty told of a pattern that matches nothing; by default that is an error
 */
export function folder(paths: readonly string[], onEmpty: OnEmpty = refuse): ObjectSource {
  return {
    name,
    async *objects(signal) {
      for await (const object of everything(paths, onEmpty)) {
        if (signal?.aborted) return
        yield object
      }
    },
  }
}

type OnEmpty = (pattern: string) => void

function refuse(pattern: string): never {
  throw new UserError(`nothing matches ${pattern}`)
}

async function* everything(paths: readonly string[], onEmpty: OnEmpty): AsyncGenerator<LogObject> {
  const calendars: Calendar[] = []
  const seen = new Set<string>()
  for (const path of await resolvePaths(paths, onEmpty)) {
    if (seen.has(path)) continue
    seen.add(path)
    if ((await stat(path)).isDirectory()) yield* walk(path, calendars)
    else yield* fileObject(path)
  }
  yield* byDay(calendars)
}

/** Absolute paths of what the user named; a path that is not there is the user's mistake. */
async function resolvePaths(paths: readonly string[], onEmpty: OnEmpty): Promise<string[]> {
  const found: string[] = []
  for (const path of paths) {
    const exact = await realpath(path).catch(() => undefined)
    if (exact !== undefined) found.push(exact)
    else if (isDynamicPattern(path)) {
      const matches = await glob(path.split(sep).join('/'), {
        absolute: true,
        onlyFiles: false,
        expandDirectories: false,
        dot: true,
      })
      if (matches.length === 0) onEmpty(path)
      for (const match of matches.sort()) found.push(await realpath(resolve(match)))
    } else throw new UserError(`there is no file or folder ${path}`)
  }
  return found
}

/** The object that a file is; none when it went away since its folder was read. */
async function* fileObject(path: string): AsyncGenerator<LogObject> {
  const found = await stat(path).catch((thrown) => {
    if (systemCode(thrown) === 'ENOENT') return undefined
    throw storageError('read', path, thrown)
  })
  if (!found) return
  const { size, mtimeMs } = found
  yield {
    uri: path,
    version: `${size}-${Math.floor(mtimeMs)}`,
    bytes: size,
    writtenMs: Math.floor(mtimeMs),
    file: path,
    part: (uri) => readPart(path, uri),
    read: () => readFile(path).catch((thrown) => Promise.reject(unreadable(path, thrown))),
    async acknowledge() {},
  }
}

const OUTCOMES: Record<string, FailureOutcome> = {
  ENOENT: 'missing',
  EACCES: 'denied',
  EPERM: 'denied',
  EIO: 'unreachable',
  ESTALE: 'unreachable',
}

/** A file may go away, be forbidden or lie on a broken disk; anything else is wrong with us. */
function unreadable(path: string, thrown: unknown): Error {
  const outcome = OUTCOMES[systemCode(thrown) ?? '']
  const error = storageError('read', path, thrown)
  return outcome ? new Unreadable(outcome, sentence(error).split('\n')[0] as string, error) : error
}

/**
 * A body that a Bedrock record names: in the folder `data` beside the record's file, or at the same place below
 * `AWSLogs` in the same tree.
 */
async function readPart(path: string, uri: string): Promise<Uint8Array | undefined> {
  const key = /^s3:\/\/[^/]+\/(.+)$/.exec(uri)?.[1]
  if (key === undefined || key.split('/').includes('..')) return undefined
  const places = [join(dirname(path), 'data', basename(key))]
  const root = path.lastIndexOf(`${sep}AWSLogs${sep}`)
  const below = key.lastIndexOf('AWSLogs/')
  if (root >= 0 && below >= 0) places.push(join(path.slice(0, root), key.slice(below)))
  for (const place of places) {
    const bytes = await readFile(place).catch((thrown) => {
      if (systemCode(thrown) === 'ENOENT') return undefined
      throw storageError('read', place, thrown)
    })
    if (bytes) return bytes
  }
  return undefined
}

/** A folder whose folders are years: a stream of days, in order. */
interface Calendar {
  days: AsyncGenerator<{ day: string; path: string }>
  next: { day: string; path: string } | undefined
}

/** Everything below a folder, but for the calendars, which are left for later. */
async function* walk(path: string, calendars: Calendar[]): AsyncGenerator<LogObject> {
  const { folders, files } = await entriesOf(path)
  for (const file of files) yield* fileObject(join(path, file))
  if (folders.length > 0 && folders.every((name) => /^\d{4}$/.test(name))) {
    calendars.push({ days: daysOf(path, folders), next: undefined })
  } else for (const name of folders) yield* walk(join(path, name), calendars)
}

async function* daysOf(
  path: string,
  years: readonly string[],
): AsyncGenerator<{ day: string; path: string }> {
  for (const year of years) {
    for (const month of (await entriesOf(join(path, year))).folders) {
      for (const day of (await entriesOf(join(path, year, month))).folders) {
        yield { day: `${year}-${month}-${day}`, path: join(path, year, month, day) }
      }
      yield { day: `${year}-${month}-~`, path: `${join(path, year, month)}${sep}` }
    }
    yield { day: `${year}-~`, path: `${join(path, year)}${sep}` }
  }
}

/** All calendars together, the earliest day first; inside a day by the time of delivery in the file's name. */
async function* byDay(calendars: Calendar[]): AsyncGenerator<LogObject> {
  for (const calendar of calendars) calendar.next = (await calendar.days.next()).value ?? undefined
  for (;;) {
    const open = calendars.filter((calendar) => calendar.next !== undefined)
    if (open.length === 0) return
    const day = open.reduce((least, { next }) => (next && next.day < least ? next.day : least), '~')
    const paths: string[] = []
    for (const calendar of open) {
      if (calendar.next?.day !== day) continue
      // A day's folder is read whole; for a month or a year only the files that lie beside its folders.
      const { path } = calendar.next
      for await (const file of path.endsWith(sep) ? beside(path) : below(path)) paths.push(file)
      calendar.next = (await calendar.days.next()).value ?? undefined
    }
    paths.sort((a, b) => compare(deliveryOf(a), deliveryOf(b)) || compare(a, b))
    for (const path of paths) yield* fileObject(path)
  }
}

async function* beside(path: string): AsyncGenerator<string> {
  for (const file of (await entriesOf(path)).files) yield join(path, file)
}

async function* below(path: string): AsyncGenerator<string> {
  const { folders, files } = await entriesOf(path)
  for (const file of files) yield join(path, file)
  for (const name of folders) yield* below(join(path, name))
}

function deliveryOf(path: string): string {
  return /_(\d{8}T\d{4,6})Z/.exec(path)?.[1] ?? ''
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

async function entriesOf(path: string): Promise<{ folders: string[]; files: string[] }> {
  const entries = await readdir(path, { withFileTypes: true }).catch((thrown) => {
    // A folder that goes away while it is walked holds nothing any more.
    if (systemCode(thrown) === 'ENOENT') return []
    throw storageError('read', path, thrown)
  })
  const folders: string[] = []
  const files: string[] = []
  for (const entry of entries) {
    if (entry.isDirectory()) folders.push(entry.name)
    else if (entry.isFile()) files.push(entry.name)
    else if (entry.isSymbolicLink()) {
      const target = await stat(join(path, entry.name)).catch(() => undefined)
      // A link to a folder may lead back up: only links to files are followed.
      if (target?.isFile()) files.push(entry.name)
    }
  }
  return { folders: folders.sort(), files: files.sort() }
}
