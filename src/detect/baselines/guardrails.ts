import { sql } from '../../lib/sql.ts'
import { isoTime } from '../stream.ts'
import { baselineSeen } from '../tables.ts'
import type { Part } from './contract.ts'
import { rowsInto, seenIn, whoDid } from './rows.ts'

const TABLE = 'cloudtrail'
const FILE = new URL('../sql/baseline-guardrails.sql', import.meta.url)
const RULE = 'guardrail-weaker-than-before'
const MAX = 10

interface Held {
  name: string
  /** Null where the log does not show it. */
  value: number | null
}

/** Guardrails that became weaker: compares each configuration with the one before it. */
export const guardrails: Part = {
  table: TABLE,
  rules: [RULE],
  async *find(round) {
    const { engine, changes } = round
    const rows = await round.rowsOf('CreateGuardrail', 'UpdateGuardrail')
    await engine.run(sql(FILE, { rows, seen: await changes.whole(baselineSeen) }))
    const found = rowsInto(
      round,
      `select account, who, what, ${isoTime('first_time')}, first_id, actor, region,
         what_before, ${isoTime('time_before')}, id_before
       from baselines_guardrails where is_new and what_before is not null`,
    )
    const rule = round.rule(RULE)
    if (!rule) return
    for await (const values of found) {
      const [
        account,
        who = '',
        what = '[]',
        time = '',
        id = '',
        actor,
        region,
        before = '[]',
        then = '',
        past = '',
      ] = values
      const weaker = weakerThan(JSON.parse(before), JSON.parse(what))
      if (weaker.length === 0) continue
      yield {
        rule,
        time,
        table: TABLE,
        rows: [
          { table: TABLE, id: past, time: then },
          { table: TABLE, id, time },
        ],
        count: 2,
        key: JSON.stringify([account, who, id]),
        ...whoDid({ actor, account, region, resource: who }),
        matched: weaker.slice(0, MAX),
      }
    }
  },
  remembers: { [baselineSeen.name]: seenIn('baselines_guardrails where is_new', "'guardrail'") },
}

/** The fields that became weaker, as in `HATE of prompts`: `1, was 3`. */
function weakerThan(before: readonly Held[], now: readonly Held[]): { field: string; value: string }[] {
  const held = new Map(now.map(({ name, value }) => [name, value]))
  return before.flatMap(({ name, value }) => {
    const current = held.has(name) ? (held.get(name) as number | null) : 0
    if (value === null || current === null || current >= value) return []
    return [{ field: name, value: `${current}, was ${value}` }]
  })
}
