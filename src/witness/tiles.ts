import type { Storage } from '../lake/storage/contract.ts'
import { LakeError } from '../lib/errors.ts'
import { faultPoint } from './steps.ts'
import { leafHash, nodeHash, type RangeHash, splitOf } from './tree.ts'

/**
 * A tree in files of 256 hashes or entries: https://c2sp.org/tlog-tiles. A file is never changed: a partial
 * one has its width in its name, and a fuller one is written next to it. A tile's content follows from the
 * entries, so every writer would write the same.
 */

const WIDTH = 256
const HASH = 32
/** Longest entry: its length is stored in two bytes. */
const LONGEST_ENTRY = 65_535
export const LOG = 'log'

/** `x001/x234/067`: C2SP's format of a number, so that no folder has more than a thousand names. */
export function tileName(number: number): string {
  const digits = String(number).padStart(Math.ceil(String(number).length / 3) * 3, '0')
  const parts = digits.match(/\d{3}/g) as string[]
  return parts.map((part, at) => (at < parts.length - 1 ? `x${part}` : part)).join('/')
}

function tileKey(level: number | 'entries', number: number, width: number): string {
  return `${LOG}/tile/${level}/${tileName(number)}${width === WIDTH ? '' : `.p/${width}`}`
}

/** Number of hashes in the last tile of a level, in a tree of `size` leaves. */
function widthOf(level: number, number: number, size: number): number {
  return Math.max(0, Math.min(WIDTH, Math.floor(size / WIDTH ** level) - number * WIDTH))
}

export interface Tiles {
  /** The hash over the leaves `[from, to)`; both are within the tree. */
  hash: RangeHash
  entry(index: number): Promise<Buffer>
}

/** @param size the tree's number of leaves */
export function openTiles(storage: Storage, size: number): Tiles {
  const kept = new Map<string, Promise<Buffer>>()
  const read = (level: number | 'entries', number: number) => {
    const name = `${level} ${number}`
    const known = kept.get(name) ?? readTile(storage, level, number, size)
    kept.set(name, known)
    return known
  }
  /** The hash over the 2 ** height leaves that begin at index << height. */
  const whole = async (height: number, index: number): Promise<Buffer> => {
    const level = Math.floor(height / 8)
    const count = 2 ** (height % 8)
    const first = index * count
    const tile = await read(level, Math.floor(first / WIDTH))
    const at = (first % WIDTH) * HASH
    let hashes = Array.from({ length: count }, (_, nth) =>
      tile.subarray(at + nth * HASH, at + (nth + 1) * HASH),
    )
    while (hashes.length > 1)
      hashes = Array.from({ length: hashes.length / 2 }, (_, nth) =>
        nodeHash(hashes[2 * nth] as Buffer, hashes[2 * nth + 1] as Buffer),
      )
    return hashes[0] as Buffer
  }
  const hash: RangeHash = async (from, to) => {
    const height = Math.log2(to - from)
    if (Number.isInteger(height) && from % (to - from) === 0) return await whole(height, from / (to - from))
    const middle = from + splitOf(to - from)
    return nodeHash(await hash(from, middle), await hash(middle, to))
  }
  return {
    hash,
    async entry(index) {
      const entries = entriesOf(await read('entries', Math.floor(index / WIDTH)))
      return entries[index % WIDTH] as Buffer
    },
  }
}

async function readTile(
  storage: Storage,
  level: number | 'entries',
  number: number,
  size: number,
): Promise<Buffer> {
  const width = widthOf(level === 'entries' ? 0 : level, number, size)
  const key = tileKey(level, number, width)
  const bytes = (await storage.find(key)) ?? (await storage.find(tileKey(level, number, WIDTH)))
  if (bytes === undefined || (level !== 'entries' && bytes.length < width * HASH))
    throw new LakeError('a part of the log of the lake is missing or cut short', {
      file: `${storage.root}/${key}`,
      remedy:
        'restore that file from a backup or from the copy of the log: without it, what it proved is proved no more',
    })
  return Buffer.from(bytes)
}

function entriesOf(tile: Buffer): Buffer[] {
  const entries: Buffer[] = []
  for (let at = 0; at + 2 <= tile.length; ) {
    const end = at + 2 + tile.readUInt16BE(at)
    entries.push(tile.subarray(at + 2, end))
    at = end
  }
  return entries
}

/** Adds entries to a tree of `size` leaves; no checkpoint has the new root yet. */
export async function addEntries(storage: Storage, size: number, entries: readonly Buffer[]): Promise<void> {
  const long = entries.find(({ length }) => length > LONGEST_ENTRY)
  if (long) throw new Error(`an entry of ${long.length} bytes is too long`)
  const after = size + entries.length
  const first = Math.floor(size / WIDTH)
  for (let number = first; number * WIDTH < after; number++) {
    const start = number * WIDTH
    const old =
      number === first && size > start ? entriesOf(await readTile(storage, 'entries', number, size)) : []
    const own = [
      ...old.slice(0, size - start),
      ...entries.slice(Math.max(0, start - size), start + WIDTH - size),
    ]
    const parts = own.flatMap((entry) => {
      const length = Buffer.alloc(2)
      length.writeUInt16BE(entry.length)
      return [length, entry]
    })
    await storage.create(tileKey('entries', number, own.length), Buffer.concat(parts))
    await storage.create(tileKey(0, number, own.length), Buffer.concat(own.map(leafHash)))
    faultPoint('log-tile-written')
  }
  // A full tile is one hash of the level above.
  for (let level = 1; Math.floor(after / WIDTH ** level) > 0; level++) {
    const [before, now] = [Math.floor(size / WIDTH ** level), Math.floor(after / WIDTH ** level)]
    if (before === now) continue
    const below = openTiles(storage, after)
    for (let number = Math.floor(before / WIDTH); number * WIDTH < now; number++) {
      const width = widthOf(level, number, after)
      const span = WIDTH ** level
      const hashes: Buffer[] = []
      for (let at = 0; at < width; at++) {
        const index = number * WIDTH + at
        hashes.push(await fold(below, index, span))
      }
      await storage.create(tileKey(level, number, width), Buffer.concat(hashes))
    }
  }
}

/** The hash of a full tile: the tiles below it already exist. */
async function fold(tiles: Tiles, index: number, span: number): Promise<Buffer> {
  const half = span / 2
  return nodeHash(
    await tiles.hash(index * span, index * span + half),
    await tiles.hash(index * span + half, (index + 1) * span),
  )
}
