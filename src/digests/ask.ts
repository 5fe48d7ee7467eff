import type { Lake } from '../lake/lake.ts'
import type { LakeVersion } from '../lake/version.ts'
import type { EngineLimits, Values } from '../lib/duckdb.ts'
import { sql } from '../lib/sql.ts'
import { type Desk, openDesk } from '../query/question.ts'
import type { View } from '../query/view.ts'

/** Questions of ours to one version of the lake. */
export interface Asking {
  rows<Row>(name: string, values?: Values): Promise<Row[]>
  close(): void
}

/** Opens the questions in `sql/`; numbers come as numbers, texts as texts, and what is neither was cast in SQL. */
export async function openAsking(
  lake: Lake,
  version: LakeVersion,
  limits?: EngineLimits,
  views: readonly View[] = [],
): Promise<Asking> {
  const desk: Desk = await openDesk(lake, { ...(limits ? { limits } : {}), views, unguarded: true })
  return {
    async rows<Row>(name: string, values?: Values): Promise<Row[]> {
      const answer = await desk.ask(sql(new URL(`./sql/${name}.sql`, import.meta.url)), {
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
    close: () => desk.close(),
  }
}
