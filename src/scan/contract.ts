/**
 * Text in, spans out. A scanner reads one text and says where in it something stands: an attempt to instruct the
 * model, personal data, a secret. Pure: no file system, no engine, no network, no clock; linear in the text's length,
 * whatever the text is.
 */

/**
 * Who wrote a text, and for whom: the system prompt (`system`), a user's turn (`user`), the result of a tool, a retrieved
 * text or a message of a log (`document`), what a model answered (`answer`), what a terminal showed (`terminal`), the
 * parameters of a call as JSON (`parameters`). The same words as in `logtypes/contract.ts`.
 */
export type TextRole = 'system' | 'user' | 'document' | 'answer' | 'terminal' | 'parameters'

export const ROLES: readonly TextRole[] = ['system', 'user', 'document', 'answer', 'terminal', 'parameters']

/** What a span is: an attempt to instruct the model, personal data, a secret. */
export type SpanKind = 'injection' | 'personal' | 'secret'

export interface Span {
  /** Offsets in the text as it was given, in UTF-16 code units; `to` is exclusive. `text.slice(from, to)` is what was found. */
  from: number
  to: number
  kind: SpanKind
  /** What found it: `EMAIL_ADDRESS`, `aws-access-token`, `classifier`, the name of a pattern. One of its scanner's `rules`. */
  rule: string
  /** From 0 to 1. Of an injection a calibrated share; else how sure the rule is, 1 where a checksum says so. */
  score: number
  /** The scanner and the version of its rules and weights. */
  scanner: string
  version: string
}

export interface ScanOptions {
  /** Only spans of these kinds; all by default. */
  kinds?: readonly SpanKind[]
  /** Only spans with at least this score; by default each rule's own threshold. */
  least?: number
  /** Rules that are left out, as in a column whose access key ids are known. */
  without?: readonly string[]
  /** Rules that are off by default, switched on for this text: `IP_ADDRESS`. */
  also?: readonly string[]
  /** At most this many spans of each scanner; 1,000 by default. What is beyond is not looked for. */
  most?: number
}

export interface Rule {
  id: string
  /** One sentence: what it finds. */
  doc: string
  /** Off unless `ScanOptions.also` names it: it finds what logs are full of. */
  off?: true
}

export interface Scanner {
  /** Its folder's name. */
  name: string
  kind: SpanKind
  /** Changes whenever its rules or weights do. */
  version: string
  /** One sentence. */
  doc: string
  /** The roles of texts that it reads; a text in another role has no spans. */
  roles: readonly TextRole[]
  rules: readonly Rule[]
  /** Spans by their place; none overlaps another of the same rule. */
  scan(text: string, role: TextRole, options?: ScanOptions): Span[]
}

/**
 * How text leaves: `full` as it is; `masked` with a typed placeholder in each span's place; `metadata` without its text,
 * only what was found; `drop` as `masked`, but a text in which something is found not at all.
 */
export type PolicyName = 'full' | 'masked' | 'metadata' | 'drop'

export const POLICIES: readonly PolicyName[] = ['full', 'masked', 'metadata', 'drop']

export interface Policy {
  name: PolicyName
  /** The secret of the placeholders' tokens: with one key, one value has one token, so that joins survive. At least 16 characters. */
  key: string
  /** Which kinds of spans are masked; personal data and secrets by default. */
  kinds?: readonly SpanKind[]
}

/** What was masked, without the value: a row of `redaction` is made of it. */
export interface Redaction {
  /** Offsets in the text as it was. */
  from: number
  to: number
  kind: SpanKind
  rule: string
  scanner: string
  version: string
  /** What stands in its place, as in `[EMAIL_ADDRESS:4f1c09ab27d3e865]`. */
  placeholder: string
}

export interface Masked {
  /** The text that may leave; undefined when none may. */
  text: string | undefined
  redactions: Redaction[]
}

/** A passage that a heavier scorer is asked about. */
export interface Passage {
  text: string
  role: TextRole
}

/**
 * A heavier scorer beside ours: a function, a command, an HTTP endpoint. It is asked about many passages at once, and
 * answers with a score from 0 to 1 for each, in their order.
 */
export interface Scorer {
  name: string
  version: string
  score(passages: readonly Passage[], signal?: AbortSignal): Promise<readonly number[]>
}
