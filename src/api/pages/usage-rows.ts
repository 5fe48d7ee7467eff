import type { Values } from '../../lib/duckdb.ts'
import { identifier, sql } from '../../lib/sql.ts'
import { teamSpansOf } from '../../review/teams.ts'
import { conditionsOf, whereOf } from '../conditions.ts'
import type { Context } from '../context.ts'

/**
 * The rows of model use behind the page and its export. A row's team comes from the people file, which is not
 * in the lake, so it is joined only where it is asked for.
 */

export interface UsageSpan {
  from: string
  to: string
  where: string[]
}

export const usageDimensions = [
  'model',
  'endpoint',
  'who',
  'role',
  'team',
  'named_team',
  'day',
  'account',
  'region',
  'service',
  'errorcode',
] as const

/** A dimension of the page, and the column behind it. */
const COLUMN: Readonly<Record<string, string>> = { account: 'accountid' }
const columnOf = (name: string) => COLUMN[name] ?? name
const FIELDS = new Set(usageDimensions.map(columnOf))

const url = (name: string) => new URL(`../sql/${name}.sql`, import.meta.url)

/** A SELECT over the span, the condition that its rows have to meet, and the values of both. */
export function usageRows(input: UsageSpan, context: Context, by: readonly string[] = []) {
  const conditions = conditionsOf(input.where, FIELDS, COLUMN)
  const where = whereOf(conditions)
  const withTeam = by.includes('team') || conditions.some(({ column }) => column === 'team')
  const values: Values = { ...where.values, since: input.from, until: input.to }
  if (withTeam) values.teams = JSON.stringify(teamSpansOf(context.reviews.people()))
  const rows = sql(url('usage-rows'))
  return { rows: withTeam ? sql(url('usage-team-rows'), { rows }) : rows, where: where.sql, values }
}

/** The columns of a SELECT that dimensions stand for, as `key0` and `key1`. */
export function keysOf(by: readonly string[]): string {
  return by.map((name, at) => `${identifier(columnOf(name))} as key${at}`).join(', ')
}

/** Whether the people file names a team, and when the file was last changed. */
export function teamsOf({ reviews }: Context): { in_people_file: boolean; changed: string | null } {
  const people = reviews.people()
  return { in_people_file: people.lines.some(({ team }) => team !== ''), changed: people.changed }
}
