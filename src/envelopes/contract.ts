import type { Span } from '../json/bytes.ts'
import type { RejectCode } from '../json/refusal.ts'
import type { JsonObject } from '../json/values.ts'

/** Metadata from a record's envelope: its object, its log stream, its time. */
export interface Context {
  /** The object that held the record: an absolute path, or an S3 URI. */
  uri: string
  /** When the object was last written, in milliseconds since 1970. */
  writtenMs: number
  /** Set when the record was an event of CloudWatch Logs. */
  cloudwatch?: CloudWatchEvent
  /** Set when the record is a Session Manager transcript, or a part of one. */
  transcript?: Transcript
  /** Set when the record was the detail of an EventBridge event. */
  eventbridge?: EventBridgeEvent
}

/** An event of a CloudWatch Logs subscription or export, without its message. */
export interface CloudWatchEvent {
  /** The account that owns the log group; an export does not contain it. */
  owner?: string | undefined
  logGroup?: string | undefined
  logStream: string
  subscriptionFilters?: readonly string[] | undefined
  policyLevel?: string | undefined
  /** 56 decimal digits; an export does not contain it. */
  id?: string | undefined
  /** Milliseconds since 1970; an export writes them as text. */
  timestamp: number
  extractedFields?: JsonObject | undefined
}

/** A session's output, which Session Manager uploads to S3 when the session ends. */
export interface Transcript {
  /** From the object's name. */
  sessionId?: string
  /** When it was made, according to its own head, in the form of `plainTime`. */
  time?: string
  /** From 1; a transcript that is too long for one record is cut at line ends. */
  piece: number
}

/** The envelope of an EventBridge event: its own fields, without `detail`. */
export interface EventBridgeEvent {
  id?: string
  detailType: string
  source: string
  account?: string
  time?: string
  region?: string
  resources?: readonly string[]
}

/** One record as it was delivered. */
export interface Delivery {
  /** JSON in UTF-8, or plain text. */
  bytes: Uint8Array
  /** The parsed bytes; undefined when they are not a JSON object. */
  record: JsonObject | undefined
  /** The bytes as text, where the record came as a text. */
  text?: string | undefined
  context: Context
}

/** A record that wraps others: a CloudWatch Logs subscription, an EventBridge event, a notification. */
export interface Wrapper {
  name: string
  doc: string
  /**
   * Whether the records come out of the parsed record, rather than its bytes: one that has a field twice is
   * then not opened, since what is in the first of them would be lost.
   */
  parsed?: true
  /**
   * Returns the records inside, or why there is nothing to store; undefined when the record is not such a
   * wrapper.
   */
  open(delivery: Delivery): Inside | undefined
}

/** What a wrapper holds: records, or nothing to store. */
export type Inside = { kind: 'records'; inner: Delivery[] } | { kind: 'skipped'; reason: string }

/**
 * The content of an unwrapped object. `texts` are records that are not JSON. `records` is one JSON array in
 * UTF-8, cut out of the object's own bytes where the envelope allows, so that no record is parsed and written
 * again; `source` has the positions of its records.
 */
export type Opened =
  | { kind: 'records'; records: Uint8Array; source?: Source }
  | { kind: 'texts'; texts: Text[] }
  | { kind: 'skipped'; reason: string }
  | { kind: 'rejected'; reason: string; code: RejectCode }

/** Where records lie in an object's bytes. */
export interface Source {
  bytes: Uint8Array
  /** Arrays of records, and single records, in order. */
  runs: Iterable<Run>
  /** Where the malformed bytes begin; the length when there are none. */
  stop: number
}

/** A record; or an array of records, when `around` is set. */
export interface Run extends Span {
  around?: Around
}

/** An array of records in an object's bytes, and the document that contains it. */
export interface Around {
  /** Where the document begins, or the array itself. */
  start: number
  /** The document's first field as it is written; undefined when there is none. */
  head: string | undefined
  /** Whether the array is a field of an object, which may have more fields after it. */
  inObject: boolean
}

/** A record that is plain text, with its offset in the object's expanded bytes. */
export interface Text extends Delivery {
  offset: number
}

/** Why the rest of an object could not be read after its readable part. */
export interface Damage {
  code: RejectCode
  reason: string
}

/** An envelope unwraps an object's expanded bytes, or returns undefined when they are not in its format. */
export interface Envelope {
  name: string
  doc: string
  /** Whether it is recognized by the object's name, independent of the bytes. */
  byName?: true
  open(bytes: Uint8Array, context: Context): Opened | undefined
}
