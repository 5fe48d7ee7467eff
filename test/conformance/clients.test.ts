import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DuckDBInstance } from '@duckdb/node-api'
import { ask, folder, ingest, type Lake, lakeTables, localStorage, openLake } from 'loglake'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { duckdbScript } from '../../src/query/clients/duckdb.ts'
import { pyicebergScript } from '../../src/query/clients/pyiceberg.ts'
import { sparkScript } from '../../src/query/clients/spark.ts'
import { ownViews } from '../../src/query/own-views.ts'
import { viewName } from '../../src/query/view.ts'

// A quote in the path has to be escaped for each client.
const root = mkdtempSync(join(tmpdir(), "con'nect-"))
const samples = fileURLToPath(new URL('../../samples/logs/', import.meta.url))
let lake: Lake
beforeAll(async () => {
  lake = openLake(localStorage(join(root, 'lake')), lakeTables)
  const some = [
    join(samples, 'AWSLogs/o-exampleorgid/111122223333/CloudTrail/us-east-1/2026/01/08'),
    join(samples, 'model-logs/AWSLogs/111122223333/BedrockModelInvocationLogs/us-east-1/2026/01/08'),
  ]
  await ingest(lake, folder(some), { threads: 1 })
}, 120_000)
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** Runs a script in a DuckDB that has nothing of loglake's, twice. */
async function fresh(script: string) {
  const connection = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect()
  await connection.run(script)
  await connection.run(script)
  return connection
}

async function ours(sql: string): Promise<string[]> {
  const answer = await ask(lake, sql)
  const rows: string[] = []
  for await (const row of answer.rows()) rows.push(JSON.stringify(row.map(String)))
  answer.close()
  return rows
}

test('a DuckDB that ran the script answers as loglake does: every table and every view', async () => {
  const connection = await fresh(await duckdbScript(lake, await lake.newest(), ownViews()))
  const names = [...lake.tables.keys(), ...ownViews().map(viewName)]
  let rows = 0
  for (const name of names) {
    const sql = `select * from ${name} order by all limit 50`
    const found = (await connection.runAndReadAll(sql))
      .getRows()
      .map((row) => JSON.stringify(row.map(String)))
    expect(found, name).toEqual(await ours(sql))
    rows += found.length
  }
  expect(rows).toBeGreaterThan(200)
  const count = 'select count(*), count(distinct eventid), max(eventtime) from cloudtrail'
  const told = (await connection.runAndReadAll(count)).getRows().map((row) => JSON.stringify(row.map(String)))
  expect(told).toEqual(await ours(count))
  connection.closeSync()
}, 120_000)

test('a lake without data files gives tables without rows', async () => {
  const empty = openLake(localStorage(join(root, 'other')), lakeTables)
  const connection = await fresh(await duckdbScript(empty, await empty.newest(), ownViews()))
  const found = await connection.runAndReadAll(
    'select count(*) from cloudtrail union all select count(*) from session',
  )
  expect(found.getRows()).toEqual([[0n], [0n]])
  connection.closeSync()
}, 60_000)

const inBucket = () => ({ ...lake, storage: { ...lake.storage, root: 's3://logs/lake' } }) as Lake

test('on S3 the client is who its own configuration says', async () => {
  const access = { region: 'eu-central-1', endpoint: 'http://127.0.0.1:9000' }
  const script = await duckdbScript(inBucket(), await lake.newest(), [], access)
  expect(script).toContain(
    "create or replace secret loglake (type s3, provider credential_chain, region 'eu-central-1', endpoint '127.0.0.1:9000', url_style 'path', use_ssl false);",
  )
  expect(script).toContain("read_parquet(['s3://logs/lake/tables/cloudtrail/data/")
  expect(script).not.toContain(root)
})

test('pyiceberg and Spark are given each table, by a text that Python reads', async () => {
  const version = await lake.newest()
  const metadata = `${lake.storage.root}/tables/cloudtrail/${version.catalog.tables.cloudtrail?.metadata}`
  expect(pyicebergScript(lake, version)).toContain(
    `\ncloudtrail = StaticTable.from_metadata(${JSON.stringify(metadata)})\n`,
  )
  expect(sparkScript(lake, version)).toContain(
    `\nspark.read.format("iceberg").load(${JSON.stringify(`${lake.storage.root}/tables/cloudtrail`)}).createOrReplaceTempView("cloudtrail")\n`,
  )
  expect(sparkScript(inBucket(), version)).toContain('.load("s3a://logs/lake/tables/cloudtrail")')
  expect(pyicebergScript(inBucket(), version)).toContain('("s3://logs/lake/tables/cloudtrail/metadata/')
})
