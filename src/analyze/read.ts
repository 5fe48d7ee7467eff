import type { LakeVersion } from '../lake/version.ts'
import type { Desk } from '../query/question.ts'

/** Asks one version of the lake, and answers with rows as objects. */
export type Read = <Row>(sql: string) => Promise<Row[]>

/** All rows of an answer as DuckDB's JSON has them: numbers are numbers, lists are lists. For answers that fit into memory. */
export function readOf(desk: Desk, version: LakeVersion, signal?: AbortSignal): Read {
  return async <Row>(sql: string): Promise<Row[]> => {
    const answer = await desk.ask(`select to_json(one)::varchar as row from (\n${sql}\n) as one`, {
      version,
      ...(signal ? { signal } : {}),
    })
    try {
      const rows: Row[] = []
      for await (const [text] of answer.rows()) rows.push(JSON.parse(String(text)) as Row)
      return rows
    } finally {
      answer.close()
    }
  }
}
