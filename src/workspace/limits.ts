import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EngineLimits } from '../lib/duckdb.ts'

/** Limits as the configuration has them, for DuckDB. What does not fit into memory spills beside other temporary files. */
export function limitsOf({
  memory,
  threads,
}: {
  memory?: number | undefined
  threads?: number | undefined
}): EngineLimits {
  return { threads, memory: memoryText(memory), spill: join(tmpdir(), `loglake-spill-${randomUUID()}`) }
}

export function memoryText(bytes: number | undefined): string | undefined {
  return bytes === undefined ? undefined : `${bytes}B`
}
