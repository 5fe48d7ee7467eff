import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { listCatalog } from '../lake/catalog.ts'
import type { Lake } from '../lake/lake.ts'
import { type Engine, openEngine } from '../lib/duckdb.ts'
import { LakeError, sentence } from '../lib/errors.ts'
import { entryOf, firstEntry, logCommit } from './commits.ts'
import { type Checkpoint, checkpointText, noteOf, openCheckpoint } from './note.ts'
import type { Signer } from './signer.ts'
import { faultPoint } from './steps.ts'
import { addEntries, LOG, openTiles } from './tiles.ts'

/** Versions that become leaves at once. */
const AT_ONCE = 512
const CHECKPOINT = `${LOG}/checkpoint`

export function checkpointKey(size: number): string {
  return `${LOG}/checkpoints/${size}`
}

/** The lake's name in its log. */
export function originOf(lake: string): string {
  return `loglake.dev/lake/${lake}`
}

export interface Logged {
  checkpoint: Checkpoint | undefined
  /** The note with the checkpoint. */
  note: string | undefined
  /** The number of leaves added. */
  added: number
}

/**
 * Brings the log up to the newest version: a leaf for each version, then a checkpoint. It runs after commits
 * and never inside one, so that commits do not depend on it; the next run logs a commit that was missed. Any
 * number of processes may run it at once: the first to write a leaf decides its content, and all files follow
 * from the leaves.
 */
export async function appendLog(lake: Lake, signer: Signer): Promise<Logged> {
  if (!(await lake.exists())) return { checkpoint: undefined, note: undefined, added: 0 }
  const version = await lake.newest()
  const id = version.catalog.lake
  const last = await lastCheckpoint(lake, signer)
  let size = last?.checkpoint.size ?? 0
  const first = size === 0 ? await oldest(lake, version.number) : await firstVersion(lake, size)
  const begun = size
  const engines: Engine[] = []
  const place = await lake.storage.workplace()
  const engine = async () => {
    engines[0] ??= await openEngine({ threads: 1, memory: '256MiB', spill: join(place, 'spill') })
    return engines[0]
  }
  let made = last
  try {
    // The leaf at index `size` is version first + size - 1: the first leaf describes the log itself.
    while (first + size - 1 <= version.number || size === 0) {
      const entries: Buffer[] = size === 0 ? [firstEntry(id, first)] : []
      for (
        let next = first + size + entries.length - 1;
        next <= version.number && entries.length < AT_ONCE;
        next++
      )
        entries.push(await entryOf(await logCommit(lake, next, engine)))
      if (entries.length === 0) break
      await addEntries(lake.storage, size, entries)
      size += entries.length
      made = await writeCheckpoint(lake, id, size, signer)
    }
  } finally {
    for (const one of engines) one.close()
    await rm(place, { recursive: true, force: true })
  }
  return { checkpoint: made?.checkpoint, note: made?.note, added: size - begun }
}

async function writeCheckpoint(lake: Lake, id: string, size: number, signer: Signer) {
  const root = await openTiles(lake.storage, size).hash(0, size)
  const checkpoint = { origin: originOf(id), size, root }
  const text = checkpointText(checkpoint)
  const note = noteOf(text, checkpoint.origin, signer.publicKey, await signer.sign(text))
  await lake.storage.create(checkpointKey(size), Buffer.from(note))
  faultPoint('checkpoint-written')
  await lake.storage.hint(CHECKPOINT, Buffer.from(note))
  return { checkpoint, note }
}

/**
 * The newest checkpoint in the hint; an outdated hint only means that leaves are written again, with the same
 * content.
 */
export async function lastCheckpoint(lake: Lake, { publicKey }: Pick<Signer, 'publicKey'>) {
  const bytes = await lake.storage.find(CHECKPOINT)
  if (!bytes) return undefined
  const note = Buffer.from(bytes).toString()
  try {
    return { checkpoint: openCheckpoint(note, [publicKey]), note }
  } catch (thrown) {
    throw new LakeError(`the log's checkpoint is not sound: ${sentence(thrown)}`, {
      file: `${lake.storage.root}/${CHECKPOINT}`,
      remedy: 'check whether `log.key` is the key with which the log began; `loglake verify` says more',
      cause: thrown,
    })
  }
}

/** The version of the second leaf. */
async function firstVersion(lake: Lake, size: number): Promise<number> {
  const entry = await openTiles(lake.storage, size).entry(0)
  return (JSON.parse(entry.toString()) as { from: number }).from
}

async function oldest({ storage }: Lake, newest: number): Promise<number> {
  return (await listCatalog(storage)).versions[0] ?? newest
}
