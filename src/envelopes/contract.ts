/**
 * What an object turned out to be, once unwrapped. `records` is one JSON array in UTF-8, cut out of the object's
 * own bytes where the envelope allows, so that no record is parsed and written again.
 */
export type Opened =
  | { kind: 'records'; records: Uint8Array }
  | { kind: 'skipped'; reason: string }
  | { kind: 'rejected'; reason: string; code: RejectCode }

/** Why the rest of an object could not be read, when the part before it could. */
export interface Damage {
  code: RejectCode
  reason: string
}

export type RejectCode =
  | 'damaged-gzip'
  | 'too-large'
  | 'not-json'
  | 'malformed-json'
  | 'unknown-log-type'
  | 'not-an-object'
  | 'repeated-field'
  | 'invalid-record'

/** An envelope unwraps an object's expanded bytes, or says (undefined) that they are not in it. */
export interface Envelope {
  name: string
  doc: string
  open(bytes: Uint8Array): Opened | undefined
}
