import { availableParallelism } from 'node:os'

/** Limits on the memory of a run and on the size of one commit. */
export interface Limits {
  batchBytes: number
  batchObjects: number
  /** Undefined for a source that ends by itself. */
  batchAgeMs: number | undefined
  /**
   * Milliseconds that the steps before a batch wait for more objects, before they continue with what they
   * have.
   */
  quietMs: number | undefined
  /** Objects fetched at once, and the limit on their bytes. */
  fetches: number
  fetchBytes: number
  /** Most bytes that one object may expand to. */
  maxObjectBytes: number
  /** Worker threads that open objects. */
  threads: number
}

/** Limits as options set them; each one that is absent has a default. */
export interface LimitOptions {
  /** Threads of DuckDB, and the same number of threads that open objects; by default the machine's. */
  threads?: number | undefined
  /** Expanded bytes, or objects, at which a batch is full. */
  batchBytes?: number
  batchObjects?: number
  /** Milliseconds after which a batch of a continuous source is committed, counted from its first object. */
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
