import { type EngineLimits, openEngine } from '../lib/duckdb.ts'
import { identifier, literal, sql } from '../lib/sql.ts'
import type { Answer } from './answer.ts'

/**
 * Writes an answer as one Parquet file (zstd), with DuckDB's column types. A separate engine writes it,
 * because the answering engine may not write. Data beyond its memory limit spills to disk.
 *
 * @returns the number of rows
 */
export async function writeParquetFile(
  { columns, types, chunks }: Pick<Answer, 'columns' | 'types' | 'chunks'>,
  file: string,
  limits: EngineLimits = {},
): Promise<number> {
  const engine = await openEngine(limits)
  try {
    const fields = columns.map((name, at) => `${identifier(name)} ${String(types[at])}`)
    await engine.run(`create table answer (${fields.join(', ')})`)
    const appender = await engine.connection.createAppender('answer')
    let rows = 0
    for await (const chunk of chunks()) {
      appender.appendDataChunk(chunk)
      rows += chunk.rowCount
    }
    appender.closeSync()
    await engine.copy(sql(new URL('./sql/parquet-file.sql', import.meta.url), { file: literal(file) }))
    return rows
  } finally {
    engine.close()
  }
}
