import { randomUUID } from 'node:crypto'
import { append, type NewRow } from '../lake/append.ts'
import type { Lake } from '../lake/lake.ts'
import { withLocalFiles } from '../lake/local-files.ts'
import { readParquet } from '../lake/parquet.ts'
import type { LakeVersion } from '../lake/version.ts'
import { type Engine, openEngine } from '../lib/duckdb.ts'
import { UserError } from '../lib/errors.ts'
import { sql } from '../lib/sql.ts'
import type { Selector } from './selector.ts'
import { holdTable } from './tables.ts'

/** An active legal hold. */
export interface Hold {
  id: string
  selector: Selector
  by: string
  reason: string
  time: string
}

export async function addHold(lake: Lake, selector: Selector, by: string, reason: string): Promise<string> {
  const id = randomUUID().slice(0, 8)
  const value = selector.kind === 'days' ? null : selector.value
  const { since = null, until = null } =
    selector.kind === 'days' ? selector : ({} as { since?: string; until?: string })
  await step(lake, { id, step: 'added', kind: selector.kind, value, since, until, by, reason })
  return id
}

export async function removeHold(
  lake: Lake,
  engine: Engine,
  id: string,
  by: string,
  reason: string,
): Promise<void> {
  const hold = (await holdsOf(lake, await lake.newest(), engine)).find((one) => one.id === id)
  if (!hold) throw new UserError(`there is no hold ${id}: \`loglake hold list\` has them`)
  await step(lake, {
    id,
    step: 'removed',
    kind: hold.selector.kind,
    value: null,
    since: null,
    until: null,
    by,
    reason,
  })
}

async function step(lake: Lake, row: NewRow): Promise<void> {
  const time = new Date().toISOString()
  await append(lake, 'hold', async () => ({ rows: [{ table: holdTable, rows: [{ ...row, time }] }] }))
}

/** The active holds at one version. */
export async function holdsOf({ storage }: Lake, version: LakeVersion, engine: Engine): Promise<Hold[]> {
  const table = await version.table(holdTable.name)
  const files = (await table?.files()) ?? []
  if (!table || files.length === 0) return []
  return await withLocalFiles(storage, table, files, async (locals) => {
    const rows = await engine.objects(
      sql(new URL('./sql/holds.sql', import.meta.url), {
        rows: readParquet(locals, table.schema, holdTable),
      }),
    )
    return rows
      .filter((row) => row.step === 'added')
      .map((row) => ({
        id: String(row.id),
        selector: selectorOf(row as Record<string, unknown>),
        by: String(row.by),
        reason: String(row.reason),
        time: String(row.time),
      }))
  })
}

/** The same, by an engine of its own: the table is small. */
export async function holdsAt(lake: Lake, version: LakeVersion): Promise<Hold[]> {
  const engine = await openEngine({ threads: 1 })
  return await holdsOf(lake, version, engine).finally(() => engine.close())
}

function selectorOf({ kind, value, since, until }: Record<string, unknown>): Selector {
  const text = (one: unknown) => (one === null || one === undefined ? undefined : String(one))
  if (kind === 'days') return { kind, since: text(since), until: text(until) }
  return { kind: kind as 'person' | 'key' | 'object', value: String(value) }
}
