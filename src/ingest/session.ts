import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { availableParallelism, hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Lake } from '../lake/lake.ts'
import type { FilterCache } from '../lake/repeats.ts'
import { type Engine, openEngine } from '../lib/duckdb.ts'
import { storageError } from '../lib/errors.ts'
import type { Window } from './ledger.ts'
import { type Openers, startOpeners } from './openers.ts'

/** How a run works; what it works on are the lake and the source. */
export interface IngestOptions {
  window?: Window
  /** Whether an object's name is wanted; all by default. */
  wanted?(uri: string): boolean
  /** Threads of DuckDB; the machine's by default. */
  threads?: number | undefined
  /** Most memory for DuckDB, as in `512MiB`. */
  memory?: string | undefined
  /** A batch is full with so many expanded bytes, or so many objects. */
  batchBytes?: number
  batchObjects?: number
  /** Most bytes that one object may expand to. */
  maxObjectBytes?: number
  onProgress?(progress: { objects: number; records: number; bytes: number }): void
}

/** What a run holds open from its first batch to its last. */
export interface Session {
  lake: Lake
  engine: Engine
  /** The same engine for the two that work while it stages: looking objects up, and the commit. */
  lookup: Engine
  settler: Engine
  openers: Openers
  filters: FilterCache
  window: Window
  /** Where unwrapped records wait for DuckDB. */
  spool: string
  /** Where finished Parquet files wait for their commit. */
  place: string
  batchBytes: number
  batchObjects: number
  maxObjectBytes: number
  /** Threads that open objects. */
  threads: number
  /** A short name for each object of the run. */
  nextSerial(): number
  wanted(uri: string): boolean
  close(): Promise<void>
}

const MiB = 1 << 20

export async function openSession(lake: Lake, options: IngestOptions): Promise<Session> {
  const threads = options.threads ?? availableParallelism()
  const place = await lake.storage.workplace()
  await removeOrphans(tmpdir())
  const spool = await mkdtemp(join(tmpdir(), `${spoolPrefix()}${process.pid}-`)).catch(async (thrown) => {
    await rm(place, { recursive: true, force: true })
    throw storageError('write', tmpdir(), thrown)
  })
  const engine = await openEngine({
    threads,
    memory: options.memory ?? '1GiB',
    spill: join(spool, 'spill'),
  })
  const lookup = await engine.beside()
  const settler = await engine.beside()
  const openers = startOpeners(threads)
  let serial = 0
  return {
    lake,
    engine,
    lookup,
    settler,
    openers,
    filters: new Map(),
    window: options.window ?? {},
    spool,
    place,
    batchBytes: options.batchBytes ?? 192 * MiB,
    batchObjects: options.batchObjects ?? 2000,
    maxObjectBytes: options.maxObjectBytes ?? 1024 * MiB,
    threads,
    nextSerial: () => serial++,
    wanted: options.wanted ?? (() => true),
    async close() {
      await openers.close()
      lookup.close()
      settler.close()
      engine.close()
      await rm(spool, { recursive: true, force: true })
      await rm(place, { recursive: true, force: true })
    },
  }
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

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (thrown) {
    // Alive, but somebody else's.
    return (thrown as NodeJS.ErrnoException).code === 'EPERM'
  }
}
