import { sql } from '../../lib/sql.ts'
import type { Context } from '../context.ts'
import type { Answer } from '../contract.ts'
import { everybodyWithRows } from '../rights.ts'

/** The span of time that has events; empty for readers who see no rows of logs. */
export async function extentOf(_: unknown, context: Context): Promise<Answer> {
  const nothing = { first: null, last: null, has: [] }
  const [found] = everybodyWithRows(context.reader)
    ? await context.objects<{ first: string | null; last: string | null; has: string[] }>(
        sql(new URL('../sql/extent.sql', import.meta.url)),
      )
    : [nothing]
  return { kind: 'json', value: { version: context.version.number, ...(found ?? nothing) } }
}
