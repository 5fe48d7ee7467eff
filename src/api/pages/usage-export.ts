import { sql } from '../../lib/sql.ts'
import type { Context } from '../context.ts'
import type { Answer } from '../contract.ts'
import { type Format, fileOf } from './export.ts'
import { ofSpan } from './summaries.ts'
import { type UsageSpan, usageRows } from './usage-rows.ts'

/** Every row behind the page Usage, with both teams, whatever the page groups by. */
export async function usageExportOf(
  input: UsageSpan & { format: Format },
  context: Context,
): Promise<Answer> {
  const { rows, where, values } = usageRows(input, context, ['team'])
  const statement = sql(new URL('../sql/usage-export.sql', import.meta.url), { rows, where })
  return await fileOf(context, statement, input.format, {
    version: context.version,
    ...ofSpan(input.from, input.to),
    values,
  })
}
