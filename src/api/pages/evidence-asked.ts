import { identifier } from '../../lib/sql.ts'
import { jsonText, plainValue } from '../../query/values.ts'
import { digestOf, type EvidenceRow } from '../../review/digest.ts'
import type { BundleContent } from '../../review/evidence/content.ts'
import type { Context } from '../context.ts'
import { notFound, Problem } from '../problem.ts'
import { asksSql, seesEverything } from '../rights.ts'
import { hasFindings } from './finding-rows.ts'
import { ownSql } from './query.ts'

/** What is exported beside reviews: the rows of an answer, or of a finding, as this reader sees them. */
export type Asked = Pick<BundleContent, 'review' | 'rows' | 'rowsAre' | 'digest' | 'question'>

/** The rows of one bundle: more are no evidence that anybody reads. */
const MOST_ROWS = 100_000

/** The answer to a question in SQL, with the question and the version of the lake. */
export async function questionAsked(context: Context, sql: string): Promise<Asked> {
  if (!asksSql(context.reader)) throw notFound()
  const how = ownSql(context)
  const rows = await context.ask(
    sql,
    async (answer) => {
      const found: EvidenceRow[] = []
      const object = answer.columns.indexOf('lake_object')
      for await (const row of answer.rows()) {
        if (found.length === MOST_ROWS)
          throw new Problem(413, 'Too many rows', `more than ${MOST_ROWS} rows: ask for fewer`)
        const members = row.map(
          (value, at) => `${JSON.stringify(answer.columns[at])}:${jsonText(plainValue(value))}`,
        )
        const from = row[object]
        found.push({
          table: 'answer',
          id: String(found.length + 1),
          object: typeof from === 'string' ? from : null,
          json: `{${members.join(',')}}`,
        })
      }
      return found
    },
    how,
  )
  return asked(context, { id: 'question', kind: 'question', rows, masked: how.masked }, sql)
}

/** A finding, and the rows that prove it. */
export async function findingAsked(context: Context, id: string): Promise<Asked> {
  if (!seesEverything(context.reader) || !hasFindings(context)) throw notFound()
  const how = ownSql(context)
  const [finding] = await rowsOf(context, 'finding', 'id', [id], how)
  if (!finding) throw notFound()
  const evidence = JSON.parse(
    String((JSON.parse(finding.json) as { evidence?: string }).evidence ?? '[]'),
  ) as {
    table: string
    id: string
  }[]
  const rows = [finding]
  for (const table of [...new Set(evidence.map((one) => one.table))].sort()) {
    const key = context.logTypes.find((type) => type.name === table)?.id
    if (key === undefined) continue
    const ids = evidence.flatMap((one) => (one.table === table ? [one.id] : []))
    rows.push(...(await rowsOf(context, table, key, ids, how)))
  }
  rows.sort((a, b) => (a.table < b.table ? -1 : a.table > b.table ? 1 : 0))
  return asked(context, { id, kind: 'finding', rows, masked: how.masked })
}

async function rowsOf(
  context: Context,
  table: string,
  key: string,
  ids: readonly string[],
  how: { masked: boolean },
): Promise<EvidenceRow[]> {
  return await context.ask(
    `select to_json(one)::varchar as row, ${identifier(key)} as id from (
       select * from ${identifier(table)} where ${identifier(key)} in (select unnest(from_json($ids::json, '["varchar"]')))
       order by ${identifier(key)}
     ) as one`,
    async (answer) => {
      const found: EvidenceRow[] = []
      for await (const [json, id] of answer.rows()) {
        const object = (JSON.parse(String(json)) as { lake_object?: string }).lake_object ?? null
        found.push({ table, id: String(id), object, json: String(json) })
      }
      return found
    },
    { masked: how.masked, values: { ids: JSON.stringify(ids) } },
  )
}

function asked(
  { version }: Context,
  { id, kind, rows, masked }: { id: string; kind: string; rows: EvidenceRow[]; masked: boolean },
  sql?: string,
): Asked {
  return {
    review: { id, subject: id, kind, person: null, started: null },
    rows,
    rowsAre: masked ? 'masked' : 'whole',
    digest: { sha256: digestOf(rows), rows: rows.length, lakeVersion: version.number },
    ...(sql === undefined ? {} : { question: { sql, version: version.number } }),
  }
}
