import type { Stats } from 'node:fs'
import { readdir, readFile, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve, sep } from 'node:path'
import { z } from 'zod'
import { readError, sentence, systemCode, UserError } from '../lib/errors.ts'
import { section, whole, yesNo } from '../lib/settings.ts'
import {
  type FailureOutcome,
  type HowToCount,
  type LogObject,
  type ObjectSource,
  type SourceDeps,
  Unreadable,
  type WaitingDeps,
} from './contract.ts'
import {
  bytesOf,
  type FileLocation,
  isMadeUp,
  kindOf,
  LEADS_TO_NOTHING,
  locationOf,
  type PassOver,
} from './entries.ts'
import { isPattern, pathsLike } from './globbed.ts'
import { LAKE_NOT_READ, lakeAround } from './lakes.ts'
import { commitSection } from './settings.ts'
import { below, byDay, type Walk } from './walk.ts'
import { watching } from './watching.ts'

export const name = 'folder'
export const doc = 'Files on this machine, in folders of any depth.'

export const settings = section(
  {
    paths: z
      .array(z.string('a path is wanted').min(1, 'a path is wanted'), 'a list of paths is wanted')
      .min(1, 'at least one path is wanted')
      .describe('Files, folders, or glob patterns.'),
    watch: yesNo('Whether new files are read too; otherwise the run ends when all are read.').default(true),
    poll_seconds: whole(1, 'Seconds between two searches for new files.').default(10),
    settle_seconds: whole(0, 'Seconds without a change after which a file is read.').default(2),
    commit: commitSection(),
  },
  doc,
)

export type Settings = z.output<typeof settings>

export const example = { paths: ['.'] }
export const paths = ['paths']

export async function waiting(options: Settings, deps: WaitingDeps): Promise<HowToCount> {
  return { kind: 'listed', source: open({ ...options, watch: false }, deps) }
}

export function awaits({ watch }: Settings): boolean {
  return watch
}

/** It looks before each search for new objects. */
export function looksEvery({ poll_seconds }: Settings): number {
  return poll_seconds
}

export function open(options: Settings, deps: SourceDeps): ObjectSource {
  const { paths, watch, poll_seconds, settle_seconds } = options
  if (!watch) return { ...folder(paths), name: deps.name }
  const { stopped } = deps
  const how = { pollMs: poll_seconds * 1000, settleMs: settle_seconds * 1000, stopped }
  let empty = 0
  let looked: ObjectSource | undefined
  const look = (signal?: AbortSignal) => {
    empty = 0
    // A pattern may match later, for example the folder of a new account.
    looked = folder(paths, () => empty++)
    return looked.objects(signal)
  }
  return {
    name: deps.name,
    continuous: true,
    objects: (signal) => watching(() => look(signal), how, signal),
    counts: (): Record<string, number> => ({
      ...(empty > 0 ? { 'patterns that match nothing yet': empty } : {}),
      ...looked?.counts?.(),
    }),
  }
}

/**
 * Files and folders of any depth, with any names, and folders that links lead to, each read once. Folders in
 * AWS's layout (`…/2026/01/07/…`) are read day by day across accounts and Regions, in order of delivery, so
 * that the rows of each commit are close in time. Entries that are not read are reported.
 *
 * @param onEmpty called for a pattern that matches nothing; by default that is an error
 */
export function folder(paths: readonly string[], onEmpty: OnEmpty = refuse): ObjectSource {
  let counts: Record<string, number> = {}
  const sum = (counts: Record<string, number>) => Object.values(counts).reduce((all, times) => all + times, 0)
  return {
    name,
    finite: true,
    async *objects(signal) {
      const passed: Record<string, number> = {}
      const passOver: PassOver = (what) => {
        passed[what] = (passed[what] ?? 0) + 1
        // A progress bar may walk it at the same time: the one that is ahead sets the counts.
        if (sum(passed) >= sum(counts)) counts = passed
      }
      for await (const object of everything(paths, onEmpty, passOver)) {
        if (signal?.aborted) return
        yield object
      }
    },
    counts: () => counts,
  }
}

type OnEmpty = (pattern: string) => void

function refuse(pattern: string): never {
  throw new UserError(`nothing matches ${pattern}`)
}

