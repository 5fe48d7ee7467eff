import type { Shape } from '../../json/shape.ts'
import { identifier, literal, sql } from '../../lib/sql.ts'
import type { Column, LogType, PreparedType } from '../../logtypes/contract.ts'

/** The columns that DuckDB reads from a log type's spooled records, as in `{"eventName": 'VARCHAR'}`. */
export function recordColumns(type: LogType): string {
  const fields = type.kind === 'prepared' ? preparedFields(type) : deliveredFields(type.shape)
  return `{${fields.join(', ')}, "lake_object": 'INTEGER'}`
}

/** The statement that turns a log type's spooled records into rows. */
export function flattening(type: LogType): string {
  if (type.kind === 'flattened') return sql(type.flatten)
  const selected = ownColumns(type).map(({ name, type: kind }) => {
    const column = identifier(name)
    if (kind === 'timestamptz') return `make_timestamptz(epoch_us(${column})) as ${column}`
    return type.select ? `${column}::${PREPARED[kind]} as ${column}` : column
  })
  const chosen = { columns: selected.join(', ') }
  if (!type.select) return sql(new URL('./sql/prepared.sql', import.meta.url), chosen)
  return sql(new URL('./sql/selected.sql', import.meta.url), {
    ...chosen,
    select: type.select.text,
    time: identifier(type.time),
  })
}

/**
 * Scalars are read as text, so that a value of an undocumented type does not fail the record; what is
 * unmapped is a text, too, since reading it as JSON would round its numbers.
 */
function deliveredFields(shape: Shape): string[] {
  return Object.entries({ ...shape, lake_unmapped: 'string' as const }).map(
    ([field, kind]) => `${identifier(field)}: ${literal(typeOf(kind))}`,
  )
}

function typeOf(kind: Shape[string]): string {
  // Times have one form by now; TIMESTAMP reads it without the calendar of a time zone.
  if (typeof kind === 'string') return kind === 'json' ? 'JSON' : kind === 'time' ? 'TIMESTAMP' : 'VARCHAR'
  return `STRUCT(${Object.entries(kind)
    .map(([field, nested]) => `${identifier(field)} ${typeOf(nested)}`)
    .join(', ')})`
}

/** The columns of a prepared row, without those that a user's SQL adds. */
export function rowColumns(type: LogType): readonly Pick<Column, 'name' | 'type'>[] {
  const columns = ownColumns(type)
  const derived = type.kind === 'prepared' && type.select ? type.derived : undefined
  return columns.filter(({ name }) => !derived?.includes(name))
}

function ownColumns(type: LogType): readonly Pick<Column, 'name' | 'type'>[] {
  return [...type.columns, { name: 'unmapped', type: 'json' }]
}

/** The columns of prepared rows in a spool file: texts, doubles and times. */
export function fieldsOfRows(type: LogType): string {
  const fields = rowColumns(type).map(({ name, type: kind }) => {
    const column = identifier(name)
    const isAsItIs = kind === 'timestamptz' || PREPARED[kind] === 'VARCHAR'
    return isAsItIs ? column : `${column}::${PREPARED[kind]} as ${column}`
  })
  return [...fields, 'lake_object'].join(', ')
}

/** The columns of a prepared row as JSON; a JSON value is a text in it. */
function preparedFields(type: LogType): string[] {
  return rowColumns(type).map(({ name, type: kind }) => `${identifier(name)}: ${literal(PREPARED[kind])}`)
}

/** The columns of `record` in a user's SQL, as in `"eventname" VARCHAR`. */
export function recordTable(type: PreparedType): string {
  const columns = rowColumns(type).map(({ name, type: kind }) => `${identifier(name)} ${PREPARED[kind]}`)
  return [...columns, '"lake_object" VARCHAR'].join(', ')
}

const PREPARED: Record<Column['type'], string> = {
  string: 'VARCHAR',
  json: 'VARCHAR',
  boolean: 'BOOLEAN',
  long: 'BIGINT',
  double: 'DOUBLE',
  timestamptz: 'TIMESTAMP',
  date: 'DATE',
  binary: 'BLOB',
}
