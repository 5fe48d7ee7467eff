import { copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import type { Lake } from 'loglake'
import { type DataFile, plannedMetadata, toStored } from 'loglake/lake'

/** Puts many tiny data files into the lake's tables, each of one row, spread over a hundred days. */
export async function fillLake(lake: Lake, files: number, work: string): Promise<void> {
  mkdirSync(work, { recursive: true })
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const change: Record<string, { add: DataFile[] }> = {}
  for (const name of ['cloudtrail', 'ledger']) {
    const table = lake.tables.get(name)
    if (!table) throw new Error(`no table ${name}`)
    const metadata = plannedMetadata(lake.storage, table, await (await lake.newest()).table(name))
    const sample = join(work, `${name}.parquet`)
    const columns = table.columns.map(({ name: column }) => `null as "${column}"`).join(', ')
    await connection.run(`copy (select ${columns}) to '${sample}' (format parquet)`)
    const add: DataFile[] = []
    for (let index = 0; index < files; index++) {
      const day = new Date(Date.UTC(2026, 0, 1) + (index % 100) * 86_400_000).toISOString().slice(0, 10)
      const key = `data/lake_day=${day}/${String(index).padStart(6, '0')}.parquet`
      const local = join(work, 'copy.parquet')
      copyFileSync(sample, local)
      await lake.storage.adopt(local, `tables/${name}/${key}`)
      const time = metadata.schemas[0]?.fields.find(({ name: column }) => column === 'eventtime')
      const timestamp = BigInt(Date.parse(`${day}T00:00:00Z`)) * 1000n + BigInt(index)
      const bound = Buffer.alloc(8)
      bound.writeBigInt64LE(timestamp)
      const bounds = new Map<number, Uint8Array>(time ? [[time.id, bound]] : [])
      add.push({
        path: `${metadata.location}/${key}`,
        format: 'PARQUET',
        partition: { lake_day: Number(toStored('date', day)) },
        records: 1,
        bytes: 1000,
        lower: bounds,
        upper: bounds,
      })
    }
    change[name] = { add }
  }
  await lake.commit('bench', async () => ({ tables: change }))
}
