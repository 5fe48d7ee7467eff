import type { Engine } from '../lib/duckdb.ts'

/**
 * What detection is made of. A rule says what is looked for, a detector looks for what its rules say in rows that are new, and a
 * candidate is what it found: the follower makes a finding of it, under an id that rests on the rule and `key`.
 */

export type Level = 'informational' | 'low' | 'medium' | 'high' | 'critical'

export const LEVELS: readonly Level[] = ['informational', 'low', 'medium', 'high', 'critical']

export type Status = 'stable' | 'test' | 'experimental' | 'deprecated' | 'unsupported'

/** Where a rule came from; `line` is that of its document's first key, from 1 on. */
export interface Origin {
  file: string
  line: number
}

/** What a rule says of itself: Sigma's own words, and what every finding shows of it. */
export interface Rule {
  /** Sigma's `id`, else its `name`, else `file#document`: unique among the rules that are loaded. */
  id: string
  name?: string
  /** The first 16 hexadecimal digits of the SHA-256 of what decides about matches: detection, correlation, filters, placeholders. */
  version: string
  title: string
  description?: string
  level: Level
  status: Status
  /** As written: `{ product: 'aws', service: 'cloudtrail' }`; of a correlation those of its rules, without repeats. */
  logsources: readonly Logsource[]
  /** The tables whose rows it reads. */
  tables: readonly string[]
  author?: string
  /** SPDX id, or the words of the file: `DRL-1.1`. */
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
  /** What to do about a finding: the custom field `runbook`. */
  runbook?: string
  /** The fields that the author wants to see of a match. */
  fields: readonly string[]
  /** The Sigma filters whose condition is added to it; of a correlation, those of the rules that it rests on. */
  filters?: readonly Filtering[]
  /** Undefined when it runs; else why it does not, as a sentence. */
  off?: string
  /** False of a rule that only serves correlations (`generate: false`): its matches are no findings. */
  reports: boolean
  origin: Origin
}

/** A filter, as a rule that it is added to says it. */
export interface Filtering {
  id: string
  title: string
  /** Its description: the reason. */
  why?: string
  origin: Origin
}

export interface Logsource {
  product?: string
  service?: string
  category?: string
}

/** Looks for what rules say, in rows that are new. It keeps nothing between two calls: the same rows give the same candidates. */
export interface Detector {
  name: string
  doc: string
  rules: readonly Rule[]
  /** The tables that it reads. */
  needs: readonly string[]
  find(rows: NewRows): AsyncIterable<Candidate>
}

/** What a detector is given of one turn. */
export interface NewRows {
  /** For SQL over the FROM items below; temporary tables of a detector begin with its name, and are replaced in each turn. */
  engine: Engine
  /** By table, a FROM item with the new rows, each once; a table without new rows may be left out. */
  added: ReadonlyMap<string, string>
  /** A FROM item with the rows of a table that earlier turns had (none of `added`), whose time may lie in the span. */
  before(table: string, span: TimeSpan): Promise<string>
  /** A rule that cannot run on these rows (SQL, memory, time): it is left out, and the others go on. */
  failed(rule: Rule, thrown: unknown): void
  signal: AbortSignal
}

/** ISO times in UTC with microseconds, both ends in it. */
export interface TimeSpan {
  from: string
  to: string
}

/** A row that proves something: a table's id and time tell it. */
export interface Evidence {
  table: string
  id: string
  /** ISO time in UTC with microseconds; empty where the row has none. */
  time: string
}

/** What a rule found. */
export interface Candidate {
  rule: Rule
  /** The time of the row, of a correlation that of the row with which its condition held first. */
  time: string
  /** The table of that row. */
  table: string
  /** The rows that prove it, earliest first; of a correlation at most `MAX_EVIDENCE`. */
  rows: readonly Evidence[]
  /** How many rows there were. */
  count: number
  /**
   * With the rule's id and version it makes the finding's id. The same rows give the same key, in however many turns they come;
   * of a correlation, whose key is its group and first row, only when they come in the order of their times.
   */
  key: string
  actor?: string
  account?: string
  region?: string
  resource?: string
  matched: readonly Matched[]
}

export const MAX_EVIDENCE = 100

/** A value that made a rule match. */
export interface Matched {
  /** As the rule names it, as in `userIdentity.arn`; empty for a keyword. */
  field: string
  /** The column that holds it, by which masks go; undefined for what a correlation counted. */
  column?: string
  /** As text, at most 1,000 characters; undefined for a field without a value. */
  value?: string
}
