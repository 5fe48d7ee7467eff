import { setMaxListeners } from 'node:events'
import type { FilterCache } from '../lake/filters.ts'
import type { Lake } from '../lake/lake.ts'
import type { Writer } from '../ledger/contract.ts'
import type { Window } from '../ledger/lookup.ts'
import { allLogTypes, NOTHING_ONBOARDED, type Onboarded } from '../onboard/logtype.ts'
import { closeEngines, type Engines, openEngines } from './engines.ts'
import { type LimitOptions, type Limits, limitsOf } from './limits.ts'
import { type Pool, startPool } from './open/pool.ts'
import { nameOfTypes, type Registry, registryOf } from './open/registry.ts'
import { openScratch, removeScratch, type Scratch } from './scratch.ts'
import type { Totals } from './totals.ts'

/** Options of a run; the lake and the source are separate arguments. */
export interface IngestOptions extends LimitOptions {
  window?: Window
  /** Whether an object is read, by its name; all are by default. */
  wanted?(uri: string): boolean
  /** Memory limit of DuckDB, as in `512MiB`. */
  memory?: string | undefined
  /** Aborting it ends the reading; what has been read is still committed. */
  signal?: AbortSignal | undefined
  /** Aborting it ends the run with `Interrupted` after the commit under way; the next run reads the rest. */
  interrupt?: AbortSignal | undefined
  /** The user's log types; the lake must know their tables. */
  onboarded?: Onboarded
  /**
   * Runs before the first object is read, as `checkOnboarded` does for the user's log types. When it throws,
   * the run ends.
   */
  check?(lake: Lake): Promise<void>
  /** Updated during the run, for a caller that shows progress; by default the run makes its own. */
  totals?: Totals
  onProgress?(progress: { objects: number; records: number; bytes: number }): void
}

/** Turns a source's commit settings into options of a run. */
export function commitOptions(commit: {
  bytes: number
  seconds: number
  objects: number
}): Required<Pick<IngestOptions, 'batchBytes' | 'batchAgeMs' | 'batchObjects'>> {
  return { batchBytes: commit.bytes, batchAgeMs: commit.seconds * 1000, batchObjects: commit.objects }
}

/**
 * Everything that a run keeps open from its first batch to its last. Each step picks the parts that it uses.
 */
export interface Session extends Limits, Engines, Scratch {
  lake: Lake
  pool: Pool
  registry: Registry
  /** A name for the set of log types. */
  types: string
  filters: FilterCache
  window: Window
  /** Aborted when the source must stop naming objects. */
  stop: AbortController
  /** Aborted when the run must end without another commit. */
  interrupt: AbortSignal | undefined
  wanted(uri: string): boolean
  close(): Promise<void>
}

export async function openSession(lake: Lake, options: IngestOptions, continuous = false): Promise<Session> {
  const onboarded = options.onboarded ?? NOTHING_ONBOARDED
  await options.check?.(lake)
  const limits = limitsOf(options, continuous)
  const { threads } = limits
  const scratch = await openScratch(lake.storage)
  const engines = await openEngines(threads, options.memory, scratch.spool)
  const pool = startPool(threads, onboarded)
  const { stop, forget } = stopBy(options.signal)
  return {
    ...limits,
    ...engines,
    ...scratch,
    lake,
    pool,
    registry: registryOf(allLogTypes(onboarded)),
    types: nameOfTypes(onboarded),
    filters: new Map(),
    window: options.window ?? {},
    stop,
    interrupt: options.interrupt,
    wanted: options.wanted ?? (() => true),
    async close() {
      forget()
      await pool.close()
      closeEngines(engines)
      await removeScratch(lake.storage, scratch)
    },
  }
}

/** A signal of the run itself, which follows the caller's signal until `forget` is called. */
function stopBy(signal: AbortSignal | undefined): { stop: AbortController; forget(): void } {
  const stop = new AbortController()
  // Every object that is being fetched listens to it, and Node warns above ten listeners.
  setMaxListeners(0, stop.signal)
  const onAbort = () => stop.abort()
  signal?.addEventListener('abort', onAbort)
  if (signal?.aborted) onAbort()
  return { stop, forget: () => signal?.removeEventListener('abort', onAbort) }
}

/** What writing the ledger's rows needs. */
export function writerOf({ committer: engine, lake, filters, place }: Session): Writer {
  return { engine, lake, filters, place }
}

/** Opens an engine for the lake's own tables while `work` runs. */
export async function writing<T>(lake: Lake, work: (writer: Writer) => Promise<T>): Promise<T> {
  const scratch = await openScratch(lake.storage)
  const engines = await openEngines(1, undefined, scratch.spool)
  try {
    return await work({ engine: engines.committer, lake, filters: new Map(), place: scratch.place })
  } finally {
    closeEngines(engines)
    await removeScratch(lake.storage, scratch)
  }
}
