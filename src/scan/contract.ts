/**
 * Text in, spans out. A scanner reads one text and returns the spans of attempts to instruct the model,
 * personal data or secrets in it. Pure: no file system, no engine, no network, no clock; linear in the text's
 * length for every input.
 */

/**
 * A text's author and purpose: the system prompt (`system`), a user's turn (`user`), the result of a tool, a
 * retrieved text or a message of a log (`document`), a model's answer (`answer`), a terminal's output
 * (`terminal`), the parameters of a call as JSON (`parameters`). The same words as in `logtypes/contract.ts`.
 */
export type TextRole = 'system' | 'user' | 'document' | 'answer' | 'terminal' | 'parameters'

export const ROLES: readonly TextRole[] = ['system', 'user', 'document', 'answer', 'terminal', 'parameters']

/** The kind of a span: an attempt to instruct the model, personal data, a secret. */
export type SpanKind = 'injection' | 'personal' | 'secret'

export interface Span {
  /**
   * Offsets in the original text, in UTF-16 code units; `to` is exclusive, so `text.slice(from, to)` is the
   * match.
   */
  from: number
  to: number
  kind: SpanKind
  /**
   * The rule that matched: `EMAIL_ADDRESS`, `aws-access-token`, `classifier`, the name of a pattern. One of
   * its scanner's `rules`.
   */
  rule: string
  /**
   * From 0 to 1. For an injection a calibrated probability; else the rule's confidence, 1 where a checksum is
   * valid.
   */
  score: number
  /** The scanner and the version of its rules and weights. */
  scanner: string
  version: string
  /** What it says, where an encoding hides it: its placeholder is that of the same value in plain text. */
  value?: string
}

export interface ScanOptions {
  /** Only spans of these kinds; all by default. */
  kinds?: readonly SpanKind[]
  /** Only spans with at least this score; by default each rule's own threshold. */
  least?: number
  /** Rules to skip, as in a column whose access key ids are known. */
  without?: readonly string[]
  /** Rules that are off by default, switched on for this text: `IP_ADDRESS`. */
  also?: readonly string[]
  /** At most this many spans of each scanner; 1,000 by default. The scanner stops after them. */
  max?: number
}

export interface Rule {
  id: string
  /** One sentence: what it finds. */
  doc: string
  /** Off unless `ScanOptions.also` names it: logs are full of its matches. */
  off?: true
}

export interface Scanner {
  /** Its folder's name. */
  name: string
  kind: SpanKind
  /** Changes with its rules and weights. */
  version: string
  /** One sentence. */
  doc: string
  /** The roles that it scans; a text in another role has no spans. */
  roles: readonly TextRole[]
  rules: readonly Rule[]
  /** Spans in order; two of the same rule never overlap. */
  scan(text: string, role: TextRole, options?: ScanOptions): Span[]
}

/**
 * How text leaves: `full` unchanged; `masked` with a typed placeholder in each span's place; `metadata`
 * without the text, only with the findings; `drop` like `masked`, but a text with a finding does not leave at
 * all.
 */
export type PolicyName = 'full' | 'masked' | 'metadata' | 'drop'

export const POLICIES: readonly PolicyName[] = ['full', 'masked', 'metadata', 'drop']

export interface Policy {
  name: PolicyName
  /**
   * The secret key of the placeholders' tokens: with one key, equal values have equal tokens, so that joins
   * still work. At least 16 characters.
   */
  key: string
  /** Which kinds of spans are masked; personal data and secrets by default. */
  kinds?: readonly SpanKind[]
}

/** A masked span, without its value: a row of `redaction` is made of it. */
export interface Redaction {
  /** Offsets in the original text. */
  from: number
  to: number
  kind: SpanKind
  rule: string
  scanner: string
  version: string
  /** The placeholder, as in `[EMAIL_ADDRESS:4f1c09ab27d3e865]`. */
  placeholder: string
}

export interface Masked {
  /** The text that may leave; undefined when nothing may. */
  text: string | undefined
  redactions: Redaction[]
}

/** A passage that a heavier scorer judges. */
export interface Passage {
  text: string
  role: TextRole
}

/**
 * A heavier scorer in addition to ours: a function, a command, an HTTP endpoint. It receives many passages at
 * once, and returns a score from 0 to 1 for each, in order.
 */
export interface Scorer {
  name: string
  version: string
  score(passages: readonly Passage[], signal?: AbortSignal): Promise<readonly number[]>
}
