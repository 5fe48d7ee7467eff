import type { DuckDBValue } from '@duckdb/node-api'
import { type Framework, techniqueText } from '../../detect/techniques.ts'
import type { Lake } from '../../lake/lake.ts'
import type { EngineLimits } from '../../lib/duckdb.ts'
import { UserError } from '../../lib/errors.ts'
import { identifier } from '../../lib/sql.ts'
import { grouped, visible } from '../../lib/terminal.ts'
import type { LogType } from '../../logtypes/contract.ts'
import { valueText } from '../../query/values.ts'
import { answered, findingsAnswer } from '../rules/asked.ts'
import { align } from '../show/layout.ts'
import { paint, print } from '../show/output.ts'
import { severityText } from '../show/severity.ts'

interface Evidence {
  table: string
  id: string
  time: string
}

/** Prints a finding, the notes of its rule, and the rows that prove it. */
export async function showFinding(
  lake: Lake,
  id: string,
  { rows: max, limits, types }: { rows: number; limits: EngineLimits; types: readonly LogType[] },
): Promise<void> {
  const found = await oneFinding(lake, id, limits)
  const look = paint(process.stdout)
  const { bold, dim } = look
  const text = (name: string) => visible(valueText(found[name] ?? null))
  const has = (name: string) => found[name] !== null && found[name] !== undefined
  const ids = (framework: Framework) =>
    listIn(found[framework]).map((one) => techniqueText(framework, String(one)))
  const facts: [string, string][] = [
    ['id', text('id')],
    ['time', text('time')],
    ['severity', severityText(text('severity'), look)],
    ...['actor', 'account', 'region', 'resource']
      .filter(has)
      .map((name): [string, string] => [name, text(name)]),
    [
      'rule',
      `${text('rule')}, version ${text('rule_version')}, by ${has('author') ? text('author') : 'unknown'}${has('licence') ? ` (${text('licence')})` : ''}`,
    ],
    ...(['attack', 'atlas', 'owasp'] as const)
      .filter((name) => ids(name).length > 0)
      .map((name): [string, string] => [name, visible(ids(name).join('; '))]),
    ...listIn(found.matched).map((one): [string, string] => {
      const { field = '', value } = one as { field?: string; value?: string }
      const said = value === undefined ? `${field} is not there` : `${field}: ${value}`
      return ['matched', visible(field === '' && value === undefined ? 'a text of the row' : said)]
    }),
    ['state', text('state')],
    ...['verdict', 'assignee', 'reason', 'decided_by', 'hidden_by', 'hidden_why']
      .filter(has)
      .map((name): [string, string] => [name, text(name)]),
  ]
  const lines = align(facts.map(([name, value]) => [dim(name), value]))
  await print(`${bold(text('title'))}\n\n${text('explanation')}\n\n${lines.join('\n')}\n`)
  const evidence = listIn(found.evidence) as Evidence[]
  await print(
    `\n${bold('Proof')}: ${grouped(Number(found.evidence_rows))} rows, ${grouped(Math.min(max, evidence.length))} shown\n`,
  )
  for (const one of evidence.slice(0, max)) await print(`${await evidenceText(lake, one, types, limits)}\n`)
}

/** @throws UserError when no finding has the id, or several ids start with it */
export async function oneFinding(
  lake: Lake,
  id: string,
  limits: EngineLimits,
): Promise<Record<string, DuckDBValue>> {
  const { columns, rows } = await findingsAnswer(lake, 'finding', { id }, limits)
  const [row, another] = rows
  if (!row || id === '')
    throw new UserError(`no finding has the id ${visible(id)}: \`loglake findings\` lists them`)
  if (another && row[0] !== id) throw new UserError(`the ids of several findings begin with ${visible(id)}`)
  return Object.fromEntries(columns.map((name, at) => [name, row[at] ?? null]))
}

/** The row without its empty columns. */
async function evidenceText(
  lake: Lake,
  { table, id, time }: Evidence,
  types: readonly LogType[],
  limits: EngineLimits,
): Promise<string> {
  const { dim } = paint(process.stdout)
  const title = `\n${visible(table)} ${visible(id)} ${visible(time)}`
  const type = types.find(({ name }) => name === table)
  if (!type) return title
  const when = time === '' ? 'true' : `${identifier(type.time)} = $time::timestamptz`
  const { columns, rows } = await answered(
    lake,
    `select * from ${identifier(table)} where ${identifier(type.id)}::varchar is not distinct from $id and ${when} limit 1`,
    { id, ...(time === '' ? {} : { time }) },
    limits,
  )
  const [row] = rows
  if (!row) return `${title}: it is not in the lake any more`
  const shown = columns.flatMap((name, at) => {
    const value = row[at] ?? null
    return value === null ? [] : [[dim(name), visible(short(valueText(value)))]]
  })
  return [title, ...align(shown).map((line) => `  ${line}`)].join('\n')
}

const LONGEST = 400

function short(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}

function listIn(value: DuckDBValue | undefined): unknown[] {
  if (typeof value !== 'string') return []
  const found: unknown = JSON.parse(value)
  return Array.isArray(found) ? found : []
}
