import type { z } from 'zod'

/**
 * An object: one file as AWS delivered it. It carries its own acknowledgement, so that what stores it need not know where it
 * came from. Either `acknowledge` or `release` is called, once. It never changes: what reading tells of it comes with the
 * bytes.
 */
export interface LogObject {
  readonly kind: 'object'
  /** What the object is called, everywhere and for ever: an absolute path, or an S3 URI. */
  readonly uri: string
  /** Changes when the object's bytes do: an ETag, a file's size and time of change. Empty where no notice names it. */
  readonly version: string
  /** Size in bytes as delivered; 0 where that is not known before it is read. */
  readonly bytes: number
  /** When it was last written, in milliseconds since 1970. */
  readonly writtenMs: number
  /**
   * Throws `Unreadable` when this object cannot be read and others may.
   *
   * @param most bytes that it may have, where that can be told before they are in memory: else it is `too-large`
   */
  read(signal?: AbortSignal, most?: number): Promise<ReadObject>
  /** Reads an object that is too large to be in memory, and keeps its first bytes; none where all can be read. */
  head?(most: number, signal?: AbortSignal): Promise<ObjectHead>
  /** The file that holds its bytes, where it is one on this machine: a thread reads it without asking. */
  readonly file?: string | undefined
  /**
   * Reads another object that a record of this one names by its S3 URI; undefined when it is not there (yet). None
   * where the source has no such objects.
   */
  part?(uri: string, most?: number): Promise<Uint8Array | undefined>
  /** Called after the commit that holds the object, or when there is nothing to be done about it. */
  acknowledge(): Promise<void>
  /** Called when the object is not stored in this run: its place keeps it, and may name it again. */
  release?(why: Failure): Promise<void>
}

/**
 * An object's bytes, and what they are: it may have been overwritten since it was named, and some notices name no version.
 */
export interface ReadObject {
  bytes: Uint8Array
  version: string
  writtenMs: number
}

/** The first bytes of an object, and what all of them are. */
export interface ObjectHead extends ReadObject {
  size: number
  sha256: string
}

/** Why an object is not stored in this run, by name and in words. */
export interface Failure {
  outcome: FailureOutcome
  reason: string
}

export type FailureOutcome =
  /** There is no such object, or not any more. */
  | 'missing'
  /** We may not read it. */
  | 'denied'
  /** We may not use the key that it is encrypted with, or nobody can. */
  | 'key-denied'
  /** It is in Glacier or the like, and has to be restored first. */
  | 'archived'
  /** Its bucket is in a Region that we cannot reach from here. */
  | 'other-region'
  /** It is larger than an object may be. */
  | 'too-large'
  /** Another object that its records name is not there yet. */
  | 'incomplete'
  /** Fewer bytes came than were promised, or than it has, again and again. */
  | 'cut-short'
  /** The place does not answer, or with an error of its own. */
  | 'unreachable'
  /** Reading, opening or staging it fails, for a reason that lies in the object or in us: most likely again and again. */
  | 'failed'
  /** The run ends before it was read. */
  | 'given-back'

/** This object cannot be read, for a reason of its own: others go on. */
export class Unreadable extends Error {
  override name = 'Unreadable'
  readonly outcome: FailureOutcome

  constructor(outcome: FailureOutcome, reason: string, cause?: unknown) {
    super(reason, { cause })
    this.outcome = outcome
  }
}

/** A message that leads to no object: kept in the lake whole, so that nothing is lost when it leaves its queue. */
export interface DeadLetter {
  readonly kind: 'dead-letter'
  deadLetter: LetterFacts
  /** Called after the commit that holds it. */
  acknowledge(): Promise<void>
}

export interface LetterFacts {
  /** The same for the same message and object, however often it is received. */
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
  /** How often it has been received. */
  receives: number
  /** The object that it announces and that cannot be read; undefined when it announces none. */
  object?: string
}

/** What a source finds. */
export type Found = LogObject | DeadLetter

export function isDeadLetter(found: Found): found is DeadLetter {
  return found.kind === 'dead-letter'
}

/** A kind of source: what a file of this folder exports. `T` are its settings, as its schema gives them. */
export interface SourceKind<T = never> {
  /** As in `folder`; the file's name. */
  name: string
  /** One sentence. */
  doc: string
  settings: z.ZodObject
  /** The least settings that it can be opened with. */
  example: Record<string, unknown>
  /** Settings that are paths on this machine: in a configuration they start from the folder of its file. */
  paths?: readonly string[]
  open(settings: T, deps: SourceDeps): Source
  /** How it is found out what of it is not in the lake yet; undefined for a kind whose place does not tell. */
  waiting?(settings: T, deps: WaitingDeps): Promise<HowToCount>
}

export interface WaitingDeps extends SourceDeps {
  /** Whether requests that cost money may be made. */
  list: boolean
}

/** How the objects are counted that wait in a source's place. */
export type HowToCount =
  /** The place says how many there are, and how many of them another receiver holds. */
  | { kind: 'counted'; objects: number; received: number }
  /** A source that names all that is there and ends: its objects are held against the ledger. */
  | { kind: 'listed'; source: Source }
  /** It was not asked. */
  | { kind: 'unknown'; reason: string }

/** A configured place that objects come from. */
export interface Source {
  /** As in `folder`; written to the ledger. */
  name: string
  /**
   * The objects in the order of their delivery, as far as the place tells it. Memory does not grow with their number.
   * Once `signal` is aborted, no more come.
   */
  objects(signal?: AbortSignal): AsyncIterable<Found>
  /** Objects come for as long as it runs: what there is has to be committed before there is more. */
  continuous?: boolean
  /** It ends, and costs little to go through twice: its objects can be counted before they are read. */
  finite?: boolean
  /**
   * By what its filter leaves out an object of that name, as in `its account`; undefined for one that is to be read. What is left
   * out has a row in the ledger, and is acknowledged after the commit that holds it.
   */
  leftOut?(uri: string): string | undefined
  /** Called when the run is over, however it ended: what is not acknowledged by then goes back to its place. Never throws. */
  close?(): Promise<void>
  /**
   * How far it has been read, by names of its own, once the objects of these URIs are in the lake: committed together with
   * them, so that a run goes on where the lake ends. Texts that grow.
   */
  cursors?(done: ReadonlySet<string>): Record<string, string>
  /** What else the place told, and how often: `s3:TestEvent`, `ObjectRemoved:Delete`. */
  told?(): Record<string, number>
  /** How things stand, for whoever looks on. */
  state?(): SourceState
}

export interface SourceState {
  /** Messages received and not settled. */
  inHand: number
  /** When the oldest of them was sent, in milliseconds since 1970. */
  oldestMs?: number | undefined
  /** Somebody has stopped this source. */
  stopped: boolean
  /** Everything up to then has been read, in milliseconds since 1970, where a place keeps events by time. */
  readUntilMs?: number | undefined
  /** Places in it that failed when they were last asked, each with why: others go on. */
  failing?: readonly string[]
}

/** A source that finds nothing but objects. */
export interface ObjectSource extends Source {
  objects(signal?: AbortSignal): AsyncIterable<LogObject>
}

/** What a source is given beside its settings. */
export interface SourceDeps {
  /** What it is called in the configuration; written to the ledger. */
  name: string
  /** Whether somebody has stopped it for now. Asked every few seconds. */
  stopped?(): Promise<boolean>
  /** How far the lake says that it has been read, by a name that it gave; undefined when it never was. */
  cursor?(name: string): Promise<string | undefined>
}
