/** Why a record cannot be stored, in words without any of its text. */
export interface Refusal {
  code: RejectCode
  reason: string
}

/** Why bytes were rejected, as a word that a query can ask for. */
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
