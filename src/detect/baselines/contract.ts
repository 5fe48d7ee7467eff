import type { Changes } from '../../follow/contract.ts'
import type { Candidate, NewRows, Rule } from '../contract.ts'

/** A part of the baselines: it compares new rows of a table with history, and remembers them. */
export interface Part {
  table: string
  /** The names of its rules. */
  rules: readonly string[]
  find(round: Round): AsyncIterable<Candidate>
  /** By table, a SELECT of the rows to remember, valid after `find`. */
  remembers: Readonly<Record<string, string>>
}

/** A part's input in one turn. */
export interface Round extends Pick<NewRows, 'engine' | 'signal'> {
  /** A FROM item with the new rows of its table. */
  rows: string
  changes: Changes
  /**
   * The same; empty when no event of these names is among them, because checking names is faster than reading
   * rows.
   */
  rowsOf(...events: string[]): Promise<string>
  /** Days of history that a baseline needs, as SQL. */
  days: string
  /** The user's CSV file with prices, in addition to ours. */
  prices: string | undefined
  /** A rule by its name; undefined when it is off. */
  rule(name: string | undefined): Rule | undefined
}
