import type { DuckDBValue } from '@duckdb/node-api'
import type { Engine } from '../lib/duckdb.ts'

/** The rows of a query, a chunk at a time, on a separate connection, so that others can query meanwhile. */
export async function* rowsOf(
  engine: Engine,
  sql: string,
  signal: AbortSignal,
): AsyncGenerator<readonly DuckDBValue[]> {
  const own = await engine.beside()
  try {
    const result = await own.stream(sql)
    for await (const chunk of result.chunks()) {
      signal.throwIfAborted()
      yield* chunk.getRows()
    }
  } finally {
    own.close()
  }
}

export function textOf(value: DuckDBValue | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** SQL: a time in the form of candidates. */
export function isoTime(column: string): string {
  return `strftime(${column}, '%Y-%m-%dT%H:%M:%S.%fZ')`
}
