/**
 * A row as text, in pieces: SQL makes the text of all short values, and values of wide columns come as they
 * are. As text they would be copied several times, for 2,048 rows at once, and `to_json` takes six times
 * their length.
 */
import type { DuckDBDataChunk, DuckDBValue } from '@duckdb/node-api'
import type { TableColumn } from '../lake/table.ts'
import { identifier } from '../lib/sql.ts'
import { field } from './row-fields.ts'

/** Neighbouring columns as one text of fields, or one wide column. */
export type Piece = { kind: 'fields'; fields: readonly TableColumn[] } | { kind: 'wide'; column: string }

export function piecesOf(columns: readonly TableColumn[], wide: ReadonlySet<string>): Piece[] {
  const pieces: Piece[] = []
  let fields: TableColumn[] = []
  const end = () => {
    if (fields.length > 0) pieces.push({ kind: 'fields', fields })
    fields = []
  }
  for (const column of columns) {
    if (!wide.has(column.name)) {
      fields.push(column)
      continue
    }
    end()
    pieces.push({ kind: 'wide', column: column.name })
  }
  end()
  return pieces
}

export function pieceSql(piece: Piece): string {
  if (piece.kind === 'wide') return `${identifier(piece.column)}::varchar`
  return `concat_ws(',',\n  ${piece.fields.map(field).join(',\n  ')}\n  )`
}

export interface ReadRow {
  /** A JSON object. */
  text: string
  /** Of the columns behind the pieces. */
  values: DuckDBValue[]
}

/**
 * Rows converted to JavaScript at once: with a whole DuckDB chunk, most would survive a garbage collection
 * and be moved by it.
 */
export const AT_ONCE = 256
export const WIDE_AT_ONCE = 32

/** A row comes as JSON text: decoding it takes a fifth of the time of reading its columns one by one. */
export function* rowsIn(
  chunk: DuckDBDataChunk,
  pieces: readonly Piece[],
  more: number,
  atOnce: number,
): Generator<ReadRow[]> {
  const columns = Array.from({ length: pieces.length + more }, (_, at) => chunk.getColumnVector(at))
  const valueAt = (column: number, row: number) => columns[column]?.getItem(row) as DuckDBValue
  for (let from = 0; from < chunk.rowCount; from += atOnce) {
    const count = Math.min(atOnce, chunk.rowCount - from)
    yield Array.from({ length: count }, (_, at) => ({
      text: textOf(pieces, (piece) => valueAt(piece, from + at)),
      values: Array.from({ length: more }, (_, one) => valueAt(pieces.length + one, from + at)),
    }))
  }
}

function textOf(pieces: readonly Piece[], valueIn: (piece: number) => DuckDBValue): string {
  const parts: string[] = []
  for (const [at, piece] of pieces.entries()) {
    const value = valueIn(at)
    if (value === null || value === '') {
      // An empty text is a value; no fields are none.
      if (value === '' && piece.kind === 'wide') parts.push(`${JSON.stringify(piece.column)}:""`)
    } else if (piece.kind === 'wide') parts.push(`${JSON.stringify(piece.column)}:${JSON.stringify(value)}`)
    else parts.push(String(value))
  }
  return `{${parts.join(',')}}`
}
