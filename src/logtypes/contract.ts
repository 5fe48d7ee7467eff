import type { Context, Delivery, Wrapper } from '../envelopes/contract.ts'
import type { DirectShape, Shape } from '../json/shape.ts'
import type { JsonObject } from '../json/values.ts'

/**
 * The definition of a log type. Pure: no file system, no DuckDB, no AWS, no clock. Its folder holds
 *
 *   index.ts      this contract, filled in
 *   columns.ts    its columns, in order; once released, columns are only added at the end
 *   flatten.sql   makes one row of each record; or
 *   prepare.ts    the same in TypeScript, for records that need more than SQL
 *   fixtures/     objects as AWS delivers them, and the rows they must become
 *   queries/      common queries, one .sql each
 *   README.md     the content of the log, its writer, its traps
 */

export type ColumnType = 'string' | 'boolean' | 'long' | 'double' | 'timestamptz' | 'date' | 'json' | 'binary'

export interface Column {
  name: string
  /** `json` is JSON text in a string column. Times are UTC with microseconds. */
  type: ColumnType
  /** One sentence, shown by `describe` and stored in the table's schema. */
  doc: string
  /** The field that fills the column, as in `userIdentity.arn`; absent when loglake derives it. */
  path?: string
  /** Whether the table keeps each file's least and greatest value, so that files can be skipped. */
  bounds?: true
  /**
   * The kinds of its values, one or several, on which masking, scanning and access limited to an account
   * depend. A text column of a built-in type always has it; one without it is treated as text that outsiders
   * write (`kindsOf`).
   */
  holds?: Holds | readonly Holds[]
  /**
   * The role under which scanners read it. Absent for a column whose text another column has in a plainer
   * form.
   */
  text?: TextRole
  /**
   * Whether two deliveries of one record must agree in it. By default a column with a path counts as content,
   * and a derived one does not. `where told`: some deliveries omit it, and an absent value is no
   * contradiction.
   */
  content?: boolean | 'where told'
}

/**
 * The kind of a column's values. A log type has at most one column that holds its account, and one its
 * Region.
 */
export type Holds =
  | 'account'
  | 'region'
  /** Input of a model: system prompts, prompts, and tool results that are returned to the model. */
  | 'prompt'
  /** Output of a model, with its reasoning and its tool calls. */
  | 'completion'
  /** Data that identifies a person: names, e-mail addresses, user ids. */
  | 'person'
  /** Data that locates a person or machine: IP addresses and places. */
  | 'address'
  /** Text that can contain a password, a token or a private key. */
  | 'secret'
  /**
   * Text that outsiders write: callers, users, web pages, programs. It may be written to attack its reader.
   */
  | 'outside'
  /** An id that rows are looked up and joined by. */
  | 'key'
  /** AWS's own words, and names that the account's owner chose: none of the above. */
  | 'plain'

export const HOLDS = [
  'account',
  'region',
  'prompt',
  'completion',
  'person',
  'address',
  'secret',
  'outside',
  'key',
  'plain',
] as const satisfies readonly Holds[]

/**
 * The writer and the audience of a text: the system prompt, a user's turn, a document or the result of a
 * tool, a model's answer, the output of a terminal, the parameters of a call. `scan/contract.ts` has the same
 * roles.
 */
export type TextRole = 'system' | 'user' | 'document' | 'answer' | 'terminal' | 'parameters'

export const TEXT_ROLES = [
  'system',
  'user',
  'document',
  'answer',
  'terminal',
  'parameters',
] as const satisfies readonly TextRole[]

/**
 * The kinds of a column's values. A text column without any counts as the most sensitive kind, other columns
 * as none.
 */
export function kindsOf({ type, holds }: Pick<Column, 'type' | 'holds'>): readonly Holds[] {
  if (holds !== undefined) return typeof holds === 'string' ? [holds] : holds
  return type === 'string' || type === 'json' || type === 'binary' ? ['outside'] : []
}

/** The kinds of values that rows are looked up by, as named by `loglake find`. */
export const KEY_KINDS = [
  'uuid',
  'accesskey',
  // A unique id of IAM, as in `AROA…` and `AROA…:session`.
  'principal',
  'arn',
  // IPv4, IPv6, or the name of an AWS service.
  'address',
  // An instance or a managed node.
  'instance',
  'email',
  // The name of a person or thing.
  'name',
  'bucket',
  // A session of Session Manager: its full id, or the unique part.
  'session',
  // One call of a tool by a model.
  'tooluse',
  // An id of any other form.
  'id',
] as const
export type KeyKind = (typeof KEY_KINDS)[number]

export interface Key {
  /** A column of text, or of JSON with `path`. */
  column: string
  /** Where a JSON column holds such values, as DuckDB's JSON path: `$[*].ARN`. */
  path?: string
  is: KeyKind | readonly KeyKind[]
}

