import type { Predicate } from '../lake/iceberg/index.ts'
import { holds, type TableDefinition } from '../lake/table.ts'
import { identifier, literal } from '../lib/sql.ts'
import type { RowLimit } from './rows-of.ts'

/**
 * The rows that a question is limited to, whatever tables and views it asks: each table is cut to them before the question sees it. A
 * table that has no such column is not cut by it.
 */
export interface Scope {
  /** From this time on, as ISO 8601 in UTC; and up to this time, exclusive. */
  since?: string
  until?: string
  accounts?: readonly string[]
  regions?: readonly string[]
  /** What the reader may see; all when it is not given. */
  limit?: RowLimit
}

/** The conditions on one table's rows. */
export function predicatesOf(
  { time, columns }: TableDefinition,
  { since, until, accounts = [], regions = [] }: Scope,
): Predicate[] {
  const holding = (kind: string) => columns.find((column) => holds(column, kind))?.name
  const found: Predicate[] = []
  if (time !== undefined && since !== undefined) found.push({ column: time, op: '>=', value: since })
  if (time !== undefined && until !== undefined) found.push({ column: time, op: '<', value: until })
  const [account, region] = [holding('account'), holding('region')]
  if (account !== undefined && accounts.length > 0)
    found.push({ column: account, op: 'in', values: [...accounts] })
  if (region !== undefined && regions.length > 0)
    found.push({ column: region, op: 'in', values: [...regions] })
  return found
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
