/** A child: a log type's corpus by DuckDB alone, with `sql/<type>-by-hand.sql`. */
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { report } from './measure.ts'

const [type = '', corpus = '', target = '', threads = '0'] = process.argv.slice(2)
const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`
const files = readdirSync(corpus, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map(({ parentPath, name }) => quoted(join(parentPath, name)))
const parts: Record<string, string> = { files: `[${files.join(', ')}]`, target: quoted(target) }
const statement = readFileSync(`bench/sql/${type}-by-hand.sql`, 'utf8').replace(
  /\{\{(\w+)\}\}/g,
  (_, name: string) => parts[name] as string,
)
rmSync(target, { force: true })
const started = performance.now()
const since = process.cpuUsage()
const instance = await DuckDBInstance.create(':memory:', Number(threads) ? { threads } : {})
const connection = await instance.connect()
await connection.run('set preserve_insertion_order = false')
await connection.run(statement)
const seconds = (performance.now() - started) / 1000
const rows = await connection.runAndReadAll(`select count(*)::integer as rows from ${quoted(target)}`)
report({ rows: Number(rows.getRows()[0]?.[0]), bytes: statSync(target).size }, seconds, since)
