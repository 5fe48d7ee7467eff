import { readdir } from 'node:fs/promises'
import { basename, dirname, join, sep } from 'node:path'

/** Lakes found among folders of logs; their own files are not logs. */
export type Lakes = Set<string>

/** How the report of an account says it, before the lake's folder. */
export const LAKE_NOT_READ = 'not read, since it is a lake: '

/** Folders of a lake's own files; logs may lie next to them. */
const OWN = new Set(['catalog', 'tables', 'control'])
const WORKPLACE = /^\d+-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** The subfolders that are not a lake's own. */
export async function outsideLake(path: string, folders: readonly string[], lakes: Lakes): Promise<string[]> {
  if (basename(path) === 'staging' && lakes.has(dirname(path)))
    return folders.filter((name) => !WORKPLACE.test(name))
  if (!folders.includes('catalog') || !folders.includes('tables') || !(await isLake(path)))
    return [...folders]
  lakes.add(path)
  return folders.filter((name) => !OWN.has(name))
}

/** The lake that owns a file, where a path names one or a pattern matches one. */
export async function lakeAround(path: string): Promise<string | undefined> {
  const parts = path.split(sep)
  for (let at = parts.length - 1; at > 0; at--) {
    const root = parts.slice(0, at).join(sep) || sep
    const name = parts[at] as string
    const own = OWN.has(name) || (name === 'staging' && WORKPLACE.test(parts[at + 1] ?? ''))
    if (own && (await isLake(root))) return root
  }
  return undefined
}

async function isLake(path: string): Promise<boolean> {
  const [inCatalog, inTables] = await Promise.all([
    namesIn(join(path, 'catalog')),
    namesIn(join(path, 'tables')),
  ])
  return inTables.length > 0 && inCatalog.some((name) => /^(v\d+\.json|gone)$/.test(name))
}

async function namesIn(path: string): Promise<string[]> {
  return await readdir(path).catch(() => [])
}
