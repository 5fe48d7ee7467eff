import type { Context, Delivery, Wrapper } from '../envelopes/contract.ts'
import type { PlainShape, Shape } from '../json/shape.ts'
import type { JsonObject } from '../json/values.ts'

/**
 * What a log type is. Pure: no file system, no DuckDB, no AWS, no clock. The folder of a log type holds
 *
 *   index.ts      this contract, filled in
 *   columns.ts    its columns, in order; once released, columns are only added at the end
 *   flatten.sql   records in, columns out, one row per record; or
 *   prepare.ts    the same in TypeScript, for records that need more than SQL
 *   fixtures/     objects as AWS delivers them, and the rows they must become
 *   queries/      questions people ask of it, one .sql each
 *   README.md     what the log is, who writes it, its traps
 */

export type ColumnType = 'string' | 'boolean' | 'long' | 'double' | 'timestamptz' | 'date' | 'json' | 'binary'

export interface Column {
  name: string
  /** `json` is JSON text in a string column. Times are UTC with microseconds. */
  type: ColumnType
  /** One sentence, shown by `describe` and carried in the table's schema. */
  doc: string
  /** Where the column comes from, as in `userIdentity.arn`; none when loglake derives it. */
  path?: string
  /** Whether the table keeps each file's least and greatest value, so that files can be skipped. */
  bounds?: true
  /**
   * What its values are, one kind or several: masks, scanners and questions that are limited to an account go by it.
   * A text column of ours always says; one that does not is taken for text that outsiders write (`kindsOf`).
   */
  holds?: Holds | readonly Holds[]
  /** The role in which scanners read it. A column whose text another column has in a plainer form has none. */
  text?: TextRole
  /**
   * Whether two deliveries of one record agree in it. A column with a path is content by default, one that loglake derives is
   * not. `where told`: one way delivers it and another leaves it out, so that a delivery without it says nothing else.
   */
  content?: boolean | 'where told'
}

/** What a column's values are. A log type has at most one column that holds its account, and one its Region. */
export type Holds =
  | 'account'
  | 'region'
  /** What a model was asked: system prompts, prompts, and tool results that go back to the model. */
  | 'prompt'
  /** What a model answered, with its reasoning and the tool calls that it made. */
  | 'completion'
  /** Who somebody is: names, e-mail addresses, ids of users. */
  | 'person'
  /** Where somebody is: IP addresses and places. */
  | 'address'
  /** What can hold a password, a token or a private key. */
  | 'secret'
  /** Text that outsiders write: callers, users, web pages, programs. It can be made to attack its reader. */
  | 'outside'
  /** An id that rows are looked up and joined by. */
  | 'key'
  /** Words of AWS, and names that the account's owner gave: none of the above. */
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
 * Who wrote a text, and for whom: the system prompt, a user's turn, a document or the result of a tool, a model's answer,
 * the output of a terminal, the parameters of a call. `scan/contract.ts` has the same roles.
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

/** The kinds of a column's values. Of a text column that does not say, the worst is assumed; of others, nothing. */
export function kindsOf({ type, holds }: Pick<Column, 'type' | 'holds'>): readonly Holds[] {
  if (holds !== undefined) return typeof holds === 'string' ? [holds] : holds
  return type === 'string' || type === 'json' || type === 'binary' ? ['outside'] : []
}

/** What a value that rows are looked up by can be, in the words of `loglake find`. */
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
  // What somebody or something is called.
  'name',
  'bucket',
  // A session of Session Manager, whole or its unique part.
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
  /** Where in a column of JSON such values lie, as DuckDB's JSON path: `$[*].ARN`. */
  path?: string
  is: KeyKind | readonly KeyKind[]
}

