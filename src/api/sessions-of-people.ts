import type { LakeVersion } from '../lake/version.ts'
import type { Values } from '../lib/duckdb.ts'
import { sql } from '../lib/sql.ts'
import type { QueryEngine } from '../query/question.ts'
import { accessKey, type Reader } from '../query/reader.ts'
import type { RowLimit } from '../query/rows-of.ts'

/**
 * Finds the sessions of a reader's people, and the findings about them. The output of a session, and findings
 * on it, name only the role session that opened it; CloudTrail names the person, and `session_summary` joins
 * both. Read once for each version and reader.
 */

export type Theirs = Required<Pick<RowLimit, 'sessions' | 'findings'>>

const known = new Map<string, Promise<Theirs>>()
const KEPT = 64
const url = (name: string) => new URL(`./sql/${name}.sql`, import.meta.url)

export function theirsOf(
  queryEngine: QueryEngine,
  version: LakeVersion,
  reader: Reader,
  limit: RowLimit,
): Promise<Theirs> {
  const key = `${version.catalog.lake}/${version.number}/${accessKey(reader)}`
  const found = known.get(key) ?? theirs(queryEngine, version, limit)
  known.delete(key)
  known.set(key, found)
  found.catch(() => known.delete(key))
  const [oldest] = known.keys()
  if (known.size > KEPT && oldest !== undefined) known.delete(oldest)
  return found
}

interface Session {
  f_sessionid: string
  arn: string | null
  since: string
  until: string
}

interface Evidence {
  id: string
  table: string
  time: string
}

type Ask = <Row>(text: string, limit?: RowLimit, values?: Values) => Promise<Row[]>

async function theirs(queryEngine: QueryEngine, version: LakeVersion, limit: RowLimit): Promise<Theirs> {
  const ask: Ask = (text, within, values) => rowsOf(queryEngine, version, text, within, values)
  const own = await ask<Session>(sql(url('their-sessions')), limit)
  const sessions = own.map(({ f_sessionid }) => f_sessionid)
  if (sessions.length === 0 || version.catalog.tables.finding === undefined) return { sessions, findings: [] }
  return { sessions, findings: await findingsAbout(ask, own, { ...limit, sessions }) }
}

/**
 * Several people may have a role session of the same name: a finding counts as theirs only if this reader
 * sees every row that proves it.
 */
async function findingsAbout(ask: Ask, own: readonly Session[], limit: RowLimit): Promise<string[]> {
  const named = await ask<{ id: string; evidence: string }>(sql(url('findings-by-arn')), undefined, {
    sessions: JSON.stringify(own.filter(({ arn }) => arn !== null)),
  })
  const found = named.map(({ id, evidence }) => ({ id, rows: JSON.parse(evidence) as Evidence[] }))
  const rows = found.flatMap((one) => one.rows)
  const times = rows.map(({ time }) => Date.parse(time)).filter((ms) => !Number.isNaN(ms))
  if (times.length === 0) return []
  const [first, last] = times.reduce(
    ([least, max], ms) => [Math.min(least, ms), Math.max(max, ms)],
    [Number.POSITIVE_INFINITY, 0],
  )
  const seen = await ask<{ id: string }>(sql(url('evidence-seen')), limit, {
    since: new Date(first - 1000).toISOString(),
    until: new Date(last + 1000).toISOString(),
    ids: JSON.stringify([...new Set(rows.map(({ id }) => id))]),
  })
  const visible = new Set(seen.map(({ id }) => id))
  return found
    .filter((one) => one.rows.length > 0 && one.rows.every(({ id }) => visible.has(id)))
    .map(({ id }) => id)
}

async function rowsOf<Row>(
  queryEngine: QueryEngine,
  version: LakeVersion,
  text: string,
  limit: RowLimit | undefined,
  values: Values = {},
): Promise<Row[]> {
  const wrapped = `select to_json(one)::varchar as row from (\n${text}\n) as one`
  const answer = await queryEngine.ask(wrapped, { version, values, ...(limit ? { scope: { limit } } : {}) })
  try {
    const rows: Row[] = []
    for await (const [row] of answer.rows()) rows.push(JSON.parse(String(row)) as Row)
    return rows
  } finally {
    answer.close()
  }
}
