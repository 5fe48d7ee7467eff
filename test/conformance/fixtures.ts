import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import type { LogType } from '../../src/logtypes/contract.ts'

/** Objects as they are delivered together, most often one, and what they must become. */
export interface Fixture {
  case: string
  files: {
    /** The object's name, or its key below the case's folder. */
    file: string
    bytes: Buffer
  }[]
}

/**
 * The fixtures of a log type: `fixtures/<case>.<anything>`, each the object itself, or a folder `fixtures/<case>/` with
 * objects under their keys. Where an object's bytes would be unreadable, `<name>.made.json` says how they are made.
 */
export function fixturesOf(type: LogType): Fixture[] {
  const folder = fixtureFolder(type)
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !EXPECTATION.test(name))
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .map((entry) => {
      const name = entry.isDirectory() ? entry.name : entry.name.slice(0, entry.name.indexOf('.'))
      return {
        case: name,
        files: entry.isDirectory() ? filesBelow(folder, name) : [fileOf(folder, entry.name)],
      }
    })
}

function filesBelow(folder: string, name: string): Fixture['files'] {
  return readdirSync(join(folder, name), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name: file }) => fileOf(folder, relative(folder, join(parentPath, file))))
    .sort((one, other) => (one.file < other.file ? -1 : 1))
}

function fileOf(folder: string, file: string): { file: string; bytes: Buffer } {
  const bytes = readFileSync(join(folder, file))
  if (!file.endsWith('.made.json')) return { file, bytes }
  const recipe = JSON.parse(bytes.toString()) as Recipe & { name: string }
  const name = basename(file, '.made.json')
  return { file: join(dirname(file), `${name}.${recipe.name}`), bytes: make(recipe, name) }
}

const EXPECTATION = /\.(rows|rejects)\.json$|^(outcomes|looked)\.json$/

export function fixtureFolder(type: LogType): string {
  return `${folderOf(type)}/fixtures`
}

export function folderOf({ queries }: LogType): string {
  return fileURLToPath(new URL('..', queries)).replace(/\/$/, '')
}

/** The case of an object, by its path below the folder that the fixtures were written to. */
export function caseOf(path: string): string {
  const [first] = path.split('/') as [string]
  return path.includes('/') ? first : first.slice(0, first.indexOf('.'))
}

/**
 * How bytes are made: parts one after the other, then gzip so many times, then cut to `keep` bytes or by `cut` bytes,
 * then some bytes turned over. gzip does not compress here, so that a cut is at the same place with every zlib.
 */
interface Recipe {
  parts?: Part[]
  gzip?: number
  keep?: number
  cut?: number
  flip?: number[]
}

type Part = (Recipe & { parts: Part[] }) | { text: string; times?: number } | JsonPart | HexPart
type JsonPart = { json: unknown; times?: number; between?: string }
type HexPart = { hex: string; times?: number }

/** `{{id}}` in a part is a GUID, another one each time. */
function make(recipe: Recipe, name: string): Buffer {
  let made = 0
  const id = () => {
    const hash = createHash('md5').update(`${name}/${made++}`).digest('hex')
    return hash.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
  }
  const fill = (text: string) => text.replaceAll('{{id}}', id)

  function bytesOf(part: Part): Buffer {
    if ('parts' in part) return finish(part)
    const { times = 1 } = part
    if ('hex' in part) return Buffer.from(part.hex.repeat(times), 'hex')
    if ('text' in part) return Buffer.from(fill(part.text.repeat(times)))
    const texts = Array.from({ length: times }, () => fill(JSON.stringify(part.json)))
    return Buffer.from(texts.join(part.between ?? ''))
  }

  function finish({ parts = [], gzip = 0, keep, cut = 0, flip = [] }: Recipe): Buffer {
    let bytes = Buffer.concat(parts.map(bytesOf))
    for (let layer = 0; layer < gzip; layer++) bytes = gzipSync(bytes, { level: 0 })
    bytes = bytes.subarray(0, (keep ?? bytes.length) - cut)
    for (const at of flip) bytes.writeUInt8((bytes[at] as number) ^ 0xff, at)
    return bytes
  }
  return finish(recipe)
}
