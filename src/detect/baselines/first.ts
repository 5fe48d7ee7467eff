import { sql } from '../../lib/sql.ts'
import { isoTime } from '../stream.ts'
import { baselineSeen } from '../tables.ts'
import { countCalls } from './calls.ts'
import type { Part } from './contract.ts'
import { rowsInto, seenIn, whoDid } from './rows.ts'

const TABLE = 'cloudtrail'
const FILE = new URL('../sql/baseline-first.sql', import.meta.url)

/** The rule for each kind of first time; kinds without a rule are remembered because these need them. */
const RULES: Readonly<Record<string, string>> = {
  'principal-api': 'first-api-of-principal',
  'principal-region': 'first-region-of-principal',
  'bedrock-region': 'first-bedrock-region-of-account',
  'principal-model': 'first-model-call-of-principal',
  'principal-modelid': 'first-model-of-principal',
  'principal-passed-role': 'first-role-passed-by-principal',
  'training-bucket': 'first-training-bucket-of-account',
  'output-bucket': 'first-output-bucket-of-account',
  'logging-reader': 'first-look-at-model-logging',
  'logging-destination': 'first-destination-of-model-logging',
  'instance-model-network': 'instance-credentials-call-models-from-elsewhere',
}

/** First times of a principal or an account in CloudTrail. */
export const first: Part = {
  table: TABLE,
  rules: Object.values(RULES),
  async *find(round) {
    const { engine, rows, days, changes } = round
    await countCalls(round)
    await engine.run(sql(FILE, { rows, days, seen: await changes.whole(baselineSeen) }))
    const found = rowsInto(
      round,
      `select kind, account, who, what, ${isoTime('first_time')}, first_id, actor, region
       from baselines_first where settled`,
    )
    for await (const values of found) {
      const [kind = '', account = '', who = '', what = '', time = '', id = '', actor, region] = values
      const rule = round.rule(RULES[kind])
      if (!rule) continue
      yield {
        rule,
        time,
        table: TABLE,
        rows: [{ table: TABLE, id, time }],
        count: 1,
        key: JSON.stringify([kind, account, who, what]),
        ...whoDid({ actor: actor || who, account, region, resource: what }),
        matched: [{ field: kind, value: what }],
      }
    }
  },
  remembers: { [baselineSeen.name]: seenIn('baselines_first') },
}
