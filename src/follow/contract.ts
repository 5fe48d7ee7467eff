import type { AddedFile, Position } from '../lake/changes.ts'
import type { Predicate } from '../lake/iceberg/index.ts'
import type { AppendedTable, TableDefinition } from '../lake/table.ts'
import type { LakeVersion } from '../lake/version.ts'
import type { Engine } from '../lib/duckdb.ts'

/**
 * A follower reads what commits add to its tables, each row once, and makes rows of its own of it. Its rows and how far it has
 * read move in one commit, so that nothing is made twice and nothing is left out, whenever its process ends.
 */
export interface Follower {
  /** As in `summaries`: its cursors are kept under it. Small letters, digits, `-` and `_`, a letter first. */
  name: string
  /** One sentence: what it makes of what. */
  doc: string
  /** The tables that it reads. One whose rows are overwritten cannot be followed. */
  tables: readonly AppendedTable[]
  /** The tables that it writes; it may share them with others, unless it can be rebuilt. */
  writes: readonly TableDefinition[]
  /**
   * How it is done again: a `replay` over a span under a new name, or a `rebuild` that empties its tables and begins anew,
   * for a follower whose rows would count double.
   */
  again: 'replay' | 'rebuild'
  /**
   * What a replay runs in its place, where rows that were counted already must not be counted again; it has the same tables.
   */
  replayed?: Follower
  /**
   * Its rows depend on what is in its tables already: a turn is lost, and made again, when another process has added to them
   * since the turn began.
   */
  exclusive?: true
  /**
   * Called with the same changes again when it fails, when the process ends before the commit, and when another process was
   * first: it must have no effect but its result.
   */
  work(changes: Changes): Promise<Work>
}

/** What is new since a follower's last commit, as far as it is read in one turn. */
export interface Changes {
  /** The lake's newest version when the turn began: all of it can be read, not only what is new. */
  version: LakeVersion
  /** For SQL over the FROM items below; nothing in it lasts longer than a turn. */
  engine: Engine
  /** By table, all that it follows; one without files has no new rows. */
  added: ReadonlyMap<string, Added>
  /** Where each table is read up to with this turn. */
  end: Cursor
  /** A FROM item with the rows of a table at this version whose files may match; also of a table that is not followed. */
  whole(table: TableDefinition, predicates?: readonly Predicate[]): Promise<string>
  /** A FROM item with the rows of some of the new files of a table that is followed. */
  part(table: AppendedTable, files: readonly AddedFile[]): Promise<string>
  /**
   * The rows of a followed table that earlier turns have had: none of `added`, none that a later turn will bring. A table that is not
   * followed has none.
   */
  before(table: AppendedTable, predicates?: readonly Predicate[]): Promise<string>
  /** Aborted when the turn is to be given up. */
  signal: AbortSignal
}

export interface Added {
  /** A FROM item with the new rows, each once. */
  rows: string
  files: readonly AddedFile[]
}

/** By table. */
export type Cursor = Readonly<Record<string, Position>>

export interface Work {
  /** By table that it writes, a SELECT that gives the table's columns by name, for the engine of the turn. */
  rows: Readonly<Record<string, string>>
  /** How far it has come: `changes.end`, or the position of an earlier file of the turn. */
  cursor: Cursor
}
