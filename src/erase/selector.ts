import { holds, type TableDefinition } from '../lake/table.ts'
import { identifier, literal } from '../lib/sql.ts'

/** Which rows are meant. */
export type Selector =
  | { kind: 'person' | 'key' | 'object'; value: string }
  /** By the day of a row: `since` and `until` are in it. */
  | { kind: 'days'; since?: string | undefined; until?: string | undefined }

/**
 * Tables that tell of the lake itself: they stay, since they are what proves the rest. Those that followers make go along: they have
 * persons in them, too.
 */
const OWN = new Set([
  'ledger',
  'deadletter',
  'erasure',
  'hold',
  'digest',
  'digest_key',
  'review',
  'access_log',
])

export function isErasable({ name }: TableDefinition): boolean {
  return !OWN.has(name)
}

/** A condition in SQL for the rows of a table; undefined when it can have none. */
export function conditionOf(table: TableDefinition, selector: Selector): string | undefined {
  if (selector.kind === 'days') return daysOf(selector)
  const { kind, value } = selector
  const columns =
    kind === 'object'
      ? table.columns.filter(({ name }) => name === 'lake_object')
      : table.columns.filter(
          (column) =>
            column.type === 'string' &&
            column.name !== 'lake_object' &&
            (holds(column, kind) || (kind === 'key' && table.key?.includes(column.name))),
        )
  if (columns.length === 0) return undefined
  return `(${columns.map(({ name }) => `coalesce(${identifier(name)} = ${literal(value)}, false)`).join(' or ')})`
}

/** The same where only the hash of the value is known. */
export function hashedConditionOf(table: TableDefinition, kind: string, sha256: string): string | undefined {
  if (kind !== 'person' && kind !== 'key' && kind !== 'object') return undefined
  const plain = conditionOf(table, { kind, value: '' })
  return plain?.replaceAll(/("(?:[^"]|"")+") = ''/g, (_, column) => `sha256(${column}) = ${literal(sha256)}`)
}

function daysOf({ since, until }: { since?: string | undefined; until?: string | undefined }): string {
  const parts = [
    ...(since === undefined ? [] : [`lake_day >= ${literal(since)}::date`]),
    ...(until === undefined ? [] : [`lake_day <= ${literal(until)}::date`]),
  ]
  return `coalesce(${parts.length === 0 ? 'true' : parts.join(' and ')}, false)`
}
