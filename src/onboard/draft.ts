import { stringify } from 'yaml'
import type { Delivery } from '../envelopes/contract.ts'
import { deliveryOf } from '../envelopes/delivery.ts'
import { expand } from '../envelopes/gzip.ts'
import { unwrap } from '../envelopes/index.ts'
import { unwrapped, wrappers } from '../envelopes/wrappers.ts'
import { elements } from '../json/bytes.ts'
import { isObject, type JsonObject, type JsonValue } from '../json/values.ts'
import { UserError } from '../lib/errors.ts'
import { logTypes } from '../logtypes/index.ts'
import { NAME } from './check.ts'
import { COLUMN_TYPES, TIME_FORMS, type TimeForm } from './definition.ts'
import { parseTimestamp } from './timestamp.ts'
import { SQL_WORDS } from './words.ts'

/** 256 MiB of a sample are read. */
const MAX_BYTES = 256 << 20
const MAX_RECORDS = 1000
const DEEPEST = 4

/**
 * Drafts a `logtype.yaml` from the records of a sample object: a column for every field, with its likely
 * type, the time and the id.
 */
export function draft(name: string, bytes: Uint8Array, uri: string): string {
  if (!NAME.test(name))
    throw new UserError(
      `the folder's name is the table's: small letters, digits and _ are wanted, not ${name}`,
    )
  const deliveries = recordsOf(bytes, uri)
  const known = deliveries.find((delivery) =>
    logTypes.some((type) => type.name !== 'cloudwatch_log' && type.recognise(delivery)),
  )
  if (known) {
    const type = logTypes.find((candidate) => candidate.recognise(known))
    throw new UserError(`${uri} holds records of ${type?.name}, which loglake has a table for`)
  }
  let records = deliveries.flatMap(({ record }): JsonObject[] => (record ? [record] : []))
  const list = arrayOf(records)
  if (list) records = records.flatMap((record) => (record[list] as JsonValue[]).filter(isObject))
  records = records.slice(0, MAX_RECORDS)
  if (records.length === 0)
    throw new UserError(`${uri} holds no JSON objects: a log type is made of such records`)

  const fields = fieldsOf(records)
  const times = fields.filter(({ type }) => type === 'timestamptz')
  // An id may be made of a time: it is the record's time only where nothing else is.
  const time = times.toSorted(
    (one, other) => Number(isNamedId(one.path)) - Number(isNamedId(other.path)) || other.count - one.count,
  )[0]
  if (!time) throw new UserError(`no field of the records in ${uri} is a time: a log type needs one`)
  const id = fields.find(
    (field) => field.unique && field.always && ID_TYPES.has(field.type) && isId(field.path),
  )
  const logGroup = deliveries.find(({ context }) => context.cloudwatch)?.context.cloudwatch?.logGroup
  const top = [...new Set(fields.filter(({ always }) => always).map(({ path }) => path))].slice(0, 4)
  // `id` is the column of the hash.
  const nameOf = (path: readonly string[]) =>
    id === undefined && columnName(path) === 'id' ? 'f_id' : columnName(path)
  const definition = {
    name,
    doc: `One row per ${name.replaceAll('_', ' ')} record.`,
    recognise: { fields: top.map(written), ...(logGroup === undefined ? {} : { log_group: logGroup }) },
    ...(list === undefined ? {} : { records: written([list]) }),
    time: nameOf(time.path),
    id: id ? columnName(id.path) : { hash: 'record' },
    columns: fields.map(({ path, type, form }) => ({
      name: nameOf(path),
      type,
      ...(form && form !== 'iso' ? { form } : {}),
      doc: 'What it means.',
      path: written(path),
    })),
    sensitive: [],
  }
  return `${HEAD}${stringify(definition, { lineWidth: 110 })}`
}

/**
 * Whether a field is named as the record's own id, rather than as that of a person or a conversation, which
 * may appear once in each record of a short sample, and twice in the next.
 */
function isId(path: readonly string[]): boolean {
  const field = path.at(-1) ?? ''
  return (
    isNamedId(path) &&
    !path.slice(0, -1).some((above) => ACTOR.test(above)) &&
    !ACTOR.test(field.replace(/[_.-]?(id|uuid|guid)$/i, ''))
  )
}

function isNamedId(path: readonly string[]): boolean {
  return /(^|[_.-])(id|uuid|guid)$|Id$|ID$/.test(path.at(-1) ?? '')
}

/** The types that `id` of a definition takes, of those that a draft gives. */
const ID_TYPES: ReadonlySet<string> = new Set(['string', 'long'])

/**
 * `user`, `userIdentity`, `requested_by`, `accountOwner`, `conversation`: what several records may be about.
 */
const ACTOR =
  /(user|identity|actor|principal|account|caller|subject|member|owner|person|customer|tenant|client|device|session|agent|role|(^|_)by|[a-z]By|conversation|thread|chat|trace|correlation|parent|group|organi[sz]ation|(^|_)org|[a-z]Org|team|project|resource|host|instance)$/i

const HEAD = `# A draft: give each column its sentence, take out columns of no use, and name under \`sensitive\` what must not be
# stored in the clear. Types: ${COLUMN_TYPES.join(', ')}. A field without a column goes to \`unmapped\`.
`

