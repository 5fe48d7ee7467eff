import { createHash } from 'node:crypto'
import type { LakeVersion } from '../lake/version.ts'
import { sql } from '../lib/sql.ts'
import type { ReadAll } from './book.ts'
import type { Subject } from './population.ts'

/** A row that a decision rests on, as JSON: all columns except the time at which loglake read it. */
export interface EvidenceRow {
  table: string
  id: string
  object: string | null
  json: string
}

const url = (name: string) => new URL(`./sql/${name}.sql`, import.meta.url)

/**
 * The rows of a session or run at one version of the lake: a session's StartSession, its output, and the
 * person's calls from 15 minutes before to 15 minutes after it; a run's model calls; the run and the steps of
 * a question to loglake. Sorted by table and id, so that equal rows are equal texts.
 */
export async function evidenceRows(
  version: LakeVersion,
  read: ReadAll,
  { kind, id }: Pick<Subject, 'kind' | 'id'>,
): Promise<EvidenceRow[]> {
  return await read<EvidenceRow>(version, sql(url(`${kind}-evidence`)), { id })
}

/** SHA-256 over the rows: for each the table's name, a line feed, its JSON and a line feed. In hex. */
export function digestOf(rows: readonly Pick<EvidenceRow, 'table' | 'json'>[]): string {
  const hash = createHash('sha256')
  for (const { table, json } of rows) hash.update(`${table}\n${json}\n`)
  return hash.digest('hex')
}
