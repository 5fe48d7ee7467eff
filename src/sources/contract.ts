import type { z } from 'zod'
import type { NeededAction } from '../aws/needed.ts'

/**
 * An object: one file as AWS delivered it. It has its own acknowledgement, so that code which stores it need
 * not know its source. Either `acknowledge` or `release` is called, once. It never changes: facts found by
 * reading it come with the bytes.
 */
export interface LogObject {
  readonly kind: 'object'
  /** The object's permanent name: an absolute path, or an S3 URI. */
  readonly uri: string
  /**
   * Changes when the object's bytes do: an ETag, or a file's size and time of change. Empty where the notice
   * has none.
   */
  readonly version: string
  /** Size in bytes as delivered; 0 when it is unknown before reading. */
  readonly bytes: number
  /** When it was last written, in milliseconds since 1970. */
  readonly writtenMs: number
  /**
   * Throws `Unreadable` when this object cannot be read but others may.
   *
   * @param max bytes that it may have; a larger object fails as `too-large`, if possible before its bytes are
   * in memory
   */
  read(signal?: AbortSignal, max?: number): Promise<ReadObject>
  /**
   * Reads an object that is too large for memory, and keeps its first bytes; absent for a source without such
   * objects.
   */
  head?(max: number, signal?: AbortSignal): Promise<ObjectHead>
  /** Its local file, where it is one: a worker thread reads it directly. */
  readonly file?: string | undefined
  /**
   * Reads another object that a record of this one names by its S3 URI; undefined while it does not exist.
   * Absent for a source without such objects.
   */
  overflowBody?(uri: string, max?: number): Promise<Uint8Array | undefined>
  /** Called after the commit that contains the object, or when there is nothing to store. */
  acknowledge(): Promise<void>
  /** Called when the object is not stored in this run: the source keeps it, and may name it again. */
  release?(why: Failure): Promise<void>
}

/**
 * An object's bytes with their version and time: it may have been overwritten since it was named, and some
 * notices name no version.
 */
export interface ReadObject {
  bytes: Uint8Array
  version: string
  writtenMs: number
}

/** The first bytes of an object, and the size and hash of all of them. */
export interface ObjectHead extends ReadObject {
  size: number
  sha256: string
}

/** Why an object is not stored in this run: a kind, and a sentence. */
export interface Failure {
  outcome: FailureOutcome
  reason: string
}

export type FailureOutcome =
  /** The object does not exist, or was deleted. */
  | 'missing'
  /** Reading it is denied. */
  | 'denied'
  /** Its encryption key cannot be used. */
  | 'key-denied'
  /** It is archived in Glacier or the like, and must be restored first. */
  | 'archived'
  /** Its bucket is in a Region that cannot be reached from here. */
  | 'other-region'
  /** It is larger than an object may be. */
  | 'too-large'
  /** Another object that its records name does not exist yet. */
  | 'incomplete'
  /** Repeated reads gave fewer bytes than promised. */
  | 'cut-short'
  /** The service does not answer, or fails itself. */
  | 'unreachable'
  /**
   * Reading, opening or staging it fails for a reason in the object or in loglake, so a retry will most
   * likely fail too.
   */
  | 'failed'
  /** The run ended before it was read. */
  | 'released'

/** This object cannot be read, for a reason of its own; others continue. */
export class Unreadable extends Error {
  override name = 'Unreadable'
  readonly outcome: FailureOutcome

  constructor(outcome: FailureOutcome, reason: string, cause?: unknown) {
    super(reason, { cause })
    this.outcome = outcome
  }
}

/**
 * A message that leads to no object: the lake keeps all of it, so that nothing is lost when it leaves its
 * queue.
 */
export interface DeadLetter {
  readonly kind: 'dead-letter'
  deadLetter: DeadLetterFacts
  /** Called after the commit that contains it. */
  acknowledge(): Promise<void>
}

export interface DeadLetterFacts {
  /** Equal for the same message and object, however often it is received. */
  id: string
  code: 'unknown-notice' | FailureOutcome
  reason: string
  /** The message as it was received. */
  message: string
  /** The message's id in its queue, and the queue. */
  messageId: string
  queue: string
  /** When it was sent, in milliseconds since 1970. */
  sentMs: number
  /** Number of times it was received. */
  receiveCount: number
  /** The announced object that cannot be read; undefined when the message announces none. */
  object?: string
}

