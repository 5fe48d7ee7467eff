import { sql } from '../../lib/sql.ts'
import { priceView } from '../../query/prices.ts'
import type { Evidence } from '../contract.ts'
import { isoTime } from '../stream.ts'
import { baselineSpending } from '../tables.ts'
import type { Part, Round } from './contract.ts'
import { rowsInto, whoDid } from './rows.ts'

const TABLE = 'bedrock_invocation'
const url = (name: string) => new URL(`../sql/${name}.sql`, import.meta.url)
const RULE = 'unusual-spending'
const MAX_ROWS = 100

/** Hours in which a principal's model calls cost far more than at the same hour of past days. */
export const spending: Part = {
  table: TABLE,
  rules: [RULE],
  async *find(round) {
    const { engine, rows, days, changes, prices } = round
    await engine.run(sql(url('baseline-spending'), { rows, prices: priceView(prices).sql }))
    const rule = round.rule(RULE)
    if (!rule) return
    const known = await changes.whole(baselineSpending)
    const found = rowsInto(round, sql(url('baseline-spending-unusual'), { spending: known, days }))
    for await (const [account = '', who = '', hour = '', cost = '', most = ''] of found) {
      const proof = await rowsOfHour(round, account, who, hour)
      yield {
        rule,
        time: hour,
        table: TABLE,
        rows: proof,
        count: proof.length,
        key: JSON.stringify([account, who, hour]),
        ...whoDid({ actor: who, account }),
        matched: [
          { field: 'cost in US dollars', value: cost },
          { field: 'most in the same hour of 14 days', value: most },
        ],
      }
    }
  },
  remembers: {
    [baselineSpending.name]: `select nullif(account, '') as account, who, hour, cost_usd,
      hour::date as lake_day, now() as lake_ingested_at from baselines_spending`,
  },
}

/** The turn's hundred rows of an hour with the most tokens. */
async function rowsOfHour(
  { engine, rows }: Round,
  account: string,
  who: string,
  hour: string,
): Promise<Evidence[]> {
  const found = await engine.rows(
    `select requestid, ${isoTime('"timestamp"')} from ${rows}
     where coalesce(accountid, '') = $1 and regexp_replace(identity_arn, '^(.*:assumed-role/[^/]+)/.*$', '\\1') = $2
       and date_trunc('hour', "timestamp") = $3::timestamptz
     order by coalesce(output_tokens, 0) + coalesce(input_tokens, 0) desc, requestid limit ${MAX_ROWS}`,
    [account, who, hour],
  )
  const rowsFound = found.map(([id, time]) => ({ table: TABLE, id: String(id), time: String(time) }))
  return rowsFound.sort((one, other) => (one.time < other.time ? -1 : 1))
}
