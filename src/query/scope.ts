import type { Predicate } from '../lake/iceberg/index.ts'
import type { TableDefinition } from '../lake/table.ts'
import { identifier, literal } from '../lib/sql.ts'
import { placeColumn, type RowLimit } from './rows-of.ts'

/**
 * The rows that a question is limited to, in all tables and views: each table is filtered before the question
 * reads it. A condition does not apply to a table without its column.
 */
export interface Scope {
  /** Start time, inclusive, and end time, exclusive, as ISO 8601 in UTC. */
  since?: string
  until?: string
  accounts?: readonly string[]
  regions?: readonly string[]
  /** The rows that the reader may see; all when undefined. */
  limit?: RowLimit
}

/** The conditions on one table's rows. */
export function predicatesOf(
  table: TableDefinition,
  { since, until, accounts = [], regions = [] }: Scope,
): Predicate[] {
  const { time } = table
  const found: Predicate[] = []
  if (time !== undefined && since !== undefined) found.push({ column: time, op: '>=', value: since })
  if (time !== undefined && until !== undefined) found.push({ column: time, op: '<', value: until })
  const [account, region] = [placeColumn(table, 'account'), placeColumn(table, 'region')]
  if (account !== undefined && accounts.length > 0)
    found.push({ column: account, op: 'in', values: [...accounts] })
  if (region !== undefined && regions.length > 0)
    found.push({ column: region, op: 'in', values: [...regions] })
  return found
}

/** What limits a question and not this table, since it has no such column: `account`, `region`. */
export function unlimitedBy(table: TableDefinition, { accounts = [], regions = [] }: Scope): string[] {
  return [
    ...(accounts.length > 0 && placeColumn(table, 'account') === undefined ? ['account'] : []),
    ...(regions.length > 0 && placeColumn(table, 'region') === undefined ? ['region'] : []),
  ]
}

/** The conditions as SQL's WHERE, or nothing. */
export function whereOf(predicates: readonly Predicate[]): string {
  if (predicates.length === 0) return ''
  return ` where ${predicates.map(conditionOf).join(' and ')}`
}

function conditionOf(predicate: Predicate): string {
  const column = identifier(predicate.column)
  if (predicate.op === 'in')
    return `${column} in (${predicate.values.map((value) => literal(String(value))).join(', ')})`
  if (predicate.op === 'has')
    return `list_has_any(json_extract_string(${column}, ${literal(predicate.path)}), [${predicate.values.map(literal).join(', ')}])`
  if (predicate.op === 'is null' || predicate.op === 'is not null') return `${column} ${predicate.op}`
  return `${column} ${predicate.op} ${literal(String(predicate.value))}`
}
