import type { Lake } from '../lake/lake.ts'
import type { LakeVersion } from '../lake/version.ts'
import type { EngineLimits, Values } from '../lib/duckdb.ts'
import { sql } from '../lib/sql.ts'
import { openQueryEngine, type QueryEngine } from '../query/question.ts'
import type { View } from '../query/view.ts'

/** Queries over one version of the lake. */
export interface Asking {
  rows<Row>(name: string, values?: Values): Promise<Row[]>
  close(): void
}

/** Prepares the queries in `sql/`. Results are numbers or texts; other types are cast in SQL. */
export async function openAsking(
  lake: Lake,
  version: LakeVersion,
  limits?: EngineLimits,
  views: readonly View[] = [],
): Promise<Asking> {
  const queryEngine: QueryEngine = await openQueryEngine(lake, {
    ...(limits ? { limits } : {}),
    views,
    unguarded: true,
  })
  return {
    async rows<Row>(name: string, values?: Values): Promise<Row[]> {
      const answer = await queryEngine.ask(sql(new URL(`./sql/${name}.sql`, import.meta.url)), {
        version,
        ...(values ? { values } : {}),
      })
      try {
        const found: Row[] = []
        for await (const row of answer.rows())
          found.push(
            Object.fromEntries(
              answer.columns.map((column, at) => {
                const value = row[at]
                return [column, typeof value === 'bigint' ? Number(value) : value]
              }),
            ) as Row,
          )
        return found
      } finally {
        answer.close()
      }
    },
    close: () => queryEngine.close(),
  }
}
