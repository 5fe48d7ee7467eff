import type { Changes } from '../../follow/contract.ts'
import type { Candidate, NewRows, Rule } from '../contract.ts'

/** A part of the baselines: what it holds new rows of a table against, and what it remembers of them. */
export interface Part {
  table: string
  /** The names of its rules. */
  rules: readonly string[]
  find(round: Round): AsyncIterable<Candidate>
  /** By table, a SELECT of what is to be remembered, when it has found what there is. */
  remembers: Readonly<Record<string, string>>
}

/** What a part is given of one turn. */
export interface Round extends Pick<NewRows, 'engine' | 'signal'> {
  /** A FROM item with the new rows of its table. */
  rows: string
  changes: Changes
  /** The same, without any when no event of these names is among them: to look for names is faster than to read rows. */
  rowsOf(...events: string[]): Promise<string>
  /** Days of history that are needed, for SQL. */
  days: string
  /** A CSV file with prices beside ours. */
  prices: string | undefined
  /** A rule by its name; undefined when it is off. */
  rule(name: string | undefined): Rule | undefined
}
