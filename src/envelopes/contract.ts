import type { Span } from '../json/bytes.ts'
import type { RejectCode } from '../json/refusal.ts'
import type { JsonObject } from '../json/values.ts'

/** What the way of a record told about it, beside the record itself. */
export interface Context {
  /** The object it came in: an absolute path, or an S3 URI. */
  uri: string
  /** When the object was last written, in milliseconds since 1970. */
  writtenMs: number
  /** Set when the record was an event of CloudWatch Logs. */
  cloudwatch?: CloudWatchEvent
  /** Set when the record is a Session Manager transcript, or a piece of one. */
  transcript?: Transcript
  /** Set when the record was the detail of an EventBridge event. */
  eventbridge?: EventBridgeEvent
}

/** An event of a CloudWatch Logs subscription or export, without its message. */
export interface CloudWatchEvent {
  /** The account that owns the log group; an export does not tell. */
  owner?: string | undefined
  logGroup?: string | undefined
  logStream: string
  subscriptionFilters?: readonly string[] | undefined
  policyLevel?: string | undefined
  /** 56 decimal digits; an export does not tell. */
  id?: string | undefined
  /** Milliseconds since 1970; an export writes it as text. */
  timestamp: number
  extractedFields?: JsonObject | undefined
}

/** A session's output as Session Manager uploads it to S3, when the session has ended. */
export interface Transcript {
  /** From the object's name. */
  sessionId?: string
  /** When it was made, as it says itself, in the form of `plainTime`. */
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
  /** The same, parsed; undefined when it is no JSON object. */
  record: JsonObject | undefined
  /** The same as text, where it came as one. */
  text?: string | undefined
  context: Context
}

/** A record that wraps others: a CloudWatch Logs subscription, an EventBridge event, a notification. */
export interface Wrapper {
  name: string
  doc: string
  /** What is inside; why there is nothing to store; or undefined when the record is no such wrapper. */
  open(delivery: Delivery): { inner: Delivery[] } | { skipped: string } | undefined
}

/**
 * What an object turned out to be, once unwrapped. `texts` are records that are no JSON. `records` is one JSON array in UTF-8, cut out of the object's
 * own bytes where the envelope allows, so that no record is parsed and written again; `source` says where its records are in them.
 */
export type Opened =
  | { kind: 'records'; records: Uint8Array; source?: Source }
  | { kind: 'texts'; texts: Text[] }
  | { kind: 'skipped'; reason: string }
  | { kind: 'rejected'; reason: string; code: RejectCode }

/** Where records are in an object's bytes. */
export interface Source {
  bytes: Uint8Array
  /** Arrays of records, and records on their own, in their order. */
  runs: Iterable<Run>
  /** Where the bytes begin that are not sound; their length when all are. */
  stop: number
}

/** A record; or an array of records, when `around` says what the array is in. */
export interface Run extends Span {
  around?: Around
}

/** An array of records in an object's bytes, and the document that has it. */
export interface Around {
  /** Where the document begins, or the array itself. */
  start: number
  /** The document's first field as it is written; undefined when there is none. */
  head: string | undefined
  /** Whether the array is the field of an object, of which more may follow. */
  inObject: boolean
}

/** A record that is plain text, with its place in the object's expanded bytes. */
export interface Text extends Delivery {
  offset: number
}

/** Why the rest of an object could not be read, when the part before it could. */
export interface Damage {
  code: RejectCode
  reason: string
}

/** An envelope unwraps an object's expanded bytes, or says (undefined) that they are not in it. */
export interface Envelope {
  name: string
  doc: string
  /** Whether it goes by the object's name, whatever the bytes look like. */
  byName?: true
  open(bytes: Uint8Array, context: Context): Opened | undefined
}
