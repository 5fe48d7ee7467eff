import { closeSync, ftruncateSync, openSync, readdirSync, renameSync, writeSync, writevSync } from 'node:fs'
import { readdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { LakeError, sentence } from '../../lib/errors.ts'

/** A file whose records are staged is called so until it is filled anew. */
const USED = '.used'

/**
 * Writes a spool file. A used one is written over where there is one: what the system keeps of it in memory is filled
 * again, which takes a fifth of the time that fresh pages take.
 */
export function writeSpool(file: string, pieces: readonly Uint8Array[]): void {
  try {
    const to = openUsed(file)
    try {
      ftruncateSync(to, writePieces(to, pieces))
    } finally {
      closeSync(to)
    }
  } catch (thrown) {
    throw new LakeError(`cannot unpack the logs: ${sentence(thrown)}`, {
      file,
      remedy: 'free some space there, or name another folder in the environment variable TMPDIR',
      cause: thrown,
    })
  }
}

/** Gives up files whose records are staged. As many as these wait to be written over, whichever they are. */
export async function giveUpSpools(folder: string, files: readonly string[]): Promise<void> {
  const waiting = (await readdir(folder)).filter((name) => name.endsWith(USED))
  const surplus = waiting.slice(files.length).map((name) => join(folder, name))
  const room = Math.max(0, files.length - waiting.length)
  await Promise.all([
    ...files.slice(0, room).map((file) => rename(file, `${file}${USED}`)),
    ...[...files.slice(room), ...surplus].map((file) => rm(file, { force: true })),
  ])
}

function openUsed(file: string): number {
  const folder = dirname(file)
  for (const name of readdirSync(folder)) {
    if (!name.endsWith(USED)) continue
    try {
      renameSync(join(folder, name), file)
      return openSync(file, 'r+')
    } catch {
      // Another thread was faster, or it has just been given up for good.
    }
  }
  return openSync(file, 'w')
}

/** Without putting them together first. @returns how many bytes they have */
function writePieces(to: number, pieces: readonly Uint8Array[]): number {
  let bytes = 0
  for (let from = 0; from < pieces.length; from += PIECES) {
    const some = pieces.slice(from, from + PIECES)
    const written = writevSync(to, some)
    // The rest of what the system did not take in one go.
    let before = 0
    for (const piece of some) {
      for (let at = Math.max(0, written - before); at < piece.length; ) at += writeSync(to, piece, at)
      before += piece.length
    }
    bytes += before
  }
  return bytes
}

/** The system takes no more at once than 1024. */
const PIECES = 512
