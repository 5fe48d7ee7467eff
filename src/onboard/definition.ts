import type { ColumnType, Holds, TextRole } from '../logtypes/contract.ts'

/**
 * A user's log type as its folder defines it: plain data, which can be sent to worker threads. `logtype.ts`
 * makes a log type of it.
 */
export interface Definition {
  name: string
  doc: string
  /** The path of `logtype.yaml`, relative to the working directory. */
  file: string
  recognise: Recognise
  /** The only envelope that its records come in; any by default. */
  envelope?: EnvelopeName
  /** The field of a document that holds an array of records. */
  records?: Path
  columns: DefinedColumn[]
  /** The column with the record's id. */
  id: string
  /** The columns, or the whole record, whose hash is the id, when no field holds an id. */
  idOf?: 'record' | string[]
  time: string
  sort: string[]
  sensitive: Sensitive[]
  select?: Select
}

/** The names of nested fields, from the top of the record. */
export type Path = string[]

/** Conditions that a record must all meet. */
export interface Recognise {
  /** Fields that the record has. */
  fields: Path[]
  /** Fields that have one of some values. */
  values: { path: Path; any: (string | number | boolean)[] }[]
  /** Patterns of object names. */
  key: string[]
  /** Patterns of log groups. */
  logGroups: string[]
}

/** `cloudwatch-logs`: an event of a log group. `file`: a record stored directly in an object. */
export const ENVELOPES = ['file', 'cloudwatch-logs'] as const
export type EnvelopeName = (typeof ENVELOPES)[number]

/** The types that a column can have. */
export const COLUMN_TYPES = [
  'string',
  'boolean',
  'long',
  'double',
  'timestamptz',
  'date',
  'json',
] as const satisfies readonly ColumnType[]

export interface DefinedColumn {
  name: string
  type: (typeof COLUMN_TYPES)[number]
  doc: string
  /** The field that fills it. */
  path?: Path
  /** The metadata that fills it, when no field does. */
  from?: Way
  /** The form of a time. */
  form?: TimeForm
  /** The kinds of its values, and the role under which scanners read them. */
  holds?: Holds[]
  text?: TextRole
  /** The line of `logtype.yaml` that defines it. */
  line: number
}

/** Metadata of a record: its CloudWatch Logs event, its object. */
export const WAYS = ['log_group', 'log_stream', 'log_owner', 'log_event_id', 'log_timestamp'] as const
export type Way = (typeof WAYS)[number]

/**
 * `iso-utc` is ISO 8601 without a zone, which means UTC; the epochs count from 1970, as a number or as text.
 */
export const TIME_FORMS = [
  'iso',
  'iso-utc',
  'epoch-seconds',
  'epoch-milliseconds',
  'epoch-microseconds',
  'epoch-nanoseconds',
] as const
export type TimeForm = (typeof TIME_FORMS)[number]

/** The treatment of a field that must not be stored in the clear. */
export interface Sensitive {
  /** `*` stands for every element of an array, or every field of an object. */
  path: Path
  store: Store
}

/**
 * Nothing; `***`, which shows that there was a value; or a keyed hash, which is the same for the same value.
 */
export const STORES = ['nothing', 'mask', 'hash'] as const
export type Store = (typeof STORES)[number]

/** The user's SQL. */
export interface Select {
  file: string
  text: string
}

/** Names of the columns that loglake adds to every log type. */
export const ADDED_COLUMNS = ['unmapped', 'lake_day', 'lake_object', 'lake_ingested_at']
