import { mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { systemCode } from '../../lib/errors.ts'

/**
 * Creates a folder and its parents. Node's recursive mkdir never returns where the system reports a missing
 * path although the parent exists, as below /proc.
 *
 * @returns the topmost folder that was created; undefined when all existed
 */
export async function makeFolders(path: string, mode?: number): Promise<string | undefined> {
  if (await made(path, mode, true)) return path
  if ((await stat(path).catch(() => undefined))?.isDirectory()) return undefined
  const above = dirname(path)
  const first = above === path ? undefined : await makeFolders(above, mode)
  return (await made(path, mode, false)) ? (first ?? path) : first
}

/** False when it exists already, or when its parent is missing and `mayMiss` allows that. */
async function made(path: string, mode: number | undefined, mayMiss: boolean): Promise<boolean> {
  try {
    await mkdir(path, mode)
    return true
  } catch (thrown) {
    const code = systemCode(thrown)
    if (code === 'EEXIST' && (await stat(path)).isDirectory()) return false
    if (code === 'ENOENT' && mayMiss) return false
    throw thrown
  }
}
