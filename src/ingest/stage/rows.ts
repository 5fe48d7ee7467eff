import type { Shape } from '../../json/shape.ts'
import { identifier, list, sql } from '../../lib/sql.ts'
import type { Column, LogType } from '../../logtypes/contract.ts'
import { leafName } from '../spool/columns-file.ts'
import type { Spool } from '../spool/contract.ts'
import { fieldsOfRows, flattening, recordColumns } from '../spool/fields.ts'

const url = (name: string) => new URL(`./sql/${name}`, import.meta.url)

/**
 * The statement that turns spool files into rows of a log type's table; it needs the engine's table `object`.
 *
 * @param conditions on the columns of the table; a row must meet them all
 */
export function rowsOf(
  type: LogType,
  spools: readonly Pick<Spool, 'file' | 'format' | 'longest'>[],
  conditions: readonly string[],
  now: Date,
): string {
  const direct = spools.filter(({ format }) => format === 'direct')
  const others = spools.filter(({ format }) => format !== 'direct')
  const parts: string[] = []
  if (others.length > 0) parts.push(partOf(recordsOf(type, others), flattening(type)))
  if (direct.length > 0) parts.push(partOf(fromColumns(direct, '*'), directRows(type)))
  return sql(url('rows.sql'), {
    flat: parts.join('\nunion all by name\n'),
    time: identifier(type.time),
    now: String(BigInt(now.getTime()) * 1000n),
    window: conditions.join(' and ') || 'true',
  })
}

function partOf(records: string, flatten: string): string {
  return sql(url('part.sql'), { records, flatten })
}

function directRows(type: LogType): string {
  const direct = type.kind === 'prepared' ? type.direct : undefined
  if (!direct) throw new Error(`${type.name}: its records have no plain form`)
  return sql(direct.rows)
}

function fromColumns(spools: readonly Pick<Spool, 'file'>[], fields: string): string {
  return sql(url('from-columns.sql'), { spool: list(spools.map(({ file }) => file)), fields })
}

/**
 * The table's columns for which no spool file has a value. A column that SQL computes from several fields is
 * never among them.
 */
export function columnsWithoutValues(
  type: LogType,
  spools: readonly Pick<Spool, 'format' | 'empty'>[],
): ReadonlySet<string> {
  // A user's SQL can compute any column from any field.
  if (type.kind === 'prepared' && type.select) return new Set()
  const isEmpty = ({ name, path }: Pick<Column, 'name' | 'path'>) =>
    spools.every(({ format, empty }) => {
      if (format === 'json') return false
      if (format === 'columns' && type.kind === 'prepared') return empty.includes(name)
      // A record with unmapped fields is spooled as JSON, or prepared.
      return path === undefined ? name === 'unmapped' : empty.includes(path)
    })
  return new Set([...type.columns, { name: 'unmapped' }].filter(isEmpty).map(({ name }) => name))
}

/** The records of spool files of either format, with the fields of the shape. */
export function recordsOf(
  type: LogType,
  spools: readonly Pick<Spool, 'file' | 'format' | 'longest'>[],
): string {
  const parts: string[] = []
  const columns = spools.filter(({ format }) => format === 'columns')
  const json = spools.filter(({ format }) => format === 'json')
  if (columns.length > 0) {
    parts.push(fromColumns(columns, recordOfColumns(type)))
  }
  if (json.length > 0) {
    parts.push(
      sql(url('from-json.sql'), {
        spool: list(json.map(({ file }) => file)),
        columns: recordColumns(type),
        largest: String(Math.max(1 << 20, ...json.map(({ longest }) => longest + 1024))),
      }),
    )
  }
  return parts.join('\nunion all by name\n')
}

/** The record, rebuilt from a spool file's columns, which are named by their leaves. */
function recordOfColumns(type: LogType): string {
  if (type.kind === 'prepared') return fieldsOfRows(type)
  const fields = Object.entries(type.shape).map(
    ([field, kind]) => `${columnValue([field], kind)} as ${identifier(field)}`,
  )
  return [...fields, 'null::varchar as lake_unmapped', 'lake_object'].join(', ')
}

function columnValue(path: readonly string[], kind: Shape[string]): string {
  if (typeof kind !== 'string') {
    const fields = Object.entries(kind).map(
      ([field, nested]) => `${identifier(field)} := ${columnValue([...path, field], nested)}`,
    )
    return `struct_pack(${fields.join(', ')})`
  }
  const column = identifier(leafName(path))
  // The cast writes JSON as DuckDB reads it, and fails on text that is not JSON.
  return kind === 'json' ? `json(${column})` : column
}
