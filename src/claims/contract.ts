import type { Node } from '../query/statement.ts'

/**
 * Types of the check: loglake's descriptions, the origin of a statement's columns, and the limits on its
 * rows.
 */

/** A table or view as the API describes it. */
export interface Described {
  name: string
  kind: 'table' | 'view'
  doc: string
  columns: { name: string; type: string; doc: string }[]
}

/** What a column of a statement is made of. */
export interface Origin {
  /**
   * `column`: a whole value of a table; `part`: a piece of one; `figure`: computed from numbers of the table;
   * `count`: a number of rows; `literal`: a value in the statement's text; `made`: anything else, which
   * proves nothing.
   */
  kind: 'column' | 'part' | 'figure' | 'count' | 'literal' | 'made'
  /** Values that the statement may have put there. */
  literals: readonly string[]
}

export const MADE: Origin = { kind: 'made', literals: [] }
export const COLUMN: Origin = { kind: 'column', literals: [] }

/** What is known of a statement whose rows are cited. */
export interface Origins {
  /** Of each column of the result. */
  columns: readonly Origin[]
  /** What all of its rows are limited to. */
  limits: readonly Limit[]
  /** Tables that it asks. */
  tables: readonly string[]
  /** Columns that its conditions are on; one that must be empty has `no ` before it. */
  conditioned: readonly string[]
  /** Most rows that it lets through; rows that are left out cannot be counted. Infinite without a limit. */
  most: number
  /** Whether its rows are in an order, so that the first of them are the most or the least of all. */
  isOrdered: boolean
}

/** By name in small letters, the columns of a table in order. */
export type Tables = ReadonlyMap<string, readonly string[]>

/** A condition that every row of a result fits. */
export interface Limit {
  /** One of these is the value. */
  values: readonly string[]
  /** `from` and `to`: a bound, of which only sentences about spans can speak. */
  how: 'is' | 'from' | 'to'
}

/** A query or a FROM. */
export interface Rows {
  /**
   * Whether each row is one row or group of the table: no join, limit or sample multiplied or dropped rows,
   * so they can be counted.
   */
  isWhole: boolean
  /** Names of tables below. */
  tables: ReadonlySet<string>
  /** Columns whose values are in no two rows; undefined when none are known. */
  keys?: ReadonlySet<string> | undefined
}

/** A column that a query gives, with what it is made of. */
export interface Made {
  name: string
  origin: Origin
}

/** What rows come from, as expressions over them see it. */
export interface Source {
  alias: string
  columns: readonly Made[]
}

/** What a query may name. */
export interface Given {
  tables: Tables
  ctes: ReadonlyMap<string, Query>
  /** The columns of a query within an expression (`sources.ts`). */
  queryOf(node: Node, given: Given): Query
}

export type Query = Rows & { columns: readonly Made[] }
