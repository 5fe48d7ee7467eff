/** A child: the same corpus by DuckDB alone, with the best statement that we could write by hand. */
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { logTypes } from 'loglake'
import { report } from './measure.ts'

const TYPES: Record<string, string> = { json: 'JSON', time: 'TIMESTAMP' }

type Shape = { [field: string]: string | Shape }

const [corpus = '', target = '', threads = '0'] = process.argv.slice(2)
const { shape } = logTypes.find(({ name }) => name === 'cloudtrail') as unknown as { shape: Shape }
const identity = shape.userIdentity as Shape
const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`
const keys = (fields: Shape) => Object.keys(fields).map(quoted).join(', ')
const structure = (fields: Shape): Shape =>
  Object.fromEntries(
    Object.entries(fields).map(([field, kind]) => [
      field,
      typeof kind === 'object' ? structure(kind) : (TYPES[kind] ?? 'VARCHAR'),
    ]),
  )
const files = readdirSync(corpus, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.gz'),
)
const parts: Record<string, string> = {
  files: `[${files.map((name) => quoted(join(corpus, name))).join(', ')}]`,
  structure: quoted(JSON.stringify(structure(shape))),
  known: keys(shape),
  identity: keys(identity),
  session: keys(identity.sessionContext as Shape),
  tls: keys(shape.tlsDetails as Shape),
  target: quoted(target),
}
const statement = readFileSync('bench/sql/ingest-by-hand.sql', 'utf8').replace(
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
report({ bytes: statSync(target).size }, (performance.now() - started) / 1000, since)
