import type { Engine } from '../../lib/duckdb.ts'
import { identifier } from '../../lib/sql.ts'
import type { Candidate } from '../contract.ts'
import { type Compiled, oneOf } from './compile.ts'
import type { SigmaTable } from './tables.ts'
import { allOf, anyOf } from './value.ts'

/**
 * Runs all rules of a table in one scan of new rows.
 *
 * Nine in ten rules name their events (`eventName: DeleteTrail`). So the scan first reads which names occur,
 * chooses the rules that can match one of them, and reads only the rows with these names; a rule that names
 * no event is tested on every row. The result is a temporary table of the rows that match a rule, with a bit
 * for each rule.
 */
export interface Hits {
  table: SigmaTable
  /**
   * The temporary table; beside those of the rows, its columns are `sigma_id`, `sigma_time`, `sigma_actor`,
   * ...
   */
  name: string
  /** In the order of their bits. */
  rules: readonly Compiled[]
}

/** Bits per column; a 64th would be the sign in other engines. */
const BITS = 63
/** Number of names above which choosing rules by them costs more than it saves. */
const MAX_NAMES = 5000

export interface ScanRequest {
  engine: Engine
  table: SigmaTable
  rules: readonly Compiled[]
  /** A FROM item. */
  rows: string
  /** The temporary table to create. */
  into: string
  /** Further columns, besides those of the rules. */
  columns?: Iterable<string>
}

export async function scan(request: ScanRequest): Promise<Hits> {
  const { engine, table, into } = request
  const chosen = chosenBy(request.rules, await gatesIn(request))
  const rules = chosen.map(({ rule }) => rule)
  const filters = chosen.map((one) => gated(one, table))
  const columns = new Set([...(request.columns ?? []), ...rules.flatMap((rule) => [...rule.columns])])
  const selected = [...ownColumns(table), ...[...columns].map(identifier), ...masks(filters)]
  await engine.run(
    `create or replace temp table ${identifier(into)} as
     select ${selected.join(',\n  ')}
     from ${request.rows}
     where ${filterOf(chosen, filters, table)}`,
  )
  return { table, name: into, rules }
}

/** The values of the gate column in rows that a rule may match; undefined when rules are not chosen by it. */
async function gatesIn({ engine, table, rules, rows }: ScanRequest): Promise<(string | null)[] | undefined> {
  if (!table.gate || rules.every(({ free }) => free)) return undefined
  const found = await engine.rows(
    `select distinct ${identifier(table.gate)} from ${rows} limit ${MAX_NAMES + 1}`,
  )
  return found.length > MAX_NAMES ? undefined : found.map(([gate]) => gate as string | null)
}

/** A rule that can match, and the gate values with which it can; undefined when it is tested on every row. */
interface Chosen {
  rule: Compiled
  gates: readonly (string | null)[] | undefined
}

function chosenBy(rules: readonly Compiled[], gates: readonly (string | null)[] | undefined): Chosen[] {
  return rules.flatMap((rule): Chosen[] => {
    if (rule.free || !gates) return [{ rule, gates: undefined }]
    const own = gates.filter(rule.possible)
    return own.length === 0 ? [] : [{ rule, gates: own }]
  })
}

function gated({ rule, gates }: Chosen, { gate }: SigmaTable): string {
  return gates && gate ? allOf([oneOf(gate, gates), rule.condition]) : rule.condition
}

function filterOf(chosen: readonly Chosen[], filters: readonly string[], { gate }: SigmaTable): string {
  const free = filters.filter((_, at) => chosen[at]?.gates === undefined)
  if (!gate || free.length === filters.length) return anyOf(free)
  const names = new Set(chosen.flatMap(({ gates }) => gates ?? []))
  return anyOf([allOf([oneOf(gate, [...names]), anyOf(groupedBound(chosen, gate))]), ...free])
}

/** Groups rules with the same names, so that their names are compared once. */
function groupedBound(chosen: readonly Chosen[], gate: string): string[] {
  const groups = new Map<string, { gates: readonly (string | null)[]; conditions: string[] }>()
  for (const { rule, gates } of chosen) {
    if (!gates) continue
    const key = JSON.stringify(gates)
    const own = groups.get(key) ?? { gates, conditions: [] }
    own.conditions.push(rule.condition)
    groups.set(key, own)
  }
  return [...groups.values()].map(({ gates, conditions }) => allOf([oneOf(gate, gates), anyOf(conditions)]))
}

function masks(filters: readonly string[]): string[] {
  const columns: string[] = []
  for (let from = 0; from < filters.length; from += BITS) {
    const bits = filters
      .slice(from, from + BITS)
      .map((filter, bit) => `case when ${filter} then ${1n << BigInt(bit)}::ubigint else 0::ubigint end`)
    columns.push(`${bits.join(' + ')} as sigma_mask_${from / BITS}`)
  }
  return columns
}

/** A condition on hits: the rule at this index matched. */
export function matchedBy(at: number): string {
  return `sigma_mask_${Math.floor(at / BITS)} & ${1n << BigInt(at % BITS)}::ubigint <> 0`
}

/** Tells by a rule's index whether it has hits: most have none, and their hits need not be queried. */
export async function rulesWithHits(engine: Engine, { name, rules }: Hits): Promise<(at: number) => boolean> {
  const columns = Array.from(
    { length: Math.ceil(rules.length / BITS) },
    (_, at) => `bit_or(sigma_mask_${at})`,
  )
  if (columns.length === 0) return () => false
  const [found = []] = await engine.rows(`select ${columns.join(', ')} from ${identifier(name)}`)
  return (at) => {
    const mask = found[Math.floor(at / BITS)]
    return typeof mask === 'bigint' && (mask & (1n << BigInt(at % BITS))) !== 0n
  }
}

/** Columns of a hit that a candidate takes. */
export const OWN = ['sigma_id', 'sigma_actor', 'sigma_account', 'sigma_region', 'sigma_resource'] as const

function ownColumns({ id, time, actor, account, region, resource }: SigmaTable): string[] {
  const column = (name: string | undefined) => (name === undefined ? 'null::varchar' : identifier(name))
  return [
    `coalesce(${identifier(id)}::varchar, '') as sigma_id`,
    `${identifier(time)}::timestamptz as sigma_time`,
    `(${actor ?? 'null'})::varchar as sigma_actor`,
    `${column(account)} as sigma_account`,
    `${column(region)} as sigma_region`,
    `(${resource ?? 'null'})::varchar as sigma_resource`,
  ]
}

/** ISO 8601 in UTC with microseconds, for `strftime`. */
export const TIME = '%Y-%m-%dT%H:%M:%S.%fZ'

/** The known fields of a row, without the empty ones. */
export function about(
  known: Readonly<Record<'actor' | 'account' | 'region' | 'resource', unknown>>,
): Pick<Candidate, 'actor' | 'account' | 'region' | 'resource'> {
  return Object.fromEntries(
    Object.entries(known).filter(([, value]) => typeof value === 'string' && value !== ''),
  )
}
