import { rmSync } from 'node:fs'
import { readdir, rm, stat, unlink } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { isAlive } from '../../lib/alive.ts'

/** A process tells so often that it lives. One that has not for so long, and is not there, is gone. */
export const ALIVE_MS = 60_000
const GONE_MS = 3 * ALIVE_MS
/** From another machine, or another container, we cannot see whether it is there. */
const GONE_ELSEWHERE_MS = 24 * 60 * 60_000

/**
 * Removes copies until no more than `most` bytes are left, the longest unused first, none that is in use.
 *
 * @returns false when more are in use
 */
export async function evict(files: string, most: number): Promise<boolean> {
  const copies: { path: string; size: number; used: number }[] = []
  let total = 0
  for (const name of await readdir(files)) {
    const path = join(files, name)
    const found = await stat(path).catch(() => undefined)
    if (!found) continue
    total += found.size
    // A second link is a process that uses it: to remove the name would free nothing.
    if (found.nlink === 1) copies.push({ path, size: found.size, used: found.mtimeMs })
  }
  copies.sort((a, b) => a.used - b.used)
  for (const { path, size } of copies) {
    if (total <= most) return true
    await unlink(path).catch(() => undefined)
    total -= size
  }
  return total <= most
}

/** Removes what processes that are gone left in their own folders. */
export async function clearAfterDead(folder: string, own: string): Promise<void> {
  const held = join(folder, 'held')
  for (const name of await readdir(held)) {
    if (name === own) continue
    const [host, pid] = name.split('~')
    const told = await stat(join(held, name)).catch(() => undefined)
    if (!told) continue
    const silent = Date.now() - told.mtimeMs
    const gone = host === hostname() ? silent > GONE_MS && !isAlive(Number(pid)) : silent > GONE_ELSEWHERE_MS
    if (!gone) continue
    // The sign of life goes last: what is left of an interrupted clearing is found again by it.
    for (const place of ['drafts', 'work', 'held'])
      await rm(join(folder, place, name), { recursive: true, force: true })
  }
}

/** Folders that go when the process does; what a killed one leaves is cleared away by the next. */
const behind = new Set<string>()

export function leaveBehind(...folders: string[]): void {
  if (behind.size === 0) {
    process.on('exit', () => {
      for (const folder of behind) rmSync(folder, { recursive: true, force: true })
    })
  }
  for (const folder of folders) behind.add(folder)
}
