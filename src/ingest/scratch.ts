import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Storage } from '../lake/storage/contract.ts'
import { isAlive } from '../lib/alive.ts'
import { storageError } from '../lib/errors.ts'

/** Folders for what a run makes on its way, and names in them. */
export interface Scratch {
  /** Where unwrapped records wait for DuckDB. */
  spool: string
  /** Where finished Parquet files wait for their commit. */
  place: string
  /** A short name for each object of the run. */
  nextSerial(): number
}

export async function openScratch(storage: Storage): Promise<Scratch> {
  const place = await storage.workplace()
  await removeOrphans(tmpdir())
  const spool = await mkdtemp(join(tmpdir(), `${spoolPrefix()}${process.pid}-`)).catch(async (thrown) => {
    await rm(place, { recursive: true, force: true })
    throw storageError('write', tmpdir(), thrown)
  })
  let serial = 0
  return { spool, place, nextSerial: () => serial++ }
}

export async function removeScratch({ spool, place }: Scratch): Promise<void> {
  await rm(spool, { recursive: true, force: true })
  await rm(place, { recursive: true, force: true })
}

/** Containers may share a folder for temporary files, and not the numbers of their processes. */
function spoolPrefix(): string {
  return `loglake-${hostname()}-`
}

/** Spool folders whose process was killed: their name holds its number. */
async function removeOrphans(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    if (!name.startsWith(spoolPrefix())) continue
    const pid = Number(/^(\d+)-/.exec(name.slice(spoolPrefix().length))?.[1])
    if (pid > 0 && !isAlive(pid))
      await rm(join(folder, name), { recursive: true, force: true }).catch(() => undefined)
  }
}
