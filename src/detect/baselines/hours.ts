import { sql } from '../../lib/sql.ts'
import type { Evidence } from '../contract.ts'
import { isoTime } from '../stream.ts'
import { baselineHour } from '../tables.ts'
import { countCalls } from './calls.ts'
import type { Part, Round } from './contract.ts'
import { rowsInto, whoDid } from './rows.ts'

const TABLE = 'cloudtrail'
const url = (name: string) => new URL(`../sql/${name}.sql`, import.meta.url)

const RULES: Readonly<Record<string, string>> = {
  calls: 'unusual-call-rate',
  errors: 'unusual-error-rate',
  denied: 'burst-of-denials',
}

/** Factor over the same hour of every past day from which an hour is unusual. */
const TIMES = 5
const MAX_ROWS = 100

/**
 * Hours in which a principal called, failed or was refused far more often than at the same hour of past days.
 */
export const hours: Part = {
  table: TABLE,
  rules: Object.values(RULES),
  async *find(round) {
    const { engine, days, changes } = round
    await countCalls(round)
    await engine.run(sql(url('baseline-hours')))
    const known = await changes.whole(baselineHour)
    const unusual = `select measure, value::varchar, most::varchar, account, who, ${isoTime('hour')}
      from (${sql(url('baseline-unusual'), { hours: known, days })})
      where value >= least and value > ${TIMES} * (1 + most)`
    for await (const values of rowsInto(round, unusual)) {
      const [measure = '', value = '', most = '', account = '', who = '', hour = ''] = values
      const rule = round.rule(RULES[measure])
      if (!rule) continue
      yield {
        rule,
        time: hour,
        table: TABLE,
        rows: await rowsOfHour(round, { measure, account, who, hour }),
        count: Number(value),
        key: JSON.stringify([measure, account, who, hour]),
        ...whoDid({ actor: who, account }),
        matched: [
          { field: measure, value },
          { field: 'most in the same hour of 14 days', value: most },
        ],
      }
    }
  },
  remembers: {
    [baselineHour.name]: `select nullif(account, '') as account, who, hour, calls, errors, denied,
      hour::date as lake_day, now() as lake_ingested_at from baselines_hours`,
  },
}

const WHICH: Readonly<Record<string, string>> = {
  calls: 'true',
  errors: 'coalesce(errorcode, errormessage) is not null',
  denied: `errorcode in ('AccessDenied', 'AccessDeniedException', 'UnauthorizedOperation', 'Client.UnauthorizedOperation')`,
}

interface Hour {
  measure: string
  account: string
  who: string
  hour: string
}

/** The turn's first hundred rows of an hour. */
async function rowsOfHour(
  { engine, rows }: Round,
  { measure, account, who, hour }: Hour,
): Promise<Evidence[]> {
  const found = await engine.rows(
    `select eventid, ${isoTime('eventtime')} from ${rows}
     where coalesce(recipientaccountid, useridentity_accountid, '') = $1
       and coalesce(useridentity_sessioncontext_sessionissuer_arn, useridentity_arn) = $2
       and date_trunc('hour', eventtime) = $3::timestamptz and ${WHICH[measure]}
     order by eventtime, eventid limit ${MAX_ROWS}`,
    [account, who, hour],
  )
  return found.map(([id, time]) => ({ table: TABLE, id: String(id), time: String(time) }))
}
