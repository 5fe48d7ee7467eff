import type { TableEntry } from '../catalog.ts'
import { newestVersion } from '../newest-version.ts'
import { hintKey, publicKey } from '../publish.ts'
import type { Storage } from '../storage/contract.ts'
import type { TableVersion } from '../version.ts'
import { type Finding, REPAIR, RESTORE_VERSION } from './findings.ts'

/** Engines that read a path see the table only as far as its last `v<N>.metadata.json`. */
export async function verifyPublished(
  storage: Storage,
  version: number,
  { name, entry }: TableVersion,
): Promise<Finding[]> {
  const later = publicKey(entry.folder, entry.number + 1)
  // It is written after its version: if no later version is there, that one is lost.
  if ((await storage.size(later)) !== undefined && (await newestVersion(storage, version)) === version) {
    const message = `the metadata for other engines is of a version after ${version}, which was committed and is missing: they see rows that the lake does not have`
    return [
      {
        severity: 'wrong',
        code: 'newest-lost',
        table: name,
        file: later,
        message,
        remedy: `${RESTORE_VERSION}; ${REPAIR}`,
      },
    ]
  }
  const key = publicKey(entry.folder, entry.number)
  const published = await storage.find(key)
  const own = await storage.find(`${entry.folder}/${entry.metadata}`)
  if (published && own && Buffer.from(own).equals(published))
    return await verifyTableHint(storage, version, name, entry)
  const state = published ? 'differs from the table' : 'is missing'
  return [
    {
      severity: published ? 'wrong' : 'warning',
      code: 'stale-for-others',
      table: name,
      file: key,
      message: `the metadata for other engines ${state}: they do not see its last commit`,
      remedy: published ? 'remove that file, then ingest or compact' : 'the next commit writes it again',
    },
  ]
}

/** Engines open the metadata that the hint names, and most look for later ones from there. */
async function verifyTableHint(
  storage: Storage,
  version: number,
  name: string,
  { folder, number }: TableEntry,
): Promise<Finding[]> {
  const key = hintKey(folder)
  const text = Buffer.from((await storage.find(key)) ?? []).toString()
  if (text === String(number) || (await newestVersion(storage, version)) !== version) return []
  return [
    {
      severity: 'warning',
      code: 'stale-for-others',
      table: name,
      file: key,
      message: `the hint for other engines is ${text === '' ? 'missing' : 'wrong'}: they do not find the table, or not its last commit`,
      remedy: 'the next commit to the table writes it again, and so does `loglake repair`',
    },
  ]
}
