import { setMaxListeners } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { availableParallelism, hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Lake } from '../lake/lake.ts'
import type { FilterCache } from '../lake/repeats.ts'
import { isAlive } from '../lib/alive.ts'
import { type Engine, openEngine } from '../lib/duckdb.ts'
import { storageError } from '../lib/errors.ts'
import { allLogTypes, NOTHING_ONBOARDED, type Onboarded } from '../onboard/logtype.ts'
import type { Account } from './account.ts'
import { type Known, known } from './known.ts'
import type { Window } from './ledger.ts'
import { checkOnboarded } from './onboarded.ts'
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
  /** A batch of a continuous source is committed when its first object has waited so long. */
  batchAgeMs?: number
  /** So many objects are fetched at once, and no more bytes. */
  fetches?: number
  fetchBytes?: number
  /** Once it is aborted nothing more is read; what has been read is committed. */
  signal?: AbortSignal | undefined
  /** Most bytes that one object may expand to. */
  maxObjectBytes?: number
  /** The user's log types; the lake must know their tables. */
  onboarded?: Onboarded
  /** Counted up as the run goes on, for whoever looks on; by default the run's own. */
  account?: Account
  onProgress?(progress: { objects: number; records: number; bytes: number }): void
}

/** A source's own settings of when to commit, as a run wants them. */
export function commitOptions(commit: {
  bytes: number
  seconds: number
  objects: number
}): Required<Pick<IngestOptions, 'batchBytes' | 'batchAgeMs' | 'batchObjects'>> {
  return { batchBytes: commit.bytes, batchAgeMs: commit.seconds * 1000, batchObjects: commit.objects }
}

/** What a run holds open from its first batch to its last. */
export interface Session {
  lake: Lake
  engine: Engine
  /** The same engine for the two that work while it stages: looking objects up, and the commit. */
  lookup: Engine
  settler: Engine
  openers: Openers
  known: Known
  filters: FilterCache
  window: Window
  /** Where unwrapped records wait for DuckDB. */
  spool: string
  /** Where finished Parquet files wait for their commit. */
  place: string
  batchBytes: number
  batchObjects: number
  /** Undefined for a source that comes to an end by itself. */
  batchAgeMs: number | undefined
  /** How long the steps before a batch wait for more objects, before they go on with what they have. */
  quietMs: number | undefined
  fetches: number
  fetchBytes: number
  /** Aborted when the source is to name no more objects. */
  stop: AbortController
  maxObjectBytes: number
  /** Threads that open objects. */
  threads: number
  /** A short name for each object of the run. */
  nextSerial(): number
  wanted(uri: string): boolean
  close(): Promise<void>
}

const MiB = 1 << 20
const BATCH_AGE_MS = 10_000
const QUIET_MS = 50

export async function openSession(lake: Lake, options: IngestOptions, continuous = false): Promise<Session> {
  const onboarded = options.onboarded ?? NOTHING_ONBOARDED
  await checkOnboarded(lake, onboarded)
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
    apart: true,
  })
  // Files that are read once need not be kept in memory.
  await engine.run('set global enable_external_file_cache = false')
  const lookup = await engine.beside()
  const settler = await engine.beside()
  const openers = startOpeners(threads, onboarded)
  const stop = new AbortController()
  // Every object that is being fetched listens to it.
  setMaxListeners(0, stop.signal)
  const onAbort = () => stop.abort()
  options.signal?.addEventListener('abort', onAbort)
  if (options.signal?.aborted) onAbort()
  let serial = 0
  return {
    lake,
    engine,
    lookup,
    settler,
    openers,
    known: known(allLogTypes(onboarded)),
    filters: new Map(),
    window: options.window ?? {},
    spool,
    place,
    batchBytes: options.batchBytes ?? 192 * MiB,
    batchObjects: options.batchObjects ?? 2000,
    batchAgeMs: continuous ? (options.batchAgeMs ?? BATCH_AGE_MS) : undefined,
    quietMs: continuous ? QUIET_MS : undefined,
    fetches: options.fetches ?? 32,
    fetchBytes: options.fetchBytes ?? 64 * MiB,
    stop,
    maxObjectBytes: options.maxObjectBytes ?? 1024 * MiB,
    threads,
    nextSerial: () => serial++,
    wanted: options.wanted ?? (() => true),
    async close() {
      options.signal?.removeEventListener('abort', onAbort)
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
