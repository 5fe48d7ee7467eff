import type { Engine } from '../lib/duckdb.ts'

/**
 * The types of detection. A rule says what to look for, a detector looks for it in new rows, and a candidate
 * is a match: the follower turns it into a finding, whose id is made of the rule and `key`.
 */

export type Level = 'informational' | 'low' | 'medium' | 'high' | 'critical'

export const LEVELS: readonly Level[] = ['informational', 'low', 'medium', 'high', 'critical']

export type Status = 'stable' | 'test' | 'experimental' | 'deprecated' | 'unsupported'

/** The file that a rule came from; `line` is that of its document's first key, from 1 on. */
export interface Origin {
  file: string
  line: number
}

/** A rule's metadata: Sigma's own keys, and the fields that every finding shows. */
export interface Rule {
  /** Sigma's `id`, else its `name`, else `file#document`: unique among the rules that are loaded. */
  id: string
  name?: string
  /**
   * The first 16 hexadecimal digits of the SHA-256 of all that decides about matches: detection, correlation,
   * filters, placeholders.
   */
  version: string
  title: string
  description?: string
  level: Level
  status: Status
  /**
   * As written: `{ product: 'aws', service: 'cloudtrail' }`; for a correlation those of its rules, without
   * duplicates.
   */
  logsources: readonly Logsource[]
  /** The tables whose rows it reads. */
  tables: readonly string[]
  author?: string
  /** SPDX id, or the text in the file: `DRL-1.1`. */
  licence?: string
  references: readonly string[]
  falsepositives: readonly string[]
  /** All tags as written. */
  tags: readonly string[]
  /** ATT&CK ids of the tags, as `T1562.008`. */
  attack: readonly string[]
  /** ATLAS ids of the tags, as `AML.T0051.001`. */
  atlas: readonly string[]
  /** OWASP ids of the tags, as `LLM01` and `ASI02`. */
  owasp: readonly string[]
  /** The response to a finding: the custom field `runbook`. */
  runbook?: string
  /** The fields of a match that the author wants shown. */
  fields: readonly string[]
  /** The Sigma filters whose conditions were added to it; for a correlation, those of its rules. */
  filters?: readonly Filtering[]
  /** Undefined when it runs; else the reason why not, as a sentence. */
  off?: string
  /**
   * False for a rule that a correlation of its file refers to (`generate: false`), whether that is on or off:
   * its matches are not findings.
   */
  reports: boolean
  origin: Origin
}

/** A filter, from the view of a rule that it was added to. */
export interface Filtering {
  id: string
  title: string
  /** The filter's description: the reason. */
  why?: string
  origin: Origin
}

export interface Logsource {
  product?: string
  service?: string
  category?: string
}

/**
 * Looks for matches of rules in new rows. It keeps no state between two calls: the same rows give the same
 * candidates.
 */
export interface Detector {
  name: string
  doc: string
  rules: readonly Rule[]
  /** The tables that it reads. */
  needs: readonly string[]
  find(rows: NewRows): AsyncIterable<Candidate>
}

/** A detector's input in one turn. */
export interface NewRows {
  /**
   * For SQL over the FROM items below; a detector prefixes its temporary tables with its name, and replaces
   * them in each turn.
   */
  engine: Engine
  /** By table, a FROM item with the new rows, each once; tables without new rows may be missing. */
  added: ReadonlyMap<string, string>
  /**
   * A FROM item with the rows of a table from earlier turns (none of `added`) whose time may lie in the span.
   */
  before(table: string, span: TimeSpan): Promise<string>
  /** Reports a rule that cannot run on these rows (SQL, memory, time): it is skipped, and the others run. */
  failed(rule: Rule, thrown: unknown): void
  signal: AbortSignal
}

/** ISO times in UTC with microseconds, both ends inclusive. */
export interface TimeSpan {
  from: string
  to: string
}

/** A row that is evidence; its table, id and time identify it. */
export interface Evidence {
  table: string
  id: string
  /** ISO time in UTC with microseconds; empty where the row has none. */
  time: string
}

/** A match of a rule. */
export interface Candidate {
  rule: Rule
  /** The time of the row; for a correlation, of the row with which its condition first held. */
  time: string
  /** The table of that row. */
  table: string
  /** The evidence, earliest first; for a correlation at most `MAX_EVIDENCE` rows. */
  rows: readonly Evidence[]
  /** Number of matching rows. */
  count: number
  /**
   * Together with the rule's id and version, it makes the finding's id. The same rows give the same key, in
   * any number of turns; a correlation's key is its group and the first row at which it fired, which late
   * rows can move.
   */
  key: string
  /**
   * The keys that it would have if it had been found earlier, with fewer rows: those of the later rows at
   * which a correlation fired in the same burst, at most `MAX_ALSO`. A finding with one of them is this one.
   */
  also?: readonly string[]
  actor?: string
  account?: string
  region?: string
  resource?: string
  matched: readonly Matched[]
}

export const MAX_EVIDENCE = 100
export const MAX_ALSO = 1000

/** A value that made a rule match. */
export interface Matched {
  /** The rule's name for it, as in `userIdentity.arn`; empty for a keyword. */
  field: string
  /** The column that holds it, which decides about masks; undefined for a correlation's count. */
  column?: string
  /** As text, at most 1,000 characters; undefined for a field without a value. */
  value?: string
}