function recordsOf(bytes: Uint8Array, uri: string): Delivery[] {
  const context = { uri, writtenMs: 0 }
  const expanded = expand(bytes, { maxBytes: MAX_BYTES })
  if (!expanded.ok) throw new UserError(`${uri}: ${expanded.reason}`)
  const opened = unwrap(expanded.bytes, context)
  if (opened.kind === 'rejected' || opened.kind === 'skipped') throw new UserError(`${uri}: ${opened.reason}`)
  if (opened.kind === 'texts') return opened.texts
  const list = elements(opened.records, 0).spans.slice(0, MAX_RECORDS)
  return list.flatMap(({ start, end }) => {
    try {
      return unwrapped(deliveryOf(opened.records.subarray(start, end), context), wrappers).filter(
        (one) => one.closed?.kind !== 'skipped',
      )
    } catch {
      return []
    }
  })
}

/**
 * The one field of the documents that holds an array of objects, when the documents themselves are not
 * records.
 */
function arrayOf(documents: readonly JsonObject[]): string | undefined {
  const lists = documents.map((document) =>
    Object.keys(document).filter((field) => {
      const value = document[field]
      return Array.isArray(value) && value.length > 0 && value.every(isObject)
    }),
  )
  const [only] = lists[0] ?? []
  const small = documents.every((document) => Object.keys(document).length <= 3)
  return only !== undefined && small && lists.every((fields) => fields.length === 1 && fields[0] === only)
    ? only
    : undefined
}

interface Field {
  path: string[]
  type: (typeof COLUMN_TYPES)[number]
  form?: TimeForm
  /** Number of records that have it. */
  count: number
  always: boolean
  unique: boolean
}

function fieldsOf(records: readonly JsonObject[]): Field[] {
  const found = new Map<string, { path: string[]; values: JsonValue[] }>()
  const gather = (object: JsonObject, above: string[]) => {
    for (const [key, value] of Object.entries(object)) {
      const path = [...above, key]
      if (isObject(value) && path.length < DEEPEST && Object.keys(value).length > 0) {
        gather(value, path)
        continue
      }
      const field = found.get(JSON.stringify(path)) ?? { path, values: [] }
      found.set(JSON.stringify(path), field)
      if (value !== null) field.values.push(value)
    }
  }
  for (const record of records) gather(record, [])
  // A field that is an object in one record and a value in another is kept as a whole.
  const paths = [...found.values()].map(({ path }) => path)
  const within = (inner: string[], outer: string[]) =>
    outer.length < inner.length && outer.every((field, at) => field === inner[at])
  const named = new Set<string>()
  return [...found.values()].flatMap(({ path, values }) => {
    if (paths.some((outer) => within(path, outer)) || named.has(columnName(path))) return []
    named.add(columnName(path))
    const whole = paths.some((inner) => within(inner, path))
    const always = values.length === records.length
    // With a single record, uniqueness cannot be judged.
    const unique = records.length > 1 && new Set(values.map(String)).size === records.length
    return [
      {
        path,
        ...(whole ? { type: 'json' as const } : typeOf(path, values)),
        count: values.length,
        always,
        unique,
      },
    ]
  })
}

function typeOf(path: readonly string[], values: readonly JsonValue[]): Pick<Field, 'type' | 'form'> {
  const all = (holds: (value: JsonValue) => boolean) => values.length > 0 && values.every(holds)
  const form = TIME_FORMS.find((one) => all((value) => isTime(path.at(-1) ?? '', value, one)))
  if (form) return { type: 'timestamptz', form }
  if (all((value) => typeof value === 'boolean')) return { type: 'boolean' }
  if (all((value) => Number.isSafeInteger(value))) return { type: 'long' }
  // A whole number with more digits than a double has is an id: a text keeps them all.
  if (all((value) => Number.isInteger(value))) return { type: 'string' }
  if (all((value) => typeof value === 'number')) return { type: 'double' }
  return { type: values.some((value) => typeof value === 'object') ? 'json' : 'string' }
}

/**
 * A text is a time when it parses as one; a number, when its field's name says so and its year is a recent
 * one.
 */
function isTime(name: string, value: JsonValue, form: TimeForm): boolean {
  if (typeof value !== 'string' && typeof value !== 'number') return false
  const plain = parseTimestamp(String(value), form)?.plain
  if (plain === undefined) return false
  if (form.startsWith('iso')) return typeof value === 'string'
  const year = Number(plain.slice(0, 4))
  // A number that an id is made of stays a number: `updateId` is no date.
  if (isNamedId([name])) return false
  return /time|date|(^|_)ts$|(_|^)at$|At$|nano|milli/i.test(name) && year >= 2001 && year <= 2099
}

/** `user.homeRegion` → `user_homeregion` */
function columnName(path: readonly string[]): string {
  const name = path
    .join('_')
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '_')
    .slice(0, 60)
  if (!/^[a-z]/.test(name)) return `f_${name}`
  return SQL_WORDS.has(name) || /^(unmapped$|lake_)/.test(name) ? `f_${name}` : name
}

function written(path: readonly string[]): string | string[] {
  return path.some((field) => field.includes('.') || field === '') ? [...path] : path.join('.')
}
