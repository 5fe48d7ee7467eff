import { sql } from '../../lib/sql.ts'
import type { Context } from '../context.ts'
import type { Answer } from '../contract.ts'
import { everybodyWithRows } from '../rights.ts'

/** The span that has events, for those who see rows of logs; others are told nothing of them. */
export async function extentOf(_: unknown, context: Context): Promise<Answer> {
  const nothing = { first: null, last: null }
  const [found] = everybodyWithRows(context.reader)
    ? await context.objects<{ first: string | null; last: string | null }>(
        sql(new URL('../sql/extent.sql', import.meta.url)),
      )
    : [nothing]
  return { kind: 'json', value: { version: context.version.number, ...(found ?? nothing) } }
}