interface AnyLogType {
  /**
   * It takes every event of CloudWatch Logs that is no record of another log type, so it is asked after all others, the
   * user's own among them. Its columns are those of the event itself, and `message`.
   */
  takes?: 'anything'
  /** The table's name: snake_case, AWS's own words. */
  name: string
  /** One sentence: one row is what. */
  doc: string
  columns: readonly Column[]
  /** The column with the record's own id, and the one with its time: together they tell a repeat. */
  id: string
  time: string
  /** The values that its rows are looked up by, one line each: `loglake find` asks these, and filters of them are kept. */
  keys?: readonly Key[]
  /** The columns that rows are sorted by inside a file: alike rows together make small files and short searches. */
  sort: readonly string[]
  /** Whether this is such a record: by its content first, then by what its way told of it. */
  recognise(delivery: Delivery): boolean
  /** The folder with the named queries. */
  queries: URL
}

/** A log type whose records DuckDB reads as they were delivered: one SQL statement makes rows of them. */
export interface FlattenedType extends AnyLogType {
  kind: 'flattened'
  shape: Shape
  /** Fields that every record has, so that one without is looked at by `judge`. */
  required: readonly string[]
  /** The field of the record that `time` comes from. */
  timeField: string
  /** Why a record of this type cannot be stored, as a sentence; undefined when it can. */
  judge(record: JsonObject): string | undefined
  /** The statement that makes rows of records. */
  flatten: URL
}

/**
 * A log type whose records need more than SQL: text inside text, a screen, bodies of many dialects. Each becomes a row
 * here, in a worker thread, before DuckDB sees it.
 */
export interface PreparedType extends AnyLogType {
  kind: 'prepared'
  /** Of one that takes anything: whether events of a log stream are left to other types, whatever is in them. */
  leaves?(logStream: string): boolean
  /**
   * Where else the record's content lies: URIs of objects that are read before `prepare`, and given to it. None of
   * them by default.
   */
  parts?(delivery: Delivery): readonly string[]
  prepare(delivery: Delivery, parts: Parts): Prepared
  /** The form that nearly all of its records are delivered in, and how rows are made of it without reading them one by one. */
  plain?: Plain
  /** A document that holds several of its records, opened before they are looked at. */
  wrapper?: Wrapper
  /** What of its records must not be stored in the clear, not even in a reject. `prepare` sees to its rows itself. */
  discretion?: Discretion
  /** SQL that makes the rows of prepared ones, which it finds in `record`; it gives one row for each of them. */
  select?: { file: string; text: string }
  /** The columns that only that SQL makes. */
  derived?: readonly string[]
}

/**
 * A form of records that fit to the letter: their fields are taken into columns as bytes, and SQL makes the rows of
 * them that `prepare` would make, value by value. A record that does not fit is prepared, with all others of its object;
 * so a form may leave out what is rare, and never has to guess.
 */
export interface Plain {
  /** No field may be in a record that is not in here. */
  shape: PlainShape
  /** Fields that every record has. */
  required: readonly string[]
  /** The field that `time` comes from. */
  timeField: string
  /** Paths of texts that alike records share, the most telling one first. */
  clusterBy: readonly string[]
  /** The statement that makes rows: it finds `record` with a column for each field, called by its path. */
  rows: URL
}

export interface Discretion {
  /** A record without what must not be stored. */
  redact(bytes: Uint8Array): Uint8Array
  /** Whether the object's name alone says that its records are of this type: also those that cannot be read. */
  claims(context: Context): boolean
}

export type LogType = FlattenedType | PreparedType

/** Other objects that records name, by URI, expanded; undefined for one that is not there. */
export type Parts = ReadonlyMap<string, Uint8Array | undefined>

/**
 * A row by column, `unmapped` among them: what no column holds, as JSON text. A `json` column takes JSON text, a time
 * the form of `plainTime` (json/time.ts), a date `2026-01-07`; what is left out or undefined is NULL. A long text
 * that stands in the record as it is may be its bytes, in UTF-8.
 */
export type Row = { [column: string]: string | number | boolean | null | undefined | Uint8Array }

/** What a record becomes: a row, or a reason why not, as a sentence without any of its text. */
export type Prepared = { row: Row } | { rejected: string } | { skipped: string }
