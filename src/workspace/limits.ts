import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { QuestionLimits } from '../query/question.ts'

/** Limits as the configuration has them, for DuckDB. What does not fit into memory spills beside other temporary files. */
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
