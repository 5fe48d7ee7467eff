/** A preview of a route: the lake's current rows, masked and shaped as they would leave; nothing is sent. */
import { rm } from 'node:fs/promises'
import { openReading } from '../follow/read.ts'
import type { Lake } from '../lake/lake.ts'
import type { TableDefinition } from '../lake/table.ts'
import { openEngine } from '../lib/duckdb.ts'
import { sql } from '../lib/sql.ts'
import { withoutValue } from './condition.ts'
import type { RowKey } from './contract.ts'
import { shapedRows } from './follower.ts'
import { openMasking } from './masking.ts'
import type { Masking, Row, Scan } from './redact.ts'
import { matching, type Route, shapedTable, spanOf } from './routes.ts'
import { rowsOf } from './rows.ts'

export interface Rehearsal {
  route: string
  table: string
  to: string
  type: string
  /** Rows in the table, from the date on that the route begins with, and those of them that it would send. */
  rows: number
  matching: number
  /** Rows among the examples that the policy keeps back. */
  dropped: number
  examples: readonly { text: string; maskings: readonly Masking[] }[]
}

/** @param most number of examples */
export async function rehearse(
  lake: Lake,
  route: Route,
  { version, max = 3, scan }: { version: string; max?: number; scan?: Scan },
): Promise<Rehearsal> {
  const place = await lake.storage.workplace()
  const engine = await openEngine({ threads: 1, memory: '512MiB', spill: `${place}/spill` })
  const reading = openReading(lake)
  const shape = await route.shape.open({ ...route, table: shapedTable(route), version })
  const masking = await openMasking(route, scan)
  try {
    const newest = await lake.newest()
    const table = await newest.table(route.table.name)
    const from = await reading.from(route.table, table, (await table?.files()) ?? [], spanOf(route))
    await route.view?.prepare(engine)
    const sent = matching(route, from)
    const question = sql(new URL('./sql/count.sql', import.meta.url), { rows: from, matching: sent })
    const [[rows, matched] = []] = await engine.rows(question).catch((thrown) => {
      throw withoutValue(thrown)
    })
    const examples: { row: Row; maskings: readonly Masking[]; key: RowKey }[] = []
    let dropped = 0
    for await (const chunk of rowsOf(engine, withoutOrder(route.table), sent, 'true', max)) {
      for (const { key, row, maskings } of await masking.mask(chunk)) {
        if (row === undefined) dropped++
        else examples.push({ row, maskings, key })
      }
    }
    const made = await shapedRows(route, shape, examples)
    return {
      route: route.name,
      table: route.view?.name ?? route.table.name,
      to: route.to,
      type: route.destination.name,
      rows: Number(rows),
      matching: Number(matched),
      dropped,
      examples: made.map(({ text }, at) => ({ text, maskings: examples[at]?.maskings ?? [] })),
    }
  } finally {
    shape.close?.()
    masking.close()
    reading.close()
    engine.close()
    await rm(place, { recursive: true, force: true })
  }
}

/** Any three rows will do: sorting the whole table would be wasted. */
function withoutOrder({ key: _, time: __, ...table }: TableDefinition): TableDefinition {
  return { ...table }
}
