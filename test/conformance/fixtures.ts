import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import type { LogType } from '../../src/logtypes/contract.ts'

/** An object as it is delivered, and what it must become. */
export interface Fixture {
  case: string
  /** The object's file name. */
  file: string
  bytes: Buffer
}

/**
 * The fixtures of a log type: `fixtures/<case>.<anything>`, each the object itself, or, where its bytes would be
 * unreadable, `<case>.made.json`, which says how they are made.
 */
export function fixturesOf(type: LogType): Fixture[] {
  const folder = fixtureFolder(type)
  return readdirSync(folder)
    .filter((file) => !EXPECTATION.test(file))
    .sort()
    .map((file) => {
      const name = file.slice(0, file.indexOf('.'))
      const bytes = readFileSync(`${folder}/${file}`)
      if (!file.endsWith('.made.json')) return { case: name, file, bytes }
      const recipe = JSON.parse(bytes.toString()) as Recipe & { name: string }
      return { case: name, file: `${name}.${recipe.name}`, bytes: make(recipe, name) }
    })
}

const EXPECTATION = /\.(rows|rejects)\.json$|^outcomes\.json$/

export function fixtureFolder(type: LogType): string {
  return `${folderOf(type)}/fixtures`
}

export function folderOf({ flatten }: LogType): string {
  return fileURLToPath(new URL('.', flatten)).replace(/\/$/, '')
}

/** The case of an object in a lake, by its URI. */
export function caseOf(uri: string): string {
  const file = basename(uri)
  return file.slice(0, file.indexOf('.'))
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
