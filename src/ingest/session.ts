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
import type { Account } from './totals.ts'

/** How a run works; what it works on are the lake and the source. */
export interface IngestOptions extends LimitOptions {
  window?: Window
  /** Whether an object's name is wanted; all by default. */
  wanted?(uri: string): boolean
  /** Most memory for DuckDB, as in `512MiB`. */
  memory?: string | undefined
  /** Once it is aborted nothing more is read; what has been read is committed. */
  signal?: AbortSignal | undefined
  /** Once it is aborted the run ends with `Interrupted`: a commit under way is finished, the next run reads the rest. */
  interrupt?: AbortSignal | undefined
  /** The user's log types; the lake must know their tables. */
  onboarded?: Onboarded
  /** Runs before the first object is read, as `checkOnboarded` of the user's log types; when it throws, nothing is. */
  check?(lake: Lake): Promise<void>
  /** Counted up as the run goes on, for a caller that shows progress; by default the run's own. */
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

/** What a run holds open from its first batch to its last. A step takes of it what it uses. */
export interface Session extends Limits, Engines, Scratch {
  lake: Lake
  openers: Pool
  known: Registry
  /** Names the set of these log types. */
  types: string
  filters: FilterCache
  window: Window
  /** Aborted when the source is to name no more objects. */
  stop: AbortController
  /** Aborted when the run is to end with what is committed. */
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
  const openers = startPool(threads, onboarded)
  const { stop, forget } = stopBy(options.signal)
  return {
    ...limits,
    ...engines,
    ...scratch,
    lake,
    openers,
    known: registryOf(allLogTypes(onboarded)),
    types: nameOfTypes(onboarded),
    filters: new Map(),
    window: options.window ?? {},
    stop,
    interrupt: options.interrupt,
    wanted: options.wanted ?? (() => true),
    async close() {
      forget()
      await openers.close()
      closeEngines(engines)
      await removeScratch(scratch)
    },
  }
}

/** A signal of the run's own, which follows the caller's until it is forgotten. */
function stopBy(signal: AbortSignal | undefined): { stop: AbortController; forget(): void } {
  const stop = new AbortController()
  // Every object that is being fetched listens to it.
  setMaxListeners(0, stop.signal)
  const onAbort = () => stop.abort()
  signal?.addEventListener('abort', onAbort)
  if (signal?.aborted) onAbort()
  return { stop, forget: () => signal?.removeEventListener('abort', onAbort) }
}

/** What the ledger's rows are written with. */
export function writerOf({ settler: engine, lake, filters, place }: Session): Writer {
  return { engine, lake, filters, place }
}

/** Opens an engine for the lake's own tables, for as long as the work takes. */
export async function writing<T>(lake: Lake, work: (writer: Writer) => Promise<T>): Promise<T> {
  const session = await openSession(lake, { threads: 1 })
  try {
    return await work(writerOf(session))
  } finally {
    await session.close()
  }
}
