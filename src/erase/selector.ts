import { createHash } from 'node:crypto'
import { holds, type TableColumn, type TableDefinition } from '../lake/table.ts'
import type { TableVersion } from '../lake/version.ts'
import { reject } from '../ledger/tables.ts'
import { identifier, literal } from '../lib/sql.ts'

/** Selects the rows to remove. */
export type Selector =
  /** With `mentions`, also rows with the value anywhere in their text. */
  | { kind: 'person' | 'key' | 'object'; value: string; mentions?: boolean }
  /** By the day of a row: `since` and `until` are both inclusive. */
  | { kind: 'days'; since?: string | undefined; until?: string | undefined }

/**
 * Tables about the lake itself: they stay, because they prove the rest. Tables of followers are not among
 * them: they contain data of persons, too.
 */
const OWN = new Set([
  'ledger',
  'deadletter',
  'erasure',
  'hold',
  'digest',
  'digest_key',
  'review',
  'review_notice',
  'access_log',
])

/** The reason of a reject whose bytes were erased: its row stays, because the ledger counts it. */
export const ERASED = 'erased'

export function isErasable({ name }: Pick<TableDefinition, 'name'>): boolean {
  return !OWN.has(name)
}

/** The definition with only the columns that the table has so far. */
export function asItIs(definition: TableDefinition, { schema }: TableVersion): TableDefinition {
  const known = new Set(schema.fields.map(({ name }) => name))
  return { ...definition, columns: definition.columns.filter(({ name }) => known.has(name)) }
}

/** A SQL condition on a table's rows; undefined when the selector cannot match any. */
export function conditionOf(table: TableDefinition, selector: Selector): string | undefined {
  if (selector.kind === 'days') return daysOf(selector)
  // DuckDB lowercases in its own way, so it lowercases the value, too.
  const wanted = selector.kind === 'person' ? `lower(${literal(selector.value)})` : literal(selector.value)
  return having(table, selector.kind, (form) => `${form} = ${wanted}`)
}

/** The same when only the hash of the value is known. */
export function hashedConditionOf(table: TableDefinition, kind: string, sha256: string): string | undefined {
  if (kind !== 'person' && kind !== 'key' && kind !== 'object') return undefined
  return having(table, kind, (form) => `sha256(${form}) = ${literal(sha256)}`)
}

function having(
  table: TableDefinition,
  kind: 'person' | 'key' | 'object',
  test: (form: string) => string,
): string | undefined {
  const condition = anyOf(
    columnsOf(table, kind).flatMap((column) => formsOf(column, kind)),
    test,
  )
  if (condition === undefined || table.name !== reject.name) return condition
  return `(${condition} and reason is distinct from ${literal(ERASED)})`
}

/** The hash of the value, which an erasure keeps. */
export function hashOf({ kind, value }: { kind: 'person' | 'key' | 'object'; value: string }): string {
  return createHash('sha256').update(spelt(kind, value)).digest('hex')
}

/**
 * Matches rows with a person's name or a key as a separate word in any text; undefined when a table has no
 * text.
 */
export function mentionOf({ columns }: TableDefinition, selector: Selector): string | undefined {
  if (selector.kind === 'days' || selector.kind === 'object') return undefined
  const { value } = selector
  const inJson = JSON.stringify(value).slice(1, -1)
  const ascii = inJson.replace(/[^ -~]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)
  const tests = [...new Set([value, inJson, ascii])].map((spelling) => {
    const word = spelling.replace(/[!-/:-@[-^`{-~]/g, (sign) => `\\${sign}`)
    const pattern = `(^|[^\\w@.+-]|\\\\[bfnrt]|\\\\u[0-9a-f]{4})${word}($|[^\\w@+])`
    return { near: `lower(${literal(spelling)})`, pattern: literal(`(?i)${pattern}`) }
  })
  const texts = columns
    .filter(({ name, type }) => ['string', 'json', 'binary'].includes(type) && name !== 'lake_object')
    .map(({ name, type }) => {
      const text = identifier(name)
      return type === 'binary' ? `coalesce(try(decode(${text})), ${text}::varchar)` : text
    })
  return anyOf(texts, (text) =>
    tests
      .map(({ near, pattern }) => `contains(lower(${text}), ${near}) and regexp_matches(${text}, ${pattern})`)
      .join(' or '),
  )
}

function anyOf(forms: readonly string[], test: (form: string) => string): string | undefined {
  if (forms.length === 0) return undefined
  return `(${forms.map((form) => `coalesce(${test(form)}, false)`).join(' or ')})`
}

function columnsOf(table: TableDefinition, kind: 'person' | 'key' | 'object'): TableColumn[] {
  if (kind === 'object') return table.columns.filter(({ name }) => name === 'lake_object')
  return table.columns.filter(
    (column) =>
      column.type === 'string' &&
      column.name !== 'lake_object' &&
      (holds(column, kind) || (kind === 'key' && table.key?.includes(column.name))),
  )
}

/** Names of persons are case-insensitive, as in AWS. */
function spelt(kind: 'person' | 'key' | 'object', value: string): string {
  return kind === 'person' ? small(value) : value
}

/**
 * Lowercases sign by sign, as DuckDB's `lower` does: JavaScript treats a final Σ specially, and turns İ into
 * two signs.
 */
function small(value: string): string {
  return [...value].map((sign) => [...sign.toLowerCase()][0] ?? sign).join('')
}

/**
 * The values in a column that match; a person's name also occurs in an ARN, a unique id, an actor and a
 * session id.
 */
function formsOf({ name }: TableColumn, kind: 'person' | 'key' | 'object'): string[] {
  const value = identifier(name)
  if (kind !== 'person') return [value]
  const lower = `lower(${value})`
  return [
    lower,
    `split_part(${lower}, ' via ', 1)`,
    `case when starts_with(${lower}, 'arn:') then split_part(${lower}, '/', -1) end`,
    `regexp_extract(${lower}, '^a[a-z0-9]{11,}:(.+)$', 1)`,
    ...(name === 'sessionid' ? [`regexp_extract(${lower}, '^(.+)-[0-9a-z]{17,26}$', 1)`] : []),
  ]
}

function daysOf({ since, until }: { since?: string | undefined; until?: string | undefined }): string {
  // An invalid day is no limit: a hold must rather keep too much.
  const limit = (sign: string, day: string) =>
    `coalesce(lake_day ${sign} try_cast(${literal(day)} as date), true)`
  const parts = [
    ...(since === undefined ? [] : [limit('>=', since)]),
    ...(until === undefined ? [] : [limit('<=', until)]),
  ]
  return `coalesce(${parts.length === 0 ? 'true' : parts.join(' and ')}, false)`
}
