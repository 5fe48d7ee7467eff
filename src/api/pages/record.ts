import { SQL_TYPE, type TableDefinition } from '../../lake/table.ts'
import { identifier, sql } from '../../lib/sql.ts'
import { jsonText, plainValue } from '../../query/values.ts'
import type { Context } from '../context.ts'
import type { Answer } from '../contract.ts'
import { showing } from '../mask.ts'
import { shownValue } from '../mask-rows.ts'
import { notFound, Problem } from '../problem.ts'
import { seesEverything } from '../rights.ts'
import { raw } from '../seen.ts'

interface Input {
  table: string
  id: string
  at?: string | undefined
  unmask: boolean
}

/** Characters sent of one value; the rest is cut, with a note. */
const LONGEST = 1_000_000

export async function recordOf(input: Input, context: Context): Promise<Answer> {
  const show = showing(context, input.unmask)
  const table = context.lake.tables.get(input.table)
  const key = table && keyOf(table, context)
  if (!table || key === undefined) throw notFound()
  const found = await rowOf(context, table, key, input)
  if (!found) throw notFound()
  const columns = []
  for (const column of table.columns) {
    const value = found[column.name]
    if (value === null || value === undefined) continue
    const shown = shownValue(table, column.name, value, show)
    const text = shown?.text ?? value
    columns.push({
      name: column.name,
      type: SQL_TYPE[column.type],
      doc: column.doc,
      value: raw(jsonText(typeof text === 'string' ? text.slice(0, LONGEST) : text)),
      json: column.type === 'json',
      masked: (shown?.masked.length ?? 0) > 0,
    })
  }
  return {
    kind: 'json',
    seen: { rows: 1, about: input.id, unmasked: input.unmask },
    value: {
      version: context.version.number,
      table: table.name,
      id: input.id,
      columns,
      object: await objectOf(context, found.lake_object),
    },
  }
}

/** The key column of a table's rows. */
function keyOf(table: TableDefinition, { logTypes }: Context): string | undefined {
  const type = logTypes.find(({ name }) => name === table.name)
  if (type) return type.id
  return table.columns.find(({ name }) => name === 'id')?.name
}

async function rowOf(context: Context, table: TableDefinition, key: string, { id, at }: Input) {
  const bounded = at !== undefined && table.time !== undefined
  if (bounded && Number.isNaN(Date.parse(at))) throw new Problem(422, 'Wrong input', 'at: this is no time')
  const near = bounded
    ? ` and ${identifier(table.time as string)} >= $since::timestamptz and ${identifier(table.time as string)} <= $until::timestamptz`
    : ''
  const question = `select * from ${identifier(table.name)} where ${identifier(key)} = $id${near} limit 1`
  const values = bounded
    ? {
        id,
        since: new Date(Date.parse(at) - 1000).toISOString(),
        until: new Date(Date.parse(at) + 1000).toISOString(),
      }
    : { id }
  return await context.ask(
    question,
    async (rows) => {
      for await (const row of rows.rows())
        return Object.fromEntries(rows.columns.map((name, index) => [name, plainValue(row[index] ?? null)]))
      return undefined
    },
    { values },
  )
}

async function objectOf(context: Context, object: unknown) {
  if (typeof object !== 'string' || !seesEverything(context.reader)) return null
  const [row] = await context.objects(sql(new URL('../sql/object.sql', import.meta.url)), { object })
  return row ?? null
}
