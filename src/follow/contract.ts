import type { AddedFile, Position } from '../lake/changes.ts'
import type { Predicate } from '../lake/iceberg/index.ts'
import type { AppendedTable, TableDefinition } from '../lake/table.ts'
import type { LakeVersion } from '../lake/version.ts'
import type { Engine } from '../lib/duckdb.ts'

/**
 * A follower reads the rows that commits add to its tables, each once, and writes rows of its own. Its rows
 * and its cursors are in one commit, so that no row is written twice and none is missed, whenever its process
 * ends.
 */
export interface Follower {
  /** As in `summaries`: the name of its cursors. Small letters, digits, `-` and `_`, a letter first. */
  name: string
  /** One sentence: what it reads, and what it writes. */
  doc: string
  /** The tables that it reads. One whose rows are overwritten cannot be followed. */
  tables: readonly AppendedTable[]
  /** The tables that it writes. One that can be rebuilt shares them with no other follower. */
  writes: readonly TableDefinition[]
  /**
   * How it can run again: as a `replay` over a span, under a new name; or as a `rebuild`, which empties its
   * tables and starts over, for a follower whose rows would otherwise count double.
   */
  again: 'replay' | 'rebuild'
  /**
   * The follower that a replay runs instead, if rows that were counted once must not be counted again. It has
   * the same tables.
   */
  replayed?: Follower
  /**
   * Its rows depend on the rows of its tables: a turn is repeated when another process has added to them
   * since the turn began.
   */
  exclusive?: true
  /**
   * Called again with the same changes after a failure, after the process ended before the commit, and when
   * another process was first. So it must have no effect other than its result.
   */
  work(changes: Changes): Promise<Work>
}

/** The rows that are new since a follower's last commit, as many as one turn reads. */
export interface Changes {
  /** The newest version of the lake when the turn began. All of its rows can be read, not only new ones. */
  version: LakeVersion
  /** For SQL over the FROM items below. Tables that are created in it last for one turn. */
  engine: Engine
  /** By the name of each table that it follows; one without files has no new rows. */
  added: ReadonlyMap<string, Added>
  /** The position in each table after this turn. */
  end: Cursor
  /**
   * A FROM item with all rows of a table at this version, from the files that may match; the table need not
   * be followed.
   */
  whole(table: TableDefinition, predicates?: readonly Predicate[]): Promise<string>
  /** A FROM item with the rows of some of the new files of a table that is followed. */
  part(table: AppendedTable, files: readonly AddedFile[]): Promise<string>
  /**
   * A FROM item with the rows of a followed table that earlier turns have read: none of `added`, and none
   * that a later turn will read. It is empty for a table that is not followed.
   */
  before(table: AppendedTable, predicates?: readonly Predicate[]): Promise<string>
  /** Aborted when the turn must end. */
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
  /**
   * By the name of each table that it writes: a SELECT of the table's columns by name, for the engine of the
   * turn.
   */
  rows: Readonly<Record<string, string>>
  /** The position after this work: `changes.end`, or that of an earlier file of the turn. */
  cursor: Cursor
}
