import type { DuckDBValue } from '@duckdb/node-api'
import type { Engine } from '../../lib/duckdb.ts'
import { sql } from '../../lib/sql.ts'
import type { Candidate, Evidence, Rule } from '../contract.ts'
import { describedRules } from '../described.ts'
import { isoTime } from '../stream.ts'
import { baselineHour, baselineSeen } from '../tables.ts'
import type { DetectorKind, OpenDetector, Turn } from '../turn.ts'

const TABLE = 'cloudtrail'
const url = (name: string) => new URL(`../sql/${name}.sql`, import.meta.url)

/** The rule of each kind of first time, and of each measure of an hour. */
const FIRST: Readonly<Record<string, string>> = {
  'principal-api': 'first-api-of-principal',
  'principal-region': 'first-region-of-principal',
  'bedrock-region': 'first-bedrock-region-of-account',
  'principal-model': 'first-model-call-of-principal',
  'principal-modelid': 'first-model-of-principal',
  'principal-passed-role': 'first-role-passed-by-principal',
  'training-bucket': 'first-training-bucket-of-account',
  'output-bucket': 'first-output-bucket-of-account',
}
const HOUR: Readonly<Record<string, string>> = {
  calls: 'unusual-call-rate',
  errors: 'unusual-error-rate',
  denied: 'burst-of-denials',
}

/** An hour is unusual when it is so many times as much as the same hour of any of the past days. */
const TIMES = 5
const MOST_ROWS = 100

/**
 * What is new or unusual, by what the lake remembers: first uses of an API, a Region, a model; hours with far more calls, errors
 * or denials than the same hour of past days. Silent until an account has `detect.history_days` of history.
 */
export const baselines: DetectorKind = {
  name: 'baselines',
  doc: 'Says what a principal never did before, and when it does far more than at the same hour of past days.',
  rules: () => [...describedRules('baselines').values()],
  open,
}

function open(turn: Turn): OpenDetector {
  const { changes, settings } = turn
  const rules = describedRules('baselines')
  const days = String(settings.history_days)
  const on = (name: string | undefined) => {
    const rule = name === undefined ? undefined : rules.get(name)
    return rule && turn.isOn(rule) ? rule : undefined
  }
  return {
    name: baselines.name,
    doc: baselines.doc,
    rules: [...rules.values()],
    needs: [TABLE],
    async *find({ added, engine, signal }) {
      const rows = added.get(TABLE)
      if (rows === undefined) return
      await engine.run(sql(url('baseline-first'), { rows, days, seen: await changes.whole(baselineSeen) }))
      const first = `select kind, account, who, what, ${isoTime('first_time')}, first_id, actor, region
        from baselines_first where settled`
      for await (const values of rowsInto(engine, first, signal)) {
        const [kind = '', account = '', who = '', what = '', time = '', id = '', actor, region] = values
        const rule = on(FIRST[kind])
        if (!rule) continue
        yield {
          ...common(rule, time, [{ table: TABLE, id, time }], 1),
          key: JSON.stringify([kind, account, who, what]),
          ...whoDid({ actor: actor || who, account, region }),
          resource: what,
          matched: [{ field: kind, value: what }],
        }
      }
      await engine.run(sql(url('baseline-hours'), { rows }))
      const hours = await changes.whole(baselineHour)
      const unusual = `select measure, value::varchar, most::varchar, account, who, ${isoTime('hour')}
        from (${sql(url('baseline-unusual'), { hours, days })})
        where value >= least and value > ${TIMES} * (1 + most)`
      for await (const values of rowsInto(engine, unusual, signal)) {
        const [measure = '', value = '', most = '', account = '', who = '', hour = ''] = values
        const rule = on(HOUR[measure])
        if (!rule) continue
        yield {
          ...common(rule, hour, await hourRows(engine, rows, { measure, account, who, hour }), Number(value)),
          key: JSON.stringify([measure, account, who, hour]),
          ...whoDid({ actor: who, account }),
          matched: [
            { field: measure, value },
            { field: 'most in the same hour of 14 days', value: most },
          ],
        }
      }
    },
    remembers: () => ({
      [baselineSeen.name]: `select kind, nullif(account, '') as account, who, what, first_time, first_id,
        first_time::date as lake_day, now() as lake_ingested_at from baselines_first`,
      [baselineHour.name]: `select nullif(account, '') as account, who, hour, calls, errors, denied,
        hour::date as lake_day, now() as lake_ingested_at from baselines_hours`,
    }),
  }
}

function common(rule: Rule, time: string, rows: Evidence[], count: number) {
  return { rule, time, table: TABLE, rows, count } satisfies Partial<Candidate>
}

function whoDid(
  found: Record<'actor' | 'account' | 'region', string | undefined> | Record<'actor' | 'account', string>,
): Pick<Candidate, 'actor' | 'account' | 'region'> {
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value))
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

/** Rows of the turn that are of an hour: its first hundred. */
async function hourRows(
  engine: Engine,
  rows: string,
  { measure, account, who, hour }: Hour,
): Promise<Evidence[]> {
  const found = await engine.rows(
    `select eventid, ${isoTime('eventtime')} from ${rows}
     where coalesce(recipientaccountid, useridentity_accountid, '') = $1
       and coalesce(useridentity_sessioncontext_sessionissuer_arn, useridentity_arn) = $2
       and date_trunc('hour', eventtime) = $3::timestamptz and ${WHICH[measure]}
     order by eventtime, eventid limit ${MOST_ROWS}`,
    [account, who, hour],
  )
  return found.map(([id, time]) => ({ table: TABLE, id: String(id), time: String(time) }))
}

/** The rows of a small query over temporary tables, which a connection of its own would not see. */
async function* rowsInto(engine: Engine, query: string, signal: AbortSignal): AsyncGenerator<string[]> {
  await engine.run(
    `create or replace temp table baselines_answer as select row_number() over () as place, * from (${query})`,
  )
  for (let from = 0; ; from += 500) {
    signal.throwIfAborted()
    const rows = await engine.rows(
      `select * exclude (place) from baselines_answer where place > ${from} and place <= ${from + 500} order by place`,
    )
    for (const row of rows) yield row.map((value: DuckDBValue) => (typeof value === 'string' ? value : ''))
    if (rows.length < 500) return
  }
}
