/** Why a record cannot be stored, in words that quote none of its text. */
export interface Refusal {
  code: RejectCode
  reason: string
}

/** A refusal as the outcome of reading a record. */
export interface Refused extends Refusal {
  kind: 'refused'
}

/** The kind of reason of a reject, as a word that a query can filter by. */
export type RejectCode =
  | 'damaged-gzip'
  | 'damaged-zstd'
  | 'too-large'
  | 'too-deep'
  | 'not-json'
  | 'malformed-json'
  | 'unknown-log-type'
  | 'not-an-object'
  | 'repeated-field'
  | 'invalid-record'
  | 'unexpected'
