import { mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { systemCode } from '../../lib/errors.ts'

/**
 * Makes a folder and those above it. Node's own way to do so never ends where the system says that there is no such place although
 * the folder above is there, as it does below /proc.
 *
 * @returns the uppermost folder that was made; undefined when all were there
 */
export async function makeFolders(path: string, mode?: number): Promise<string | undefined> {
  if (await made(path, mode, true)) return path
  if ((await stat(path).catch(() => undefined))?.isDirectory()) return undefined
  const above = dirname(path)
  const first = above === path ? undefined : await makeFolders(above, mode)
  return (await made(path, mode, false)) ? (first ?? path) : first
}

/** False when it is there already, or the one above is missing and may be. */
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
