import { sql } from '../../lib/sql.ts'
import type { AccessLine } from '../access-log.ts'
import { accessTable } from '../access-table.ts'
import { type Condition, conditionsOf, whereOf } from '../conditions.ts'
import type { Context } from '../context.ts'
import type { Answer } from '../contract.ts'
import { wrongCursor } from './cursors.ts'

interface Input {
  from: string
  to: string
  where: string[]
  after?: string | undefined
  limit: number
}

const COLUMNS = new Set(accessTable.columns.map(({ name }) => name))

/** Lines of the table and lines that still wait for their commit, so that the list is always complete. */
export async function accessLogOf(input: Input, context: Context): Promise<Answer> {
  const conditions = conditionsOf(input.where, COLUMNS, {})
  const where = whereOf(conditions)
  const before = cursorOf(input.after)
  const waiting = context.accessLog
    .pending()
    .filter((line) => isChosen(line, input, conditions, before))
    .toReversed()
  const stored = await context.objects<AccessLine>(
    sql(new URL('../sql/access-log.sql', import.meta.url), { where: where.sql }),
    {
      ...where.values,
      since: input.from,
      until: input.to,
      before_time: before?.time ?? null,
      before_id: before?.id ?? null,
      max: input.limit + 1,
    },
  )
  const known = new Set(stored.map(({ id }) => id))
  const rows = [...waiting.filter(({ id }) => !known.has(id)), ...stored].sort(
    (a, b) => b.time.localeCompare(a.time) || b.id.localeCompare(a.id),
  )
  const page = rows.slice(0, input.limit)
  const last = page.at(-1)
  return {
    kind: 'json',
    seen: { rows: page.length },
    value: {
      version: context.version.number,
      rows: page,
      next: rows.length > input.limit && last ? `${last.time}/${last.id}` : null,
      pending: context.accessLog.pending().length,
    },
  }
}

interface Cursor {
  time: string
  id: string
}

function cursorOf(after: string | undefined): Cursor | undefined {
  if (after === undefined) return undefined
  const [time = '', id = ''] = after.split('/')
  if (Number.isNaN(Date.parse(time)) || id === '' || id.includes('\0')) throw wrongCursor()
  return { time, id }
}

function isChosen(
  line: AccessLine,
  { from, to }: Input,
  conditions: readonly Condition[],
  before: Cursor | undefined,
) {
  const ms = Date.parse(line.time)
  if (ms < Date.parse(from) || ms >= Date.parse(to)) return false
  if (before && !(line.time < before.time || (line.time === before.time && line.id < before.id))) return false
  const columns = new Map<string, boolean>()
  for (const { column, is, not, value } of conditions) {
    const has = line[column as keyof AccessLine] ?? null
    const text = has === null ? null : String(has)
    const holds =
      is === 'there'
        ? text !== null
        : is === 'missing'
          ? text === null
          : is === 'equal'
            ? text === value
            : text?.includes(value) === true
    if (not && holds) return false
    if (!not) columns.set(column, columns.get(column) === true || holds)
  }
  return [...columns.values()].every(Boolean)
}
