import type { Changes, Work } from '../follow/contract.ts'
import type { Predicate } from '../lake/iceberg/index.ts'
import type { AppendedTable } from '../lake/table.ts'
import { sentence } from '../lib/errors.ts'
import { sql } from '../lib/sql.ts'
import { hidingParts } from './ask.ts'
import type { Candidate, NewRows, Rule, TimeSpan } from './contract.ts'
import { type FindingRow, findingOf, type HoldsOf } from './finding.ts'
import { detectors } from './index.ts'
import { detectDefaults } from './settings.ts'
import { switchedOff } from './switches.ts'
import { baselineHour, baselineSeen, baselineSpending, finding, ruleFailure, suppression } from './tables.ts'
import type { DetectOptions, OpenDetector, Turn } from './turn.ts'

const url = (name: string) => new URL(`./sql/${name}.sql`, import.meta.url)
const CHUNK = 500
/** Time that a detector may take for a turn's rows. */
const DETECTOR_MS = 900_000
/** Days for which an old finding is looked up: a long conversation sends the same text again. */
const KNOWN_DAYS = 30

/**
 * The kinds of value by table and column, for columns of one value. JSON and texts hold many kinds, and are
 * scanned instead.
 */
function holdsOf(tables: readonly AppendedTable[]): HoldsOf {
  const known = new Map(
    tables.flatMap(({ name, columns }) =>
      columns
        .filter(({ type, text }) => type !== 'json' && text === undefined)
        .map((column) => [`${name}.${column.name}`, column.holds] as const),
    ),
  )
  return (table, column) => {
    const found = known.get(`${table}.${column}`) ?? []
    return typeof found === 'string' ? [found] : found
  }
}

interface Failure {
  rule: string
  version: string | null
  error: string
}

/** Runs one turn: findings, what baselines learn, and rules that failed. */
export async function work(
  changes: Changes,
  { tables, settings = detectDefaults, only, again, learns }: DetectOptions & { learns: boolean },
): Promise<Work> {
  const { engine, end, signal } = changes
  await engine.run(sql(url('found-table')))
  const off = await switchedOff(changes, settings)
  const turn: Turn = {
    changes,
    settings,
    tables: new Map(tables.map((table) => [table.name, table])),
    holds: holdsOf(tables),
    learns,
    isOn: (rule) => (only === undefined ? !off(rule) : named(rule, only)),
  }
  const failures: Failure[] = []
  const remembered: Record<string, string[]> = {}
  for (const kind of detectors) {
    const opened = kind.open(turn)
    const failed = (rule: Rule, thrown: unknown) =>
      failures.push({ rule: rule.id, version: rule.version, error: sentence(thrown).slice(0, 2_000) })
    let ran = false
    try {
      ran = await runDetector(opened, turn, failed)
    } catch (thrown) {
      signal.throwIfAborted()
      failures.push({ rule: kind.name, version: null, error: sentence(thrown).slice(0, 2_000) })
      continue
    }
    if (!ran || !learns) continue
    for (const [table, select] of Object.entries(opened.remembers?.() ?? {}))
      remembered[table] = [...(remembered[table] ?? []), select]
  }
  const rows: Record<string, string> = {
    [finding.name]: sql(url('findings'), {
      ...hidingParts(await changes.whole(suppression), 'found'),
      known: again
        ? '(select null::varchar as id where false)'
        : await changes.whole(finding, await spanOfFound(changes)),
    }),
  }
  for (const { name } of [baselineSeen, baselineHour, baselineSpending]) {
    const selects = remembered[name]
    if (selects) rows[name] = selects.map((select) => `(${select})`).join(' union all by name ')
  }
  if (failures.length > 0) rows[ruleFailure.name] = await failureRows(changes, failures)
  return { rows, cursor: end }
}

/** False when it had no rows. */
async function runDetector(
  detector: OpenDetector,
  turn: Turn,
  failed: (rule: Rule, thrown: unknown) => void,
): Promise<boolean> {
  const { changes, holds } = turn
  const { engine } = changes
  const signal = AbortSignal.any([changes.signal, AbortSignal.timeout(DETECTOR_MS)])
  const rows = newRows(turn, detector.needs, failed, signal)
  if (rows.added.size === 0) return false
  let chunk: FindingRow[] = []
  const flush = async () => {
    if (chunk.length > 0) await engine.run(sql(url('found-add')), [JSON.stringify(chunk)])
    chunk = []
  }
  for await (const candidate of detector.find(rows)) {
    signal.throwIfAborted()
    if (!isFinding(candidate, turn)) continue
    chunk.push(findingOf(candidate, detector.name, holds))
    if (chunk.length >= CHUNK) await flush()
  }
  await flush()
  return true
}

function isFinding({ rule }: Candidate, { isOn }: Turn): boolean {
  return rule.reports && isOn(rule)
}

function newRows(
  { changes, tables }: Turn,
  needs: readonly string[],
  failed: (rule: Rule, thrown: unknown) => void,
  signal: AbortSignal,
): NewRows {
  const added = new Map<string, string>()
  for (const name of needs) {
    const found = changes.added.get(name)
    if (found && found.files.length > 0) added.set(name, found.rows)
  }
  return {
    engine: changes.engine,
    added,
    async before(name, span) {
      const table = tables.get(name)
      if (!table) throw new Error(`the table ${name} is not followed`)
      return await changes.before(table, within(table.time, span))
    },
    failed,
    signal,
  }
}

function within(column: string | undefined, { from, to }: TimeSpan): Predicate[] {
  if (column === undefined) return []
  const [least, most] = [from, to].map((time) => time.replace(/Z$/, '+00:00')) as [string, string]
  return [
    { column, op: '>=', value: least },
    { column, op: '<=', value: most },
  ]
}

/** The findings in the lake that a new one may equal. */
async function spanOfFound({ engine }: Changes): Promise<Predicate[]> {
  const [[from, to] = []] = await engine.rows(
    `select strftime(min(time) - to_days(${KNOWN_DAYS}), '%Y-%m-%dT%H:%M:%S.%f+00:00'),
       strftime(max(time) + to_days(${KNOWN_DAYS}), '%Y-%m-%dT%H:%M:%S.%f+00:00')
     from detect_found`,
  )
  if (typeof from !== 'string' || typeof to !== 'string') return []
  return [
    { column: 'time', op: '>=', value: from },
    { column: 'time', op: '<=', value: to },
  ]
}

async function failureRows({ engine, added }: Changes, failures: readonly Failure[]): Promise<string> {
  const rows = [...added.values()].reduce(
    (sum, { files }) => sum + files.reduce((total, { file }) => total + file.records, 0),
    0,
  )
  await engine.run(
    `create or replace temp table detect_failed as
     select now() as made_at, rule, version as rule_version, error, ${rows}::bigint as rows, current_date as lake_day,
       now() as lake_ingested_at
     from (select unnest(from_json($1, '[{"rule": "VARCHAR", "version": "VARCHAR", "error": "VARCHAR"}]'), recursive := true))`,
    [JSON.stringify(failures)],
  )
  return 'select * from detect_failed'
}

export function named({ id, name, origin }: Rule, names: readonly string[]): boolean {
  return (
    names.includes(id) || (name !== undefined && names.includes(name)) || names.includes(stem(origin.file))
  )
}

function stem(file: string): string {
  return file.replace(/^.*\//, '').replace(/\.ya?ml$/, '')
}
