/** What would go where: the rows that are in the lake now, masked and shaped as they would leave, and nothing sent. */
import { rm } from 'node:fs/promises'
import { openReading } from '../follow/read.ts'
import type { Lake } from '../lake/lake.ts'
import type { TableDefinition } from '../lake/table.ts'
import { openEngine } from '../lib/duckdb.ts'
import { sql } from '../lib/sql.ts'
import { placeOf, shapedRows } from './follower.ts'
import { type Masking, type Row, redactor, type Scan } from './redact.ts'
import type { Route } from './routes.ts'
import { rowsOf } from './rows.ts'

export interface Rehearsal {
  route: string
  table: string
  to: string
  type: string
  /** Rows that the table has, and those that the route would send. */
  rows: number
  matching: number
  /** Of the examples, rows that the policy keeps back. */
  dropped: number
  examples: readonly { text: string; maskings: readonly Masking[] }[]
}

/** @param most how many examples are shown */
export async function rehearse(
  lake: Lake,
  route: Route,
  { version, most = 3, scan }: { version: string; most?: number; scan?: Scan },
): Promise<Rehearsal> {
  const place = await lake.storage.workplace()
  const engine = await openEngine({ threads: 1, memory: '512MiB', spill: `${place}/spill` })
  const reading = openReading(lake)
  const shape = await route.shape.open({ ...route, version })
  try {
    const newest = await lake.newest()
    const table = await newest.table(route.table.name)
    const from = await reading.from(route.table, table, (await table?.files()) ?? [])
    const question = sql(new URL('./sql/count.sql', import.meta.url), { rows: from, where: route.where })
    const [[rows, matching] = []] = await engine.rows(question)
    const redact = redactor(route.table, route.policy, scan)
    const examples: { row: Row; maskings: readonly Masking[]; whole: Row }[] = []
    let dropped = 0
    for await (const chunk of rowsOf(engine, withoutOrder(route.table), from, route.where, most)) {
      for (const whole of chunk) {
        const { row, maskings } = redact(whole)
        if (row === undefined) dropped++
        else examples.push({ row, maskings, whole })
      }
    }
    const made = await shapedRows(
      route,
      shape,
      examples.map(({ row, whole }) => ({ row, place: placeOf(whole, route.table) })),
    )
    return {
      route: route.name,
      table: route.table.name,
      to: route.to,
      type: route.destination.name,
      rows: Number(rows),
      matching: Number(matching),
      dropped,
      examples: made.map(({ text }, at) => ({ text, maskings: examples[at]?.maskings ?? [] })),
    }
  } finally {
    shape.close?.()
    reading.close()
    engine.close()
    await rm(place, { recursive: true, force: true })
  }
}

/** Any three will do: the whole table need not be sorted for them. */
function withoutOrder({ key: _, time: __, ...table }: TableDefinition): TableDefinition {
  return { ...table }
}
