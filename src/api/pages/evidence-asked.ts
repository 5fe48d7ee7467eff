import { versionNumbered } from '../../lake/numbered.ts'
import type { LakeVersion } from '../../lake/version.ts'
import { identifier, sql as sqlOf } from '../../lib/sql.ts'
import { parametersIn } from '../../query/portable/statement.ts'
import { jsonText, plainValue } from '../../query/values.ts'
import { digestOf, type EvidenceRow, evidenceRows } from '../../review/digest.ts'
import type { BundleContent } from '../../review/evidence/content.ts'
import type { Context } from '../context.ts'
import { showing } from '../mask.ts'
import { notFound, Problem } from '../problem.ts'
import { asksSql, seesEverything } from '../rights.ts'
import { maskedRow } from './evidence-rows.ts'
import { hasFindings } from './finding-rows.ts'
import { ownSql } from './query.ts'

/** Exports apart from reviews: the rows of an answer or a finding, as this reader sees them. */
export type Asked = Pick<BundleContent, 'review' | 'rows' | 'rowsAre' | 'digest' | 'question'>

/** The rows of one bundle: more are no evidence that anybody reads. */
const MAX_ROWS = 100_000

/** The answer to a SQL query, with the query and the version of the lake. */
export async function questionAsked(context: Context, sql: string): Promise<Asked> {
  if (!asksSql(context.reader)) throw notFound()
  const how = ownSql(context)
  const rows = await answerRows(context, 'answer', { sql }, how)
  return asked(context, { id: 'question', kind: 'question', rows, masked: how.masked }, sql)
}

/**
 * What `loglake ask` answered: the run, its steps, and each result's rows, asked again at the version of the
 * lake that answered, as tables `r1`, `r2` and so on, by which claims name them.
 */
export async function runAsked(context: Context, run: string): Promise<Asked> {
  const [found] = await context.objects<{ lake_version: number }>(
    sqlOf(new URL('../sql/agent-run.sql', import.meta.url)),
    { id: run },
  )
  if (!found || !asksSql(context.reader)) throw notFound()
  const how = ownSql(context)
  const version = await versionNumbered(context.lake, Number(found.lake_version))
  const steps = await context.readAll<ResultStep>(
    context.version,
    sqlOf(new URL('../sql/agent-results.sql', import.meta.url)),
    { id: run },
  )
  const show = showing(context, !how.masked)
  const written = (text: string) => show(text, 'user').text
  const rows = (await evidenceRows(context.version, context.readAll, { kind: 'ask', id: run })).map((row) =>
    maskedRow(context, row, show),
  )
  for (const { result, sql, asked: text, rows: shown } of steps) {
    const { question, values, since, until } = JSON.parse(text) as AskedWith
    const shownValues = Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, written(value)]),
    )
    const json = JSON.stringify({ result, sql: written(sql), question, values: shownValues, since, until })
    rows.push({ table: 'asked', id: result, object: null, json })
    const again = {
      sql,
      version,
      span: { since: since ?? undefined, until: until ?? undefined },
      shown: Number(shown),
    }
    rows.push(...(await answerRows(context, result, { ...again, ...given(sql, question, values) }, how)))
  }
  return asked(context, { id: run, kind: 'answer', rows: byTable(rows), masked: how.masked })
}

interface ResultStep {
  result: string
  sql: string
  asked: string
  rows: number
}

interface AskedWith {
  question: string | null
  values: Record<string, string>
  since: string | null
  until: string | null
}

/** A named question's parameters that were not given are null; other SQL has none. */
function given(sql: string, question: string | null, values: Record<string, string>) {
  if (question === null) return {}
  const names = parametersIn(sql)
  const all = Object.fromEntries(names.map((name) => [name, values[name] ?? null]))
  return names.length === 0 ? {} : { values: all }
}

interface Question {
  sql: string
  version?: LakeVersion
  values?: Record<string, string | null>
  span?: { since: string | undefined; until: string | undefined }
  /** Number of rows that were looked at, from the first on. */
  shown?: number
}

/** The rows of an answer, each as JSON, numbered from 1. */
async function answerRows(
  context: Context,
  table: string,
  { sql, shown = Number.POSITIVE_INFINITY, ...question }: Question,
  how: ReturnType<typeof ownSql>,
): Promise<EvidenceRow[]> {
  return await context.ask(
    sql,
    async (answer) => {
      const found: EvidenceRow[] = []
      const object = answer.columns.indexOf('lake_object')
      for await (const row of answer.rows()) {
        if (found.length >= shown) break
        if (found.length === MAX_ROWS)
          throw new Problem(413, 'Too many rows', `more than ${MAX_ROWS} rows: ask for fewer`)
        const members = row.map(
          (value, at) => `${JSON.stringify(answer.columns[at])}:${jsonText(plainValue(value))}`,
        )
        const from = row[object]
        found.push({
          table,
          id: String(found.length + 1),
          object: typeof from === 'string' ? from : null,
          json: `{${members.join(',')}}`,
        })
      }
      return found
    },
    { ...question, ...how },
  )
}

/**
 * A finding, the rows that prove it, and what was decided on it: every note, also those that later ones
 * replaced.
 */
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
  const rows = [finding, ...(await rowsOf(context, 'finding_note', 'finding', [id], how))]
  for (const table of [...new Set(evidence.map((one) => one.table))].sort()) {
    const key = context.logTypes.find((type) => type.name === table)?.id
    if (key === undefined) continue
    const ids = evidence.flatMap((one) => (one.table === table ? [one.id] : []))
    rows.push(...(await rowsOf(context, table, key, ids, how)))
  }
  return asked(context, { id, kind: 'finding', rows: byTable(rows), masked: how.masked })
}

/** In the order in which a verifier reads the files of a bundle. */
function byTable(rows: readonly EvidenceRow[]): EvidenceRow[] {
  return [...rows].sort((a, b) => (a.table < b.table ? -1 : a.table > b.table ? 1 : 0))
}

async function rowsOf(
  context: Context,
  table: string,
  key: string,
  ids: readonly string[],
  how: { masked: boolean },
): Promise<EvidenceRow[]> {
  return await context.ask(
    `select to_json(whole_row)::varchar as row, ${identifier(key)} as id from (
       select * from ${identifier(table)} where ${identifier(key)} in (select unnest(from_json($ids::json, '["varchar"]')))
       order by all
     ) as whole_row`,
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
