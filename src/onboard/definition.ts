import type { ColumnType, Holds, TextRole } from '../logtypes/contract.ts'

/**
 * A log type of the user's own as its folder says it: plain data, so that it can be sent to the threads that open
 * objects. `logtype.ts` makes a log type of it.
 */
export interface Definition {
  name: string
  doc: string
  /** The `logtype.yaml`, as a person would name it from here. */
  file: string
  recognise: Recognise
  /** The only way its records come; any by default. */
  envelope?: EnvelopeName
  /** The field of a document that holds an array of records. */
  records?: Path
  columns: DefinedColumn[]
  /** The column with the record's id. */
  id: string
  /** What the id is worked out of, when no field holds it. */
  idOf?: 'record' | string[]
  time: string
  sort: string[]
  sensitive: Sensitive[]
  select?: Select
}

/** Fields from the record's top down. */
export type Path = string[]

/** All that is given must be so. */
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

/** `cloudwatch-logs`: an event of a log group. `file`: a record that lies in an object as it is. */
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
  /** The field it comes from. */
  path?: Path
  /** What it is told by the way that the record came, when no field holds it. */
  from?: Way
  /** How a time is written. */
  form?: TimeForm
  /** What its values are, and the role in which scanners read them. */
  holds?: Holds[]
  text?: TextRole
  /** The line of `logtype.yaml` that says so. */
  line: number
}

/** What the way of a record tells: the CloudWatch Logs event that it was, the object that it came in. */
export const WAYS = ['log_group', 'log_stream', 'log_owner', 'log_event_id', 'log_timestamp'] as const
export type Way = (typeof WAYS)[number]

/** `iso-utc` is ISO 8601 without a zone, which is UTC; the epochs are counted from 1970, as a number or as text. */
export const TIME_FORMS = [
  'iso',
  'iso-utc',
  'epoch-seconds',
  'epoch-milliseconds',
  'epoch-microseconds',
  'epoch-nanoseconds',
] as const
export type TimeForm = (typeof TIME_FORMS)[number]

/** What of the record is stored of a field that must not be stored in the clear. */
export interface Sensitive {
  /** `*` stands for every element of an array, or every field of an object. */
  path: Path
  store: Store
}

/** Nothing at all; `***`, so that it is seen that there was something; or a keyed hash, the same for the same value. */
export const STORES = ['nothing', 'mask', 'hash'] as const
export type Store = (typeof STORES)[number]

/** The user's SQL. */
export interface Select {
  file: string
  text: string
}

/** Names of the columns that loglake adds to every log type. */
export const ADDED_COLUMNS = ['unmapped', 'lake_day', 'lake_object', 'lake_ingested_at']
