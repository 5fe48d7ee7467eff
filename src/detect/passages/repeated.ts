import type { Changes } from '../../follow/contract.ts'
import { literal } from '../../lib/sql.ts'
import type { Candidate, Evidence, Rule } from '../contract.ts'
import { isoTime } from '../stream.ts'
import { finding } from '../tables.ts'

const HOUR_MS = 3_600_000
const LEAST = 3

interface Try {
  actor: string
  account: string | undefined
  time: string
  row: Evidence
}

/**
 * Identities that tried three injections within an hour: those found in this turn, and those in the lake from
 * the hour before. A series is one finding, at its third try.
 */
export async function repeated(
  changes: Changes,
  rule: Rule,
  injection: Rule,
  found: readonly Candidate[],
): Promise<Candidate[]> {
  const tries = found.flatMap(triesOf)
  if (tries.length === 0) return []
  const all = [...(await known(changes, injection, tries)), ...tries]
  const fresh = new Set(tries.map(({ row }) => row.id))
  const byActor = new Map<string, Try[]>()
  for (const one of uniqueRows(all)) {
    const key = JSON.stringify([one.actor, one.account])
    byActor.set(key, [...(byActor.get(key) ?? []), one])
  }
  return [...byActor.values()].flatMap((series) => seriesOf(series, rule, fresh))
}

function triesOf({ actor, account, time, rows: [row] }: Candidate): Try[] {
  return actor === undefined || !row ? [] : [{ actor, account, time, row }]
}

async function known(changes: Changes, injection: Rule, tries: readonly Try[]): Promise<Try[]> {
  const times = tries.map(({ time }) => Date.parse(time))
  const from = new Date(Math.min(...times) - HOUR_MS).toISOString().replace('Z', '+00:00')
  const to = new Date(Math.max(...times)).toISOString().replace('Z', '+00:00')
  const rows = await changes.engine.rows(
    `select actor, account, ${isoTime('time')}, evidence from ${await changes.whole(finding, [
      { column: 'time', op: '>=', value: from },
      { column: 'time', op: '<=', value: to },
    ])} where rule = ${literal(injection.id)} and actor is not null and time >= ${literal(from)}::timestamptz`,
  )
  return rows.flatMap(([actor, account, time, evidence]) => {
    const [row] = JSON.parse(String(evidence)) as Evidence[]
    if (!row) return []
    return [
      {
        actor: String(actor),
        account: typeof account === 'string' ? account : undefined,
        time: String(time),
        row,
      },
    ]
  })
}

function uniqueRows(tries: readonly Try[]): Try[] {
  const byRow = new Map(tries.map((one) => [`${one.row.table} ${one.row.id}`, one]))
  return [...byRow.values()].sort((one, other) => (one.time < other.time ? -1 : 1))
}

/** Series whose third try is new; a series ends after an hour without a try. */
function seriesOf(tries: readonly Try[], rule: Rule, fresh: ReadonlySet<string>): Candidate[] {
  const candidates: Candidate[] = []
  let window: Try[] = []
  let told = false
  for (const one of tries) {
    const last = window.at(-1)
    if (last && Date.parse(one.time) - Date.parse(last.time) > HOUR_MS) told = false
    window = [...window, one].filter(({ time }) => Date.parse(one.time) - Date.parse(time) <= HOUR_MS)
    if (told || window.length < LEAST) continue
    told = true
    if (!fresh.has(one.row.id)) continue
    candidates.push({
      rule,
      time: one.time,
      table: one.row.table,
      rows: window.map(({ row }) => row),
      count: window.length,
      key: JSON.stringify([one.actor, one.account, one.row.id]),
      actor: one.actor,
      ...(one.account === undefined ? {} : { account: one.account }),
      matched: [{ field: 'tries within an hour', value: String(window.length) }],
    })
  }
  return candidates
}
