import type { LakeVersion } from '../lake/version.ts'
import type { QueryEngine } from '../query/question.ts'

/** Queries one version of the lake, and returns rows as objects. */
export type Read = <Row>(sql: string) => Promise<Row[]>

/** All rows of an answer in the types of DuckDB's JSON: numbers, lists. For answers that fit into memory. */
export function readOf(queryEngine: QueryEngine, version: LakeVersion, signal?: AbortSignal): Read {
  return async <Row>(sql: string): Promise<Row[]> => {
    const answer = await queryEngine.ask(`select to_json(one)::varchar as row from (\n${sql}\n) as one`, {
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
