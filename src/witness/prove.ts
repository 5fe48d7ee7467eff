import type { Lake } from '../lake/lake.ts'
import { lastCheckpoint } from './append.ts'
import { readCommit } from './commits.ts'
import type { Signer } from './signer.ts'
import { openTiles, type Tiles } from './tiles.ts'
import { inclusionPath, inMemory, leafHash } from './tree.ts'

/** From what the ledger says of an object to a signed checkpoint. Hashes are hex. */
export interface ObjectProof {
  object: string
  /** What was logged of it: a text of JSON, `[object, version, sha256, expanded_sha256, outcome, stored, erased]`. */
  line: string
  index: number
  count: number
  path: string[]
  /** The leaf of its commit, as text, whose `objects` has the root of that path. */
  leaf: string
  leaf_index: number
  leaf_path: string[]
}

export interface LogProof {
  /** The note, whose size and root all paths lead to. */
  checkpoint: string
  size: number
  /** SPKI in PEM. */
  key: string
  /** The RFC 3161 answer about the note, where there is one. */
  stamp: Uint8Array | undefined
  objects: ObjectProof[]
  /** Objects that no leaf has. */
  unproved: string[]
}

/** An object, and when the ledger's row was made, in milliseconds since 1970. */
export interface ToProve {
  object: string
  ingestedMs: number
}

/** A commit comes so long after the rows in it were made, at most. */
const LONGEST_COMMIT_MS = 3_600_000

/** Proofs for objects by the newest checkpoint; undefined where the log has none. */
export async function proveObjects(
  lake: Lake,
  signer: Pick<Signer, 'publicKey'>,
  objects: readonly ToProve[],
): Promise<LogProof | undefined> {
  const last = await lastCheckpoint(lake, signer)
  if (!last) return undefined
  const { size } = last.checkpoint
  const tiles = openTiles(lake.storage, size)
  const { from } = JSON.parse((await tiles.entry(0)).toString()) as { from: number }
  const wanted = new Map(objects.map(({ object }) => [object, true]))
  const found: ObjectProof[] = []
  const begin = await firstAt(tiles, size, Math.min(...objects.map(({ ingestedMs }) => ingestedMs)))
  const end = Math.max(...objects.map(({ ingestedMs }) => ingestedMs)) + LONGEST_COMMIT_MS
  for (let at = begin; at < size && wanted.size > 0; at++) {
    const leaf = (await tiles.entry(at)).toString()
    const told = (JSON.parse(leaf) as { at: string | null }).at
    if (told !== null && Date.parse(told) > end) break
    const commit = await readCommit(lake, from + at - 1)
    if (!commit || commit.objects.length === 0) continue
    const hashes = commit.objects.map((line) => leafHash(Buffer.from(line)))
    for (const [index, line] of commit.objects.entries()) {
      const object = (JSON.parse(line) as [string])[0]
      if (!wanted.delete(object)) continue
      found.push({
        object,
        line,
        index,
        count: hashes.length,
        path: hex(await inclusionPath(index, hashes.length, inMemory(hashes))),
        leaf,
        leaf_index: at,
        leaf_path: hex(await inclusionPath(at, size, tiles.hash)),
      })
    }
  }
  const stamp = await lake.storage.find(`log/stamps/${size}.tsr`)
  return {
    checkpoint: last.note,
    size,
    key: signer.publicKey.export({ type: 'spki', format: 'pem' }) as string,
    stamp,
    objects: found,
    unproved: [...wanted.keys()],
  }
}

function hex(path: readonly Buffer[]): string[] {
  return path.map((hash) => hash.toString('hex'))
}

/** The first leaf whose commit was not made before a moment: commits are in the order of their time. */
async function firstAt(tiles: Tiles, size: number, ms: number): Promise<number> {
  let [low, high] = [1, size]
  while (low < high) {
    const middle = (low + high) >> 1
    const { at } = JSON.parse((await tiles.entry(middle)).toString()) as { at: string | null }
    if (at !== null && Date.parse(at) < ms) low = middle + 1
    else high = middle
  }
  return low
}
