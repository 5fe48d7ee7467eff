import type { DuckDBValue } from '@duckdb/node-api'
import { type Question, question } from '../../detect/ask.ts'
import { followerViews } from '../../followers/index.ts'
import type { Lake } from '../../lake/lake.ts'
import type { EngineLimits, Values } from '../../lib/duckdb.ts'
import { ask } from '../../query/question.ts'

/** The whole answer to a question about findings. */
export async function findingsAnswer(
  lake: Lake,
  name: Question,
  values: Values,
  limits: EngineLimits,
): Promise<{ columns: string[]; rows: DuckDBValue[][] }> {
  return await answered(lake, question(name), values, limits)
}

export async function answered(
  lake: Lake,
  sql: string,
  values: Values,
  limits: EngineLimits,
): Promise<{ columns: string[]; rows: DuckDBValue[][] }> {
  const answer = await ask(lake, sql, { views: followerViews(), values, limits })
  try {
    const rows: DuckDBValue[][] = []
    for await (const row of answer.rows()) rows.push(row)
    return { columns: answer.columns, rows }
  } finally {
    answer.close()
  }
}