async function* everything(
  paths: readonly string[],
  onEmpty: OnEmpty,
  passOver: PassOver,
): AsyncGenerator<LogObject> {
  const found = await resolvePaths(paths, onEmpty, passOver)
  const walk: Walk = { calendars: [], reached: new Set(found.map(bytesOf)), passOver, lakes: new Set() }
  for (const path of new Set(found)) {
    const place = locationOf(path)
    const lake = await lakeAround(path)
    if (lake !== undefined) {
      if (!walk.lakes.has(lake)) passOver(`${LAKE_NOT_READ}${lake}`, place)
      walk.lakes.add(lake)
    } else if (!(await stat(path)).isDirectory()) yield* fileObject(place)
    else for await (const file of below(place, walk)) yield* fileObject(file)
  }
  for await (const file of byDay(walk)) yield* fileObject(file)
}

/** Resolves the user's paths; one that does not exist, or is neither file nor folder, is a UserError. */
async function resolvePaths(
  paths: readonly string[],
  onEmpty: OnEmpty,
  passOver: PassOver,
): Promise<string[]> {
  const found: string[] = []
  for (const path of paths) {
    const exact = await realpath(path).catch(() => undefined)
    if (exact !== undefined) {
      found.push(exact)
      await refuseStrange(path)
    } else if (isPattern(path)) {
      const matches = await pathsLike(path)
      if (matches.length === 0) onEmpty(path)
      for (const match of matches.sort()) {
        const place = locationOf(resolve(match))
        const matched = await stat(place.at).catch(() => undefined)
        if (matched === undefined) passOver(LEADS_TO_NOTHING, place)
        else if (matched.isFile() || matched.isDirectory()) found.push(await realpath(place.at as string))
        else passOver(kindOf(matched), place)
      }
    } else {
      await refuseStrange(path)
      throw new UserError(`there is no file or folder ${path}`)
    }
  }
  return found
}

/** A pipe has no permanent name, and virtual files may never end. */
async function refuseStrange(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined)
  if (!found) return
  if (!found.isFile() && !found.isDirectory())
    throw new UserError(
      `${path} is neither a file nor a folder, but of the kind: ${kindOf(found)}. Write its output to a file`,
    )
  if (await isMadeUp(path))
    throw new UserError(`${path} is a virtual file of the system: copy it to a file if it is a log`)
}

/** The object of a file; none when it was removed since its folder was read. */
async function* fileObject({ name, at }: FileLocation): AsyncGenerator<LogObject> {
  let found: Stats
  try {
    found = await stat(at)
  } catch (thrown) {
    if (systemCode(thrown) === 'ENOENT') return
    const read = () => Promise.reject(unreadable(name, thrown))
    yield { kind: 'object', uri: name, version: '', bytes: 0, writtenMs: 0, read, async acknowledge() {} }
    return
  }
  const { size, mtimeMs } = found
  // A folder is here because it cannot be listed: reading it reports why.
  const isFolder = found.isDirectory()
  // Distinguishes a name with escaped bytes from one that is really spelled so.
  const suffix = typeof at === 'string' ? '' : '-bytes'
  const version = `${size}-${Math.floor(mtimeMs)}${suffix}`
  const writtenMs = Math.floor(mtimeMs)
  const read = async () => {
    try {
      return { bytes: await readFile(at), version, writtenMs }
    } catch (thrown) {
      throw unreadable(
        name,
        isFolder
          ? await readdir(at).then(
              () => thrown,
              (why) => why,
            )
          : thrown,
      )
    }
  }
  const isText = typeof at === 'string'
  yield {
    kind: 'object',
    uri: name,
    version,
    bytes: isFolder ? 0 : size,
    writtenMs,
    ...(isText && !isFolder ? { file: at, overflowBody: (uri: string) => readPart(at, uri) } : {}),
    read,
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

/** A missing or forbidden file, or a broken disk, concerns one object; other errors concern all. */
function unreadable(path: string, thrown: unknown): Error {
  const outcome = OUTCOMES[systemCode(thrown) ?? '']
  const error = readError(path, thrown)
  return outcome ? new Unreadable(outcome, sentence(error).split('\n')[0] as string, error) : error
}

/**
 * A body that a Bedrock record names: in the folder `data` beside the record's file, or at the same place
 * below `AWSLogs` in the same tree.
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
      throw readError(place, thrown)
    })
    if (bytes) return bytes
  }
  return undefined
}
