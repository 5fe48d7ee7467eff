import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'

/** A text as SQL has it. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** The text of a statement of `sql/` with its `{{name}}` parts filled in. */
export function statementOf(name: string, parts: Record<string, string>): string {
  return readFileSync(`bench/sql/${name}.sql`, 'utf8').replace(
    /\{\{(\w+)\}\}/g,
    (_, part: string) => parts[part] as string,
  )
}

/** What a statement by hand took: seconds, and processor time from `since` on. */
export interface ByHand {
  connection: DuckDBConnection
  bytes: number
  seconds: number
  since: NodeJS.CpuUsage
}

/**
 * Runs a statement of `sql/` by DuckDB alone, which makes one Parquet file of all files of a corpus.
 *
 * @param parts what it wants beside `files` and `target`
 */
export async function runByHand(
  name: string,
  { corpus, target, threads }: { corpus: string; target: string; threads: string },
  parts: Record<string, string> = {},
): Promise<ByHand> {
  const files = readdirSync(corpus, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name: file }) => quoted(join(parentPath, file)))
  const all = { ...parts, files: `[${files.join(', ')}]`, target: quoted(target) }
  const statement = statementOf(`${name}-by-hand`, all)
  rmSync(target, { force: true })
  const started = performance.now()
  const since = process.cpuUsage()
  const instance = await DuckDBInstance.create(':memory:', Number(threads) ? { threads } : {})
  const connection = await instance.connect()
  await connection.run('set preserve_insertion_order = false')
  await connection.run(statement)
  const seconds = (performance.now() - started) / 1000
  return { connection, bytes: statSync(target).size, seconds, since }
}
