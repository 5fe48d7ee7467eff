import type { DuckDBDataChunk, DuckDBType, DuckDBValue } from '@duckdb/node-api'
import type { Engine, Streamed } from '../lib/duckdb.ts'
import { nameFields } from './unnamed.ts'

/** A running answer: its column names at once, its rows as DuckDB yields them. */
export interface Answer {
  columns: string[]
  types: DuckDBType[]
  /** The question selects all columns (`*`). */
  everything: boolean
  rows(): AsyncGenerator<DuckDBValue[]>
  /** The same rows as DuckDB's chunks, for a writer that works by columns. */
  chunks(): AsyncGenerator<DuckDBDataChunk>
  /** Data files that the question needed, and all files of its tables. */
  files: { read: number; all: number }
  /** Tables that a limit of the scope does not reach, as in `ledger has no account`. */
  unlimited?: readonly string[]
  /** The catalog version that answered. */
  version: number
  close(): void
}

/** An answer of an engine without a lake: it names no files and no version. */
export async function answerFrom(engine: Engine, select: string, close: () => void): Promise<Answer> {
  const result = await engine.stream(select)
  const blame = (thrown: unknown): Promise<never> => Promise.reject(thrown)
  return {
    columns: result.names,
    types: result.types,
    everything: false,
    rows: () => rowsOf(result, blame),
    chunks: () => chunksOf(result, blame),
    files: { read: 0, all: 0 },
    version: 0,
    close,
  }
}

export async function* chunksOf(
  result: Streamed,
  blame: (thrown: unknown) => Promise<never>,
): AsyncGenerator<DuckDBDataChunk> {
  const chunks = result.chunks()
  try {
    for (;;) {
      const { value: chunk, done } = await chunks.next().catch(blame)
      if (done) return
      nameFields(chunk)
      yield chunk
    }
  } finally {
    await chunks.return(undefined)
  }
}

export async function* rowsOf(
  result: Streamed,
  blame: (thrown: unknown) => Promise<never>,
): AsyncGenerator<DuckDBValue[]> {
  for await (const chunk of chunksOf(result, blame)) yield* chunk.getRows()
}
