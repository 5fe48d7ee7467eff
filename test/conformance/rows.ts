import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { OpenedObject } from '../../src/ingest/open/contract.ts'
import { openGroup } from '../../src/ingest/open/open.ts'
import { rowsOf } from '../../src/ingest/stage/rows.ts'
import type { Engine } from '../../src/lib/duckdb.ts'
import type { LogType } from '../../src/logtypes/contract.ts'
import type { PlainRow } from '../../src/logtypes/rebuild.ts'
import { columnsOf } from './stored.ts'

async function nameObject(engine: Engine): Promise<void> {
  await engine.run("create or replace temp table object as select 0 as serial, 'object' as uri")
}

/** What an object becomes when it is opened here, without a lake; `rows` is undefined where DuckDB refuses it. */
export async function openHere(
  engine: Engine,
  type: LogType,
  bytes: Uint8Array,
  strictly: boolean,
): Promise<{ opened: OpenedObject; rows: PlainRow[] | undefined }> {
  const folder = mkdtempSync(join(tmpdir(), 'open-here-'))
  try {
    const objects = [
      { serial: 0, uri: 'object', writtenMs: 0, kind: 'bytes' as const, bytes: Uint8Array.from(bytes) },
    ]
    const group = openGroup({ objects, folder, maxBytes: 1 << 28, strictly })
    const opened = group.objects[0] as OpenedObject
    if (group.spools.length === 0) return { opened, rows: [] }
    await nameObject(engine)
    const statement = rowsOf(type, group.spools, [], new Date(0))
    const rows = await engine
      .objects(`select ${columnsOf(type)} from (${statement})`)
      .catch((thrown: Error) => {
        if (/^Invalid Input Error/.test(thrown.message)) return undefined
        throw thrown
      })
    return { opened, rows: rows as PlainRow[] | undefined }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Asks of records that were written for the question; `ask` gets the statement that makes rows of them. */
export async function askRecords(
  engine: Engine,
  type: LogType,
  records: readonly object[],
  ask: (rows: string) => string,
): Promise<Record<string, unknown>[]> {
  const folder = mkdtempSync(join(tmpdir(), 'records-'))
  const file = join(folder, 'records.json')
  try {
    writeFileSync(file, JSON.stringify(records.map((record) => ({ lake_object: 0, ...record }))))
    await nameObject(engine)
    const spool = { file, format: 'json', longest: 1 << 24 } as const
    return await engine.objects(ask(rowsOf(type, [spool], [], new Date(0))))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
