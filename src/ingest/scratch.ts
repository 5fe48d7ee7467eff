import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Storage } from '../lake/storage/contract.ts'
import { isAlive } from '../lib/alive.ts'
import { systemError } from '../lib/errors.ts'

/** Folders for a run's temporary files, and names for these files. */
export interface Scratch {
  /** Holds spool files until DuckDB has read them. */
  spool: string
  /** Holds finished Parquet files until they are committed. */
  place: string
  /** A short number for each object of the run. */
  nextSerial(): number
}

export async function openScratch(storage: Storage): Promise<Scratch> {
  const place = await storage.workplace()
  await removeOrphans(tmpdir())
  const spool = await mkdtemp(join(tmpdir(), `${spoolPrefix()}${process.pid}-`)).catch(async (thrown) => {
    await storage.removeWorkplace(place)
    throw systemError('make temporary files', tmpdir(), thrown, {
      full: 'free some space there, or name another folder in the environment variable TMPDIR',
      forbidden: 'name a folder that can be written to in the environment variable TMPDIR',
      other: 'name another folder in the environment variable TMPDIR',
    })
  })
  let serial = 0
  return { spool, place, nextSerial: () => serial++ }
}

export async function removeScratch(storage: Storage, { spool, place }: Scratch): Promise<void> {
  await rm(spool, { recursive: true, force: true })
  await storage.removeWorkplace(place)
}

/**
 * The process id alone is not unique: containers may share a folder for temporary files, each with process
 * ids of its own.
 */
function spoolPrefix(): string {
  return `loglake-${hostname()}-`
}

/** Removes spool folders whose process has ended; a folder's name holds its process id. */
async function removeOrphans(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    if (!name.startsWith(spoolPrefix())) continue
    const pid = Number(/^(\d+)-/.exec(name.slice(spoolPrefix().length))?.[1])
    if (pid > 0 && !isAlive(pid))
      await rm(join(folder, name), { recursive: true, force: true }).catch(() => undefined)
  }
}
