import type { Lake } from '../lake/lake.ts'
import { checkpointKey, lastCheckpoint } from './append.ts'
import { readCommit } from './commits.ts'
import { openCheckpoint } from './note.ts'
import type { Signer } from './signer.ts'
import { requestKey, stampKey } from './stamp/keep.ts'
import { stampedSizes } from './stamp/verify.ts'
import { LOG, openTiles, type Tiles } from './tiles.ts'
import { inclusionPath, inMemory, leafHash } from './tree.ts'

/** Proof from the ledger's row of an object to a signed checkpoint. Hashes are hex. */
export interface ObjectProof {
  object: string
  /** Its log record: a JSON text, `[object, version, sha256, expanded_sha256, outcome, stored, erased]`. */
  line: string
  index: number
  count: number
  path: string[]
  /** The leaf of its commit, as text, whose `objects` is the root of that path. */
  leaf: string
  leaf_index: number
  leaf_path: string[]
}

export interface LogProof {
  /** The note with the size and the root to which all paths lead. */
  checkpoint: string
  size: number
  /** SPKI in PEM. */
  key: string
  /** The RFC 3161 request for the note and its answer, if any. */
  stamp: { request: Uint8Array; response: Uint8Array } | undefined
  objects: ObjectProof[]
  /** Objects that no leaf contains. */
  unproved: string[]
}

/** An object, and when the ledger's row was created, in milliseconds since 1970. */
export interface ToProve {
  object: string
  ingestedMs: number
}

/** Maximum time from the creation of a row to its commit. */
const LONGEST_COMMIT_MS = 3_600_000

/**
 * Proofs for objects under one checkpoint; undefined when the log has none. It is the first checkpoint with a
 * time stamp that covers all of them, which shows since when they are unchanged; else the newest.
 */
export async function proveObjects(
  lake: Lake,
  signer: Pick<Signer, 'publicKey'>,
  objects: readonly ToProve[],
): Promise<LogProof | undefined> {
  const last = await lastCheckpoint(lake, signer)
  if (!last) return undefined
  const tiles = openTiles(lake.storage, last.checkpoint.size)
  const { found, unproved } = await leavesOf(lake, tiles, last.checkpoint.size, objects)
  const least = Math.max(1, ...found.map(({ leaf_index }) => leaf_index + 1))
  const stamped = await firstStamped(lake, signer, least)
  const { size, note, stamp } = stamped ?? {
    size: last.checkpoint.size,
    note: last.note,
    stamp: undefined,
  }
  const proofs: ObjectProof[] = []
  for (const one of found)
    proofs.push({ ...one, leaf_path: hex(await inclusionPath(one.leaf_index, size, tiles.hash)) })
  return {
    checkpoint: note,
    size,
    key: signer.publicKey.export({ type: 'spki', format: 'pem' }) as string,
    stamp,
    objects: proofs,
    unproved,
  }
}

/** The first stamped checkpoint with at least this number of leaves. */
async function firstStamped(
  { storage }: Lake,
  { publicKey }: Pick<Signer, 'publicKey'>,
  least: number,
): Promise<{ size: number; note: string; stamp: LogProof['stamp'] } | undefined> {
  for (const size of await stampedSizes(storage, LOG)) {
    if (size < least) continue
    const [note, request, response] = await Promise.all(
      [checkpointKey(size), requestKey(size), stampKey(size)].map((key) => storage.find(key)),
    )
    if (!note || !request || !response) continue
    const text = Buffer.from(note).toString()
    if (openCheckpoint(text, [publicKey]).size === size)
      return { size, note: text, stamp: { request, response } }
  }
  return undefined
}

/** The objects' paths to the leaves of their commits, without the path from there to the root. */
async function leavesOf(
  lake: Lake,
  tiles: Tiles,
  size: number,
  objects: readonly ToProve[],
): Promise<{ found: Omit<ObjectProof, 'leaf_path'>[]; unproved: string[] }> {
  const { from } = JSON.parse((await tiles.entry(0)).toString()) as { from: number }
  const wanted = new Set(objects.map(({ object }) => object))
  const found: Omit<ObjectProof, 'leaf_path'>[] = []
  const timestamps = objects.map(({ ingestedMs }) => ingestedMs)
  const begin = await firstAt(tiles, size, Math.min(...timestamps))
  const end = Math.max(...timestamps) + LONGEST_COMMIT_MS
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
      const path = hex(await inclusionPath(index, hashes.length, inMemory(hashes)))
      found.push({ object, line, index, count: hashes.length, path, leaf, leaf_index: at })
    }
  }
  return { found, unproved: [...wanted] }
}

function hex(path: readonly Buffer[]): string[] {
  return path.map((hash) => hash.toString('hex'))
}

/** The first leaf whose commit is not before a time: commits are sorted by time. */
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
