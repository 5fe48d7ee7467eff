/** Columns as the fields of JSON. */
import type { TableColumn, TableColumnType } from '../lake/table.ts'
import { identifier, literal } from '../lib/sql.ts'

/** SQL of a column as the field of a JSON object; null when the column is. */
export function field({ name, type }: TableColumn): string {
  return `${literal(`${JSON.stringify(name)}:`)} || ${JSON_OF[type](identifier(name))}`
}

/**
 * A number that JavaScript would round, or that JSON cannot express, becomes a text; the fraction of a time
 * is as short as possible.
 */
const JSON_OF: Record<TableColumnType, (column: string) => string> = {
  string: (column) => `to_json(${column}::varchar)`,
  json: (column) => `to_json(${column}::varchar)`,
  date: (column) => `to_json(${column}::varchar)`,
  boolean: (column) => `to_json(${column})`,
  binary: (column) => `to_json(base64(${column}))`,
  timestamptz: (column) => `to_json(${timeText(column)})`,
  long: (column) =>
    `case when ${column} between ${Number.MIN_SAFE_INTEGER} and ${Number.MAX_SAFE_INTEGER} then to_json(${column}) else to_json(${column}::varchar) end`,
  double: (column) =>
    `case when isfinite(${column}) then to_json(${column}) when isnan(${column}) then '"NaN"' when ${column} > 0 then '"Infinity"' when ${column} < 0 then '"-Infinity"' end`,
}

/** SQL of a time as text: `2026-01-07T22:16:43Z`. */
export function timeText(column: string): string {
  return `replace(make_timestamp(epoch_us(${column}))::varchar, ' ', 'T') || 'Z'`
}
