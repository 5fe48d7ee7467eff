/** A child: two questions, asked of the lake, of its Parquet files by DuckDB alone, and of the gzip JSON. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { lakeTables, localStorage, openLake, openQueryEngine } from 'loglake'
import { median, report } from './measure.ts'

const [corpus = '', place = '', turns = '15'] = process.argv.slice(2)
const lake = openLake(localStorage(place), lakeTables)
const queryEngine = await openQueryEngine(lake)
const version = await lake.newest()
const table = await version.table('cloudtrail')
if (!table) throw new Error('the lake is empty')
const list = (paths: string[]) => `[${paths.map((path) => `'${path}'`).join(', ')}]`
const data: string[] = []
for (const file of await table.files()) data.push(await lake.storage.local(table.keyOf(file.path)))
const gzip = readdirSync(corpus, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.gz'))
const parquet = `read_parquet(${list(data)}, hive_partitioning = false)`
const json = `(select unnest(Records, recursive := true) from read_json(${list(gzip.map((name) => join(corpus, name)))},
  format = 'unstructured', maximum_object_size = 67108864,
  columns = {Records: 'STRUCT(eventTime TIMESTAMP, eventName VARCHAR, eventSource VARCHAR, eventID VARCHAR,
    awsRegion VARCHAR, errorCode VARCHAR, requestParameters JSON, userIdentity STRUCT(accessKeyId VARCHAR, arn VARCHAR))[]'}))`

const instance = await DuckDBInstance.create(':memory:')
const connection = await instance.connect()
await connection.run("set timezone = 'UTC'")
const [keyRow] = (
  await connection.runAndReadAll(`select useridentity_accesskeyid, lake_day::varchar from ${parquet}
  where useridentity_accesskeyid is not null group by all having count(*) between 20 and 5000 order by all limit 1 offset 7`)
).getRows()
const [key, day] = (keyRow ?? []) as [string, string]

const questions = {
  day: {
    lake: `select eventname, count(*) from cloudtrail where lake_day = '${day}' group by all order by all`,
    parquet: `select eventname, count(*) from ${parquet} where lake_day = '${day}' group by all order by all`,
    json: `select eventName, count(*) from ${json} where eventTime::date = '${day}' group by all order by all`,
  },
  key: {
    lake: `select eventtime, eventsource, eventname, awsregion, errorcode, requestparameters from cloudtrail
      where useridentity_accesskeyid = '${key}' order by eventtime, eventid`,
    parquet: `select eventtime, eventsource, eventname, awsregion, errorcode, requestparameters from ${parquet}
      where useridentity_accesskeyid = '${key}' order by eventtime, eventid`,
    json: `select eventTime, eventSource, eventName, awsRegion, errorCode, requestParameters from ${json}
      where accessKeyId = '${key}' order by eventTime, eventID`,
  },
}

/** How long each takes, in turns: what the machine does meanwhile is done to both. */
async function timed(
  works: readonly (() => Promise<number>)[],
  turns: number,
): Promise<{ ms: number; rows: number }[]> {
  const found = works.map((work) => ({ work, taken: [] as number[], rows: 0 }))
  for (let turn = 0; turn < turns; turn++) {
    for (const one of found) {
      const started = performance.now()
      one.rows = await one.work()
      one.taken.push(performance.now() - started)
    }
  }
  return found.map(({ taken, rows }) => ({ ms: median(taken), rows }))
}

async function askLake(question: string): Promise<number> {
  const answer = await queryEngine.ask(question)
  let rows = 0
  for await (const _ of answer.rows()) rows++
  answer.close()
  return rows
}

async function askDuckDB(question: string): Promise<number> {
  return (await connection.runAndReadAll(question)).currentRowCount
}

const started = performance.now()
const result: Record<string, { ms: number; rows: number }> = {}
for (const [name, { lake: lakeSql, parquet: parquetSql, json: jsonSql }] of Object.entries(questions)) {
  const [ofLake, ofParquet] = await timed(
    [() => askLake(lakeSql), () => askDuckDB(parquetSql)],
    Number(turns),
  )
  const [ofJson] = await timed([() => askDuckDB(jsonSql)], 1)
  Object.assign(result, {
    [`${name} lake`]: ofLake,
    [`${name} parquet`]: ofParquet,
    [`${name} json`]: ofJson,
  })
}
report(result, (performance.now() - started) / 1000)
