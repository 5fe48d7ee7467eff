import { UserError } from '../../lib/errors.ts'
import { didYouMean } from '../../lib/nearest.ts'
import { visible } from '../../lib/terminal.ts'
import { type DayCount, dayCounts } from '../../query/days.ts'
import type { Context } from '../context.ts'
import type { Answer } from '../contract.ts'
import type { Scoped } from '../shapes.ts'

interface Input {
  table?: string | undefined
  from?: string | undefined
  to?: string | undefined
  accounts: string[]
  regions: string[]
  limit: number
}

/** From the command line. */
interface LocalInput extends Scoped {
  table?: string | undefined
}

/** Limited to the reader's rows: a day without rows of theirs is not in it. */
export async function daysOf({ from, to, ...input }: Input, context: Context): Promise<Answer> {
  return await countedDays({ ...input, since: from, until: to }, input.limit, context)
}

export async function allDaysOf(input: LocalInput, context: Context): Promise<Answer> {
  return await countedDays(input, Number.POSITIVE_INFINITY, context)
}

async function countedDays(input: LocalInput, limit: number, context: Context): Promise<Answer> {
  const { since, until, accounts, regions } = input
  const counts = dayCounts(tablesOf(input.table, context), (question) =>
    context.open(question, { span: { since, until }, places: { accounts, regions } }),
  )
  const rows: DayCount[] = []
  let more = false
  for await (const count of counts) {
    more = rows.length === limit
    if (more) break
    rows.push(count)
  }
  return {
    kind: 'json',
    seen: { rows: rows.length },
    value: { version: context.version.number, rows, more },
  }
}

/** The tables of all log types, or one. */
function tablesOf(only: string | undefined, { logTypes, lake }: Context) {
  const types = logTypes.map(({ name }) => name)
  if (only !== undefined && !types.includes(only)) {
    const near = didYouMean(only, types)
    throw new UserError(
      `no log type has a table "${visible(only)}"${near || ' (`loglake logtypes` lists them)'}`,
    )
  }
  return types
    .filter((name) => only === undefined || name === only)
    .flatMap((name) => lake.tables.get(name) ?? [])
}
