import { rmSync } from 'node:fs'
import { readdir, rm, stat, unlink } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { isAlive } from '../../lib/alive.ts'

/**
 * 60 seconds between a process's signs of life. A process without one for longer that does not exist any more
 * is dead.
 */
export const ALIVE_MS = 60_000
const GONE_MS = 3 * ALIVE_MS
/**
 * 24 hours without a sign of life, for a process of another machine or container, whose existence we cannot
 * check.
 */
const GONE_ELSEWHERE_MS = 24 * 60 * 60_000

/**
 * Removes copies until no more than `max` bytes are left, the least recently used first, but none in use.
 *
 * @returns false when the copies in use alone exceed `max`
 */
export async function evict(files: string, max: number): Promise<boolean> {
  const copies: { path: string; size: number; used: number }[] = []
  let total = 0
  for (const name of await readdir(files)) {
    const path = join(files, name)
    const found = await stat(path).catch(() => undefined)
    if (!found) continue
    total += found.size
    // A second link means that a process uses it: removing this name would free nothing.
    if (found.nlink === 1) copies.push({ path, size: found.size, used: found.mtimeMs })
  }
  copies.sort((a, b) => a.used - b.used)
  for (const { path, size } of copies) {
    if (total <= max) return true
    await unlink(path).catch(() => undefined)
    total -= size
  }
  return total <= max
}

/** Removes the folders of dead processes. */
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
    // The sign of life goes last, so that an interrupted cleanup is found and finished later.
    for (const place of ['drafts', 'work', 'held'])
      await rm(join(folder, place, name), { recursive: true, force: true })
  }
}

/** Folders removed when this process ends; if it is killed, the next process removes them. */
const behind = new Set<string>()

export function leaveBehind(...folders: string[]): void {
  if (behind.size === 0) {
    process.on('exit', () => {
      for (const folder of behind) rmSync(folder, { recursive: true, force: true })
    })
  }
  for (const folder of folders) behind.add(folder)
}
