import { DAY_MS } from '../../lib/day.ts'
import { sql } from '../../lib/sql.ts'
import type { Condition } from '../conditions.ts'
import type { Context } from '../context.ts'
import { summaryStanding } from './summaries.ts'

/** Columns of `activity_10min` that can be filtered. */
export const SUMMARY_FIELDS = [
  'actor',
  'actor_kind',
  'eventsource',
  'eventname',
  'errorcode',
  'readonly',
  'awsregion',
  'recipientaccountid',
  'sourceipaddress',
] as const

const summed = new Set<string>(SUMMARY_FIELDS)

/** Where counts come from: the summary, the rows, or nowhere with a reason. */
export type Counting =
  | { counted: 'summary' | 'rows'; rows: string; why: null }
  | { counted: 'no'; rows: ''; why: string }

export async function countingOf(
  { version }: Context,
  conditions: readonly Condition[],
  spanMs: number,
): Promise<Counting> {
  const other = conditions.find(({ column }) => !summed.has(column))
  const { there } = await summaryStanding(version)
  if (!other && there) return { counted: 'summary', rows: 'activity_10min', why: null }
  if (spanMs <= DAY_MS) {
    const rows = sql(new URL('../sql/cloudtrail-as-activity.sql', import.meta.url)).replace(/^--.*\n/, '')
    return { counted: 'rows', rows, why: null }
  }
  const why = other
    ? `No summary has ${other.column}: a span of a day or less is counted by its rows.`
    : 'There are no summaries yet: `loglake follow summaries` makes them. A span of a day or less is counted by its rows.'
  return { counted: 'no', rows: '', why }
}

/** The conditions, if the summary has all their columns; else undefined. */
export function onSummary(conditions: readonly Condition[]): boolean {
  return conditions.every(({ column }) => summed.has(column))
}

export function columnsOfTable({ lake }: Pick<Context, 'lake'>, table: string): Set<string> {
  return new Set(lake.tables.get(table)?.columns.map(({ name }) => name))
}
