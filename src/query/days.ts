import { DAY, holds, type TableDefinition } from '../lake/table.ts'
import { identifier } from '../lib/sql.ts'
import type { Answer } from './answer.ts'
import { valueText } from './values.ts'

/** Records of a table on one day, in one account and Region; null where its log does not give one. */
export interface DayCount {
  table: string
  day: string | null
  account: string | null
  region: string | null
  records: number
}

/**
 * Counts the records of tables by day, account and Region; only these three columns of their files are read.
 */
export async function* dayCounts(
  tables: readonly TableDefinition[],
  ask: (question: string) => Promise<Answer>,
): AsyncGenerator<DayCount> {
  for (const table of tables) {
    const answer = await ask(questionOf(table))
    try {
      for await (const row of answer.rows()) {
        const [day, account, region, records] = row.map((value) => (value === null ? null : valueText(value)))
        yield {
          ...{ table: table.name, records: Number(records) },
          ...{ day: day ?? null, account: account ?? null, region: region ?? null },
        }
      }
    } finally {
      answer.close()
    }
  }
}

function questionOf({ name, columns }: TableDefinition): string {
  const holding = (what: string) => {
    const column = columns.find((one) => holds(one, what))
    return `${column ? identifier(column.name) : 'null::varchar'} as ${what}`
  }
  return `select ${DAY} as day, ${holding('account')}, ${holding('region')}, count(*) from ${identifier(name)} group by all order by all`
}
