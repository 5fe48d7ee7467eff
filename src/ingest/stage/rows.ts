import type { Shape } from '../../json/shape.ts'
import { identifier, list, sql } from '../../lib/sql.ts'
import type { Column, LogType } from '../../logtypes/contract.ts'
import { leafName } from '../spool/columns-file.ts'
import type { Spool } from '../spool/contract.ts'
import { fieldsOfRows, flattening, recordColumns } from '../spool/fields.ts'

const url = (name: string) => new URL(`./sql/${name}`, import.meta.url)

/**
 * The statement that makes rows of a log type's table out of spool files; it wants the engine's table `object`.
 *
 * @param conditions on the columns of the table; a row must meet them all
 */
export function rowsOf(
  type: LogType,
  spools: readonly Pick<Spool, 'file' | 'format' | 'longest'>[],
  conditions: readonly string[],
  now: Date,
): string {
  const plain = spools.filter(({ format }) => format === 'plain')
  const others = spools.filter(({ format }) => format !== 'plain')
  const parts: string[] = []
  if (others.length > 0) parts.push(partOf(recordsOf(type, others), flattening(type)))
  if (plain.length > 0) parts.push(partOf(fromColumns(plain, '*'), plainRows(type)))
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

function plainRows(type: LogType): string {
  const plain = type.kind === 'prepared' ? type.plain : undefined
  if (!plain) throw new Error(`${type.name}: its records have no plain form`)
  return sql(plain.rows)
}

function fromColumns(spools: readonly Pick<Spool, 'file'>[], fields: string): string {
  return sql(url('from-columns.sql'), { spool: list(spools.map(({ file }) => file)), fields })
}

/**
 * The table's columns that none of the spool files has a value for. What SQL works out of others, and not out of one field,
 * is not among them.
 */
export function columnsWithoutValues(
  type: LogType,
  spools: readonly Pick<Spool, 'format' | 'empty'>[],
): ReadonlySet<string> {
  // A user's SQL may make anything of anything.
  if (type.kind === 'prepared' && type.select) return new Set()
  const isEmpty = ({ name, path }: Pick<Column, 'name' | 'path'>) =>
    spools.every(({ format, empty }) => {
      if (format === 'json') return false
      if (format === 'columns' && type.kind === 'prepared') return empty.includes(name)
      // What has something unmapped is spooled as JSON, or prepared.
      return path === undefined ? name === 'unmapped' : empty.includes(path)
    })
  return new Set([...type.columns, { name: 'unmapped' }].filter(isEmpty).map(({ name }) => name))
}

/** The records of spool files, with the shape's fields, whichever way they were spooled. */
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

/** The same record from the columns of a spool file, which have the names of their leaves. */
function recordOfColumns(type: LogType): string {
  if (type.kind === 'prepared') return fieldsOfRows(type)
  const fields = Object.entries(type.shape).map(
    ([field, kind]) => `${columnValue([field], kind)} as ${identifier(field)}`,
  )
  return [...fields, 'null::json as lake_unmapped', 'lake_object'].join(', ')
}

function columnValue(path: readonly string[], kind: Shape[string]): string {
  if (typeof kind !== 'string') {
    const fields = Object.entries(kind).map(
      ([field, nested]) => `${identifier(field)} := ${columnValue([...path, field], nested)}`,
    )
    return `struct_pack(${fields.join(', ')})`
  }
  const column = identifier(leafName(path))
  // As DuckDB writes JSON that it reads; it refuses what is none.
  return kind === 'json' ? `json(${column})` : column
}