/** What a source yields. */
export type Found = LogObject | DeadLetter

export function isDeadLetter(found: Found): found is DeadLetter {
  return found.kind === 'dead-letter'
}

/**
 * A kind of source: the exports of one file in this folder. `T` is the type of its settings, as its schema
 * gives them.
 */
export interface SourceKind<T = never> {
  /** As in `folder`; the file's name. */
  name: string
  /** One sentence. */
  doc: string
  settings: z.ZodObject
  /** The smallest settings that open it. */
  example: Record<string, unknown>
  /** Settings that are local paths: in a configuration they are relative to its file. */
  paths?: readonly string[]
  open(settings: T, deps: SourceDeps): Source
  /** Seconds between two looks at whether it is stopped; by default two. */
  looksEvery?(settings: T): number
  /** Whether new objects are expected in it; by default true. */
  awaits?(settings: T): boolean
  /** The actions of AWS that it needs, besides those for its bucket and its queue. */
  needs?(settings: T): readonly NeededAction[]
  /** How to count objects that are not in the lake yet; undefined for a kind that has no way to. */
  waiting?(settings: T, deps: WaitingDeps): Promise<HowToCount>
}

export interface WaitingDeps extends SourceDeps {
  /** Whether requests that cost money are allowed. */
  list: boolean
}

/** How the objects that wait in a source are counted. */
export type HowToCount =
  /** The service reports their number, and how many of them another receiver has in flight. */
  | { kind: 'counted'; objects: number; received: number }
  /** A source that names all objects and ends: they are looked up in the ledger. */
  | { kind: 'listed'; source: Source }
  /** The service was not asked. */
  | { kind: 'unknown'; reason: string }

/** A configured place that objects come from. */
export interface Source {
  /** As in `folder`; written to the ledger. */
  name: string
  /**
   * The objects in order of delivery, as far as the source knows it, in memory that does not grow with their
   * number. Ends when `signal` is aborted.
   */
  objects(signal?: AbortSignal): AsyncIterable<Found>
  /** Objects keep coming: those that arrived must be committed before there are more. */
  continuous?: boolean
  /** It ends, and listing it twice costs little: its objects can be counted before they are read. */
  finite?: boolean
  /**
   * Why this source's filter excludes the object, as in `its account`, or undefined to include it. An
   * excluded object has a row in the ledger, and is acknowledged after the commit with that row.
   */
  filteredBy?(uri: string): string | undefined
  /**
   * Called when the run is over, for any reason: objects not acknowledged by then are released. Never throws.
   */
  close?(): Promise<void>
  /**
   * How far the source has been read once the objects of these URIs are in the lake, by names of its own. The
   * cursors are committed with the objects, so a run continues where the lake ends. Values only grow.
   */
  cursors?(done: ReadonlySet<string>): Record<string, string>
  /** Counts of other messages and events: `s3:TestEvent`, `ObjectRemoved:Delete`. */
  counts?(): Record<string, number>
  /** The current state, for a status display. */
  state?(): SourceState
}

export interface SourceState {
  /** Messages received and not settled. */
  inFlight: number
  /** When the oldest of them was sent, in milliseconds since 1970. */
  oldestMs?: number | undefined
  /** Whether this source is stopped. */
  stopped: boolean
  /**
   * Time up to which everything has been read, in milliseconds since 1970, for a service that keeps events by
   * time.
   */
  readUntilMs?: number | undefined
  /** Parts of it that failed at the last request, each with the reason: the others continue. */
  failing?: readonly string[]
}

/** A source that yields only objects. */
export interface ObjectSource extends Source {
  objects(signal?: AbortSignal): AsyncIterable<LogObject>
}

/** Arguments of a source besides its settings. */
export interface SourceDeps {
  /** Its name in the configuration; written to the ledger. */
  name: string
  /** Whether the source is stopped for now. Checked every few seconds. */
  stopped?(): Promise<boolean>
  /** The source's cursor of that name in the lake; undefined when it has none. */
  cursor?(name: string): Promise<string | undefined>
}
