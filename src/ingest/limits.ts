import { availableParallelism } from 'node:os'

/** How much of a run is in memory, and in one commit. */
export interface Limits {
  batchBytes: number
  batchObjects: number
  /** Undefined for a source that comes to an end by itself. */
  batchAgeMs: number | undefined
  /** How long the steps before a batch wait for more objects, before they go on with what they have. */
  quietMs: number | undefined
  /** Objects that are fetched at once, and the bytes of these. */
  fetches: number
  fetchBytes: number
  /** Most bytes that one object may expand to. */
  maxObjectBytes: number
  /** Threads that open objects. */
  threads: number
}

/** Limits as an option may set them; what is left out has a default. */
export interface LimitOptions {
  /** Threads of DuckDB, and as many that open objects; the machine's by default. */
  threads?: number | undefined
  /** A batch is full at this many expanded bytes, or this many objects. */
  batchBytes?: number
  batchObjects?: number
  /** A batch of a continuous source is committed when its first object has waited for this long. */
  batchAgeMs?: number
  fetches?: number
  fetchBytes?: number
  maxObjectBytes?: number
}

const MiB = 1 << 20
const BATCH_AGE_MS = 10_000
const QUIET_MS = 50

export function limitsOf(options: LimitOptions, continuous: boolean): Limits {
  return {
    batchBytes: options.batchBytes ?? 192 * MiB,
    batchObjects: options.batchObjects ?? 2000,
    batchAgeMs: continuous ? (options.batchAgeMs ?? BATCH_AGE_MS) : undefined,
    quietMs: continuous ? QUIET_MS : undefined,
    fetches: options.fetches ?? 32,
    fetchBytes: options.fetchBytes ?? 64 * MiB,
    maxObjectBytes: options.maxObjectBytes ?? 256 * MiB,
    threads: options.threads ?? availableParallelism(),
  }
}
