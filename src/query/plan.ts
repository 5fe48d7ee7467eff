import type { Predicate } from '../lake/iceberg/index.ts'
import type { Engine, Values } from '../lib/duckdb.ts'

/**
 * Finds which rows of each table a question can need: DuckDB plans it over empty tables with the same
 * columns, and the filters that its optimiser pushed down to each scan are read from the plan. DuckDB
 * resolves views, joins, CTEs, date_trunc and casts; a filter that this code does not understand prunes
 * nothing, so that no answer is wrong.
 *
 * @returns by table name, one list of conditions per scan: a file is needed when it may match any of the
 * lists
 */
export async function plannedScans(
  engine: Engine,
  question: string,
  values?: Values,
): Promise<Map<string, Predicate[][]>> {
  const scans = new Map<string, Predicate[][]>()
  // The prefix is on a line of its own, which is subtracted from the line number in an error.
  const rows = await engine.rows(`explain (format json)\n${question}`, values).catch((thrown) => {
    throw thrown instanceof Error ? Object.assign(thrown, { message: inQuestion(thrown.message) }) : thrown
  })
  const plan = JSON.parse(String(rows[0]?.[1] ?? '[]')) as PlanNode[]
  for (const node of plan) visit(node, scans)
  return scans
}

function inQuestion(message: string): string {
  return message.replace(/^LINE (\d+):/m, (_, line) => `LINE ${Number(line) - 1}:`)
}

interface PlanNode {
  name: string
  extra_info?: Record<string, string | string[]>
  children?: PlanNode[]
}

function visit(node: PlanNode, scans: Map<string, Predicate[][]>): void {
  const table = node.extra_info?.Table
  if (typeof table === 'string') {
    const name = table.split('.').at(-1) as string
    const filters = [node.extra_info?.Filters ?? []].flat()
    scans.set(name, [...(scans.get(name) ?? []), filters.flatMap(conditions)])
  }
  for (const child of node.children ?? []) visit(child, scans)
}

/**
 * `eventtime>='2026-01-07 00:00:00+00'::TIMESTAMP WITH TIME ZONE AND lake_day<'2026-01-09'::DATE` → two
 * conditions.
 */
export function conditions(filter: string): Predicate[] {
  const text = filter.replace(/^optional: /, '')
  const parts = splitAtAnd(text)
  return parts?.flatMap((part) => condition(part) ?? []) ?? []
}

/** Undefined when there is an OR at the top level: then no part holds by itself. */
function splitAtAnd(text: string): string[] | undefined {
  const parts: string[] = []
  let depth = 0
  let from = 0
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (character === "'") {
      for (at++; at < text.length; at++) if (text[at] === "'" && text[++at] !== "'") break
      at--
    } else if (character === '(') depth++
    else if (character === ')') depth--
    else if (depth === 0 && text.startsWith(' OR ', at)) return undefined
    else if (depth === 0 && text.startsWith(' AND ', at)) {
      parts.push(text.slice(from, at))
      from = at + 5
    }
  }
  return [...parts, text.slice(from)]
}

const TEXT = "'((?:[^']|'')*)'"
const CAST = '(?:::[A-Z_ ]+)?'
const COMPARISON = new RegExp(`^([a-z_][a-z0-9_]*)(=|<=|>=|<|>)${TEXT}${CAST}$`)
const MEMBERSHIP = new RegExp(`^([a-z_][a-z0-9_]*) IN \\((${TEXT}${CAST}(?:, ${TEXT}${CAST})*)\\)$`)

function condition(part: string): Predicate | undefined {
  const text = part.trim().replace(/^\((.*)\)$/, '$1')
  const comparison = COMPARISON.exec(text)
  if (comparison) {
    const [, column = '', op = '=', value = ''] = comparison
    return { column, op: op as '=', value: plain(value) }
  }
  const membership = MEMBERSHIP.exec(text)
  if (!membership) return undefined
  const values = Array.from((membership[2] ?? '').matchAll(new RegExp(TEXT, 'g')), ([, value = '']) =>
    plain(value),
  )
  return { column: membership[1] ?? '', op: 'in', values }
}

function plain(text: string): string {
  return text.replaceAll("''", "'")
}
