import { lstat, readdir, realpath } from 'node:fs/promises'
import { isAbsolute, join, parse, sep } from 'node:path'
import { alternatives } from '../lib/braces.ts'
import { namePattern } from '../lib/patterns.ts'

/** Whether a path contains characters that are special in a pattern. */
export function isPattern(path: string): boolean {
  return /[*?[{]/.test(path)
}

/**
 * The files and folders that match a pattern, as in `matcher`, but relative to the working folder. Each
 * folder is listed at most once for each part of the pattern, and matching a name takes at most its length
 * times the part's length, so no pattern takes exponential time.
 */
export async function pathsLike(pattern: string): Promise<string[]> {
  const found = new Set<string>()
  for (const one of alternatives(sep === '\\' ? pattern.replaceAll(sep, '/') : pattern)) {
    const root = isAbsolute(one) ? parse(one).root : '.'
    const parts = one
      .slice(root === '.' ? 0 : root.length)
      .split('/')
      .filter((part) => part !== '' && part !== '.')
    await look({ parts, found, seen: new Set() }, root, 0)
  }
  return [...found]
}

interface Search {
  parts: readonly string[]
  found: Set<string>
  /** Folders already visited, each with the next part of the pattern. */
  seen: Set<string>
}

async function look(search: Search, folder: string, next: number): Promise<void> {
  const { parts, found, seen } = search
  const part = parts[next]
  if (part === undefined) {
    if (await isThere(folder)) found.add(folder)
    return
  }
  if (part !== '**' && !isPattern(part)) {
    await look(search, join(folder, part.replace(/\\(.)/g, '$1')), next + 1)
    return
  }
  // A link may lead to a folder that contains it.
  const real = await realpath(folder).catch(() => undefined)
  const names = real === undefined ? undefined : await readdir(folder).catch(() => undefined)
  if (names === undefined || seen.has(`${next} ${real}`)) return
  seen.add(`${next} ${real}`)
  if (part === '**') {
    // A trailing `**` matches everything below, so the folder itself is added.
    await look(search, folder, next + 1)
    if (next + 1 < parts.length) for (const name of names) await look(search, join(folder, name), next)
    return
  }
  const isName = namePattern(part)
  for (const name of names) if (isName(name)) await look(search, join(folder, name), next + 1)
}

async function isThere(path: string): Promise<boolean> {
  return await lstat(path).then(
    () => true,
    () => false,
  )
}
