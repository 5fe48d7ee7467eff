import { sql } from '../../lib/sql.ts'
import { isoTime } from '../stream.ts'
import { baselineSeen } from '../tables.ts'
import type { Part } from './contract.ts'
import { rowsInto, seenIn, whoDid } from './rows.ts'

const TABLE = 'bedrock_invocation'
const FILE = new URL('../sql/baseline-guarded.sql', import.meta.url)
const RULE = 'first-call-without-guardrail'

/**
 * Calls without a guardrail by a principal that has long called the same model with one, and never without.
 */
export const guarded: Part = {
  table: TABLE,
  rules: [RULE],
  async *find(round) {
    const { engine, rows, days, changes } = round
    await engine.run(sql(FILE, { rows, days, seen: await changes.whole(baselineSeen) }))
    const rule = round.rule(RULE)
    if (!rule) return
    const found = rowsInto(
      round,
      `select account, who, model, ${isoTime('first_time')}, first_id, actor, region from baselines_guarded where settled`,
    )
    for await (const values of found) {
      const [account, who = '', model = '', time = '', id = '', actor, region] = values
      yield {
        rule,
        time,
        table: TABLE,
        rows: [{ table: TABLE, id, time }],
        count: 1,
        key: JSON.stringify([account, who, model]),
        ...whoDid({ actor: actor || who, account, region, resource: model }),
        matched: [{ field: 'guardrail_ids', column: 'guardrail_ids' }],
      }
    }
  },
  remembers: { [baselineSeen.name]: seenIn('baselines_guarded', "'guarded-call'") },
}
