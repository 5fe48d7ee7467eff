import type { Dirent, Stats } from 'node:fs'
import { readdir, realpath, stat, statfs } from 'node:fs/promises'
import { sep } from 'node:path'
import { systemCode } from '../lib/errors.ts'

/** A file or folder on this machine. */
export interface FileLocation {
  /** Its name everywhere; a byte that is not UTF-8 is written `\xff`. */
  name: string
  /** Its name to the file system: bytes where the name is not UTF-8. */
  at: string | Buffer
  /** Its path without links, one character per byte, when a link led here. */
  real?: string
}

/** Reports an entry of a folder that is not read, with the reason. */
export type PassOver = (what: string, place: FileLocation) => void

export interface Entries {
  folders: FileLocation[]
  files: FileLocation[]
  /** Folders that are reached through links. */
  linked: FileLocation[]
}

export function locationOf(path: string): FileLocation {
  return { name: path, at: path }
}

/** The path for a name that `nameOf` may have written. */
export function locationNamed(name: string): string | Buffer {
  if (!name.includes('\\x')) return name
  const parts = name.split(/((?:\\x[0-9a-f]{2})+)/)
  return Buffer.concat(
    parts.map((part, at) =>
      at % 2 === 0 ? Buffer.from(part) : Buffer.from(part.replaceAll('\\x', ''), 'hex'),
    ),
  )
}

/**
 * The entries of a folder, sorted by name. An entry that is neither a file nor a folder is reported and
 * skipped.
 */
export async function entriesOf(folder: FileLocation, passOver: PassOver): Promise<Entries> {
  const found: Entries = { folders: [], files: [], linked: [] }
  for (const { entry, place } of await listed(folder)) {
    if (entry.isDirectory()) found.folders.push(place)
    else if (entry.isFile()) found.files.push(place)
    else if (entry.isSymbolicLink()) await follow(place, found, passOver)
    else passOver(kindOf(entry), place)
  }
  return found
}

async function follow(place: FileLocation, found: Entries, passOver: PassOver): Promise<void> {
  let target: Stats
  try {
    target = await stat(place.at)
  } catch (thrown) {
    if (['ENOENT', 'ENOTDIR', 'ELOOP'].includes(systemCode(thrown) ?? '')) passOver(LEADS_TO_NOTHING, place)
    // The error is reported when the file is read.
    else found.files.push(place)
    return
  }
  if (target.isFile()) found.files.push(place)
  else if (target.isDirectory()) found.linked.push(place)
  else passOver(kindOf(target), place)
}

export const LEADS_TO_NOTHING = 'links that lead to nothing'

interface Listed {
  entry: Dirent | Dirent<Buffer>
  place: FileLocation
}

async function listed(folder: FileLocation): Promise<Listed[]> {
  const options = { withFileTypes: true } as const
  if (typeof folder.at === 'string') {
    const entries = await readdir(folder.at, options)
    // A name may also contain the replacement character itself.
    if (!entries.some(({ name }) => name.includes('\ufffd'))) {
      return sorted(entries.map((entry) => ({ entry, place: inside(folder, entry.name) })))
    }
  }
  const entries = await readdir(folder.at, { ...options, encoding: 'buffer' })
  return sorted(entries.map((entry) => ({ entry, place: inside(folder, entry.name) })))
}

function sorted(entries: Listed[]): Listed[] {
  return entries.sort(({ place: a }, { place: b }) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
}

function inside({ name, at, real }: FileLocation, entry: string | Buffer): FileLocation {
  const text = typeof entry === 'string' ? entry : entry.toString()
  const isText = typeof entry === 'string' || Buffer.from(text).equals(entry)
  const between = (path: string) => (path.endsWith(sep) ? '' : sep)
  return {
    name: `${name}${between(name)}${isText ? text : nameOf(entry as Buffer)}`,
    at:
      isText && typeof at === 'string'
        ? `${at}${between(at)}${text}`
        : Buffer.concat([
            Buffer.from(at as string),
            Buffer.from(between(name)),
            Buffer.from(entry as string),
          ]),
    ...(real === undefined ? {} : { real: `${real}${between(real)}${bytesOf(entry)}` }),
  }
}

/** A name that is not UTF-8, with its invalid bytes written as `\xff`. */
function nameOf(bytes: Buffer): string {
  let name = ''
  for (let at = 0; at < bytes.length; ) {
    const length = lengthAt(bytes, at)
    name +=
      length > 0
        ? bytes.toString('utf8', at, at + length)
        : `\\x${(bytes[at] as number).toString(16).padStart(2, '0')}`
    at += Math.max(1, length)
  }
  return name
}

/** Bytes of the character that begins at `at`; 0 when it is invalid. */
function lengthAt(bytes: Buffer, at: number): number {
  for (const length of [1, 2, 3, 4]) {
    const part = bytes.subarray(at, at + length)
    const character = part.toString()
    if (part.length === length && character.length <= 2 && Buffer.from(character).equals(part)) return length
  }
  return 0
}

/** A path as its bytes, one character each, so that any two can be compared. */
export function bytesOf(path: string | Buffer): string {
  return Buffer.from(path as string).toString('latin1')
}

/** The folder that a link leads to, under the link's name; undefined when it was removed. */
export async function linkedFolder(link: FileLocation): Promise<Required<FileLocation> | undefined> {
  const target = await realpath(link.at, { encoding: 'buffer' }).catch(() => undefined)
  return target && { ...link, real: bytesOf(target) }
}

/** Names of the kinds of entries that are not logs. */
export function kindOf(entry: Dirent | Dirent<Buffer> | Stats): string {
  if (entry.isFIFO()) return 'pipes'
  if (entry.isSocket()) return 'sockets'
  if (entry.isBlockDevice() || entry.isCharacterDevice()) return 'devices'
  return 'entries that are neither file nor folder'
}

/** Magic numbers of Linux's virtual file systems: their files have size 0, and some never end. */
const MADE_UP = [0x9fa0, 0x62656572, 0x64626720, 0x74726163]

/** Whether a path is in `/proc`, `/sys` or another virtual file system. */
export async function isMadeUp(path: string | Buffer): Promise<boolean> {
  if (process.platform !== 'linux') return false
  const found = await statfs(path).catch(() => undefined)
  return found !== undefined && MADE_UP.includes(Number(found.type))
}
