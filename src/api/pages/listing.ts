import type { Values } from '../../lib/duckdb.ts'
import { jsonText, plainValue } from '../../query/values.ts'
import type { Context } from '../context.ts'
import type { Answer, OpenRows } from '../contract.ts'
import { raw } from '../seen.ts'
import { numberAfter } from './cursors.ts'

/** A list: its last column is the number of all its rows, `$max` and `$before` are the rows wanted. */
export interface Listing {
  sql: string
  values: Exclude<Values, unknown[]>
}

interface Page {
  after?: string | undefined
  limit: number
}

/** As many rows as a `bigint` of DuckDB can name. */
const ALL = 2n ** 62n

/** One page of a list, each row by its columns. */
export async function pageOf(list: Listing, { after, limit }: Page, context: Context): Promise<Answer> {
  const before = numberAfter(after)
  const values = { ...list.values, max: BigInt(limit), before: BigInt(before) }
  const { lines, total } = await context.ask(
    list.sql,
    async ({ columns, rows }) => {
      const lines: string[] = []
      let total = 0
      for await (const row of rows()) {
        const members = columns.slice(0, -1).map((name, at) => [name, plainValue(row[at] ?? null)])
        lines.push(jsonText(Object.fromEntries(members)))
        total = Number(row.at(-1))
      }
      return { lines, total }
    },
    { values },
  )
  return {
    kind: 'json',
    seen: { rows: lines.length },
    value: {
      version: context.version.number,
      rows: raw(`[${lines.join(',')}]`),
      total,
      next: before + lines.length < total ? String(before + lines.length) : null,
    },
  }
}

/** The same list as open rows, for the command line: all of it without a limit. */
export async function openListOf(
  { sql, values }: Listing,
  limit: number | undefined,
  { open }: Context,
): Promise<OpenRows> {
  const max = limit === undefined ? ALL : BigInt(limit)
  return { kind: 'rows', rows: await open(sql, { values: { ...values, max, before: 0n } }) }
}
