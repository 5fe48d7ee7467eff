import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { QuestionLimits } from '../query/question.ts'

/**
 * Limits for DuckDB, from the configuration. Data that does not fit into memory is spilled to the folder for
 * temporary files.
 */
export function limitsOf({
  memory,
  threads,
  seconds,
}: {
  memory?: number | undefined
  threads?: number | undefined
  seconds?: number | undefined
}): QuestionLimits {
  return {
    threads,
    seconds,
    memory: memoryText(memory),
    spill: join(tmpdir(), `loglake-spill-${randomUUID()}`),
  }
}

export function memoryText(bytes: number | undefined): string | undefined {
  return bytes === undefined ? undefined : `${bytes}B`
}