interface AnyLogType {
  /**
   * Set for the log type that takes every event of CloudWatch Logs that is not a record of another log type.
   * It is tried last, after the user's own. Its columns are those of the event, and `message`.
   */
  takes?: 'anything'
  /** The table's name: snake_case, in AWS's own words. */
  name: string
  /** One sentence that says what one row is. */
  doc: string
  columns: readonly Column[]
  /** The column with the record's own id, and the one with its time: together they identify duplicates. */
  id: string
  time: string
  /**
   * The values that its rows are looked up by, one line each: `loglake find` searches these, and filters of
   * them are kept.
   */
  keys?: readonly Key[]
  /**
   * The columns that rows are sorted by inside a file: similar rows together make small files and fast
   * searches.
   */
  sort: readonly string[]
  /** Set for the output of terminals. */
  terminal?: Terminal
  /** Whom a record is about; absent when no person is named. */
  whose?: Whose
  /** Whether a record is of this type: by its content first, then by its metadata. */
  recognise(delivery: Delivery): boolean
  /** The folder with the named queries. */
  queries: URL
}

/** Whom a record is about, as SQL over its columns: see `lake/table.ts`. */
export interface Whose {
  person: string
  role?: string
}

/** Where a log has what people typed and saw in sessions of a terminal. */
export interface Terminal {
  /** All columns that show it; `unmapped` may be one. */
  columns: readonly string[]
  /** The column with the unique part of the session's id. */
  session: string
}

/** A log type whose records DuckDB reads as they were delivered: one SQL statement makes rows of them. */
export interface FlattenedType extends AnyLogType {
  kind: 'flattened'
  shape: Shape
  /** Fields that every record has; a record without one is passed to `judge`. */
  required: readonly string[]
  /** The field of the record that fills `time`. */
  timeField: string
  /** Why a record of this type cannot be stored, as a sentence; undefined when it can. */
  judge(record: JsonObject): string | undefined
  /** The statement that makes rows of records. */
  flatten: URL
}

/**
 * A log type whose records need more than SQL: text inside text, a terminal's screen, bodies of many
 * dialects. Each record becomes a row here, in a worker thread, before DuckDB reads it.
 */
export interface PreparedType extends AnyLogType {
  kind: 'prepared'
  /**
   * For the log type that takes anything: whether events of a log stream are left to other types, whatever
   * their content.
   */
  leaves?(logStream: string): boolean
  /**
   * URIs of objects with parts of the record's content. They are read before `prepare`, and passed to it.
   * None by default.
   */
  overflowUris?(delivery: Delivery): readonly string[]
  prepare(delivery: Delivery, overflowBodies: OverflowBodies): Prepared
  /**
   * The form in which nearly all of its records are delivered, and how rows are made of that form without
   * reading records one by one.
   */
  direct?: DirectForm
  /** A document that holds several of its records, and is opened before they are recognized. */
  wrapper?: Wrapper
  /**
   * Removes content that must not be stored in the clear, from rejects too. `prepare` must do the same for
   * its rows.
   */
  redaction?: Redaction
  /**
   * SQL that makes the final rows of prepared ones, which are in `record`: exactly one row for each of them.
   */
  select?: { file: string; text: string }
  /** The columns that only that SQL computes. */
  derived?: readonly string[]
}

/**
 * A form of records that matches exactly: their fields are put into columns as bytes, and SQL makes the same
 * rows of them that `prepare` would make, value by value. If one record does not match, all records of its
 * object are prepared; so a form may omit rare cases, and never has to guess.
 */
export interface DirectForm {
  /** A record must not have any field that is not in here. */
  shape: DirectShape
  /** Fields that every record has. */
  required: readonly string[]
  /** The field that fills `time`. */
  timeField: string
  /** Paths of the texts that records are grouped by, the most significant first. */
  groupBy: readonly string[]
  /** The statement that makes rows: it reads `record`, with a column for each field, named by its path. */
  rows: URL
}

export interface Redaction {
  /** Removes content that must not be stored from a record. */
  redact(bytes: Uint8Array): Uint8Array
  /** Whether the object's name alone shows that its records are of this type, even unreadable ones. */
  isSensitive(context: Context): boolean
}

export type LogType = FlattenedType | PreparedType

/** Other objects that records name, by URI, expanded; undefined for one that does not exist. */
export type OverflowBodies = ReadonlyMap<string, Uint8Array | undefined>

/**
 * A row by column, including `unmapped`, which is JSON text of values that no column holds. A `json` column
 * takes JSON text, a time the form of `plainTime` (json/time.ts), a date `2026-01-07`; an absent or undefined
 * value is NULL. A long text that is part of the record unchanged may be its UTF-8 bytes.
 */
export type Row = { [column: string]: string | number | boolean | null | undefined | Uint8Array }

/**
 * The outcome of a record: a row, or the reason why there is none, as a sentence that quotes none of its
 * text.
 */
export type Prepared =
  | { kind: 'row'; row: Row }
  | { kind: 'rejected'; reason: string }
  | { kind: 'skipped'; reason: string }
