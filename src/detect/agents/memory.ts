import type { DuckDBValue } from '@duckdb/node-api'
import { DAY_MS } from '../../lib/day.ts'
import type { Engine } from '../../lib/duckdb.ts'
import { identifier } from '../../lib/sql.ts'
import { isoTime } from '../stream.ts'
import { baselineSeen } from '../tables.ts'
import type { Turn } from '../turn.ts'
import type { History } from './checks.ts'
import type { AgentCall } from './run.ts'
import { destinations, domainOf } from './signs.ts'

const TOOL = 'agent-tool'
const DOMAIN = 'agent-domain'
const NEW = 'agents_new'
const CHUNK = 1_000

interface Memory {
  read(): Promise<void>
  of(call: AgentCall): Omit<History, 'allowed'>
  learn(call: AgentCall): void
  rows(): Readonly<Record<string, string>>
  /** Writes what was learnt to the tables in `rows`. */
  write(engine: Engine): Promise<void>
}

interface Seen {
  kind: string
  account: string
  who: string
  what: string
  time: string
  id: string
}

/**
 * The tools that agents used and the domains that they reached, with the first time of each: from the lake
 * and from this turn.
 */
export function openMemory({ changes, settings }: Turn): Memory {
  const known = new Map<string, string>()
  /** By agent, the time of its first call. */
  const began = new Map<string, string>()
  const fresh: Seen[] = []

  function note(kind: string, account: string, who: string, what: string, time: string): boolean {
    const agent = keyOf(account, who)
    const first = began.get(agent)
    if (first === undefined || time < first) began.set(agent, time)
    const key = keyOf(kind, account, who, what)
    if (known.has(key)) return false
    known.set(key, time)
    return true
  }

  return {
    async read() {
      const from = await changes.whole(baselineSeen)
      const rows = await changes.engine.rows(
        `select kind, coalesce(account, ''), who, what, ${isoTime('min(first_time)')} from ${from}
         where kind in ('${TOOL}', '${DOMAIN}') group by all`,
      )
      for (const row of rows) {
        const [kind = '', account = '', who = '', what = '', time = ''] = row.map(wordOf)
        note(kind, account, who, what, time)
      }
    },
    of({ account = '', agent = '', time }) {
      const first = began.get(keyOf(account, agent))
      return {
        used: (tool) => known.has(keyOf(TOOL, account, agent, tool)),
        reached: (domain) => known.has(keyOf(DOMAIN, account, agent, domain)),
        isKnown: first !== undefined && first < time,
        isSettled:
          first !== undefined && Date.parse(time) - Date.parse(first) >= settings.history_days * DAY_MS,
      }
    },
    learn({ account = '', agent = '', time, id, calls }) {
      for (const { name, input } of calls) {
        if (note(TOOL, account, agent, name, time))
          fresh.push({ kind: TOOL, account, who: agent, what: name, time, id })
        for (const domain of new Set(destinations(input).flatMap((one) => domainOf(one) ?? [])))
          if (note(DOMAIN, account, agent, domain, time))
            fresh.push({ kind: DOMAIN, account, who: agent, what: domain, time, id })
      }
    },
    rows: () => ({ [baselineSeen.name]: `select * from ${identifier(NEW)}` }),
    async write(engine) {
      await engine.run(
        `create or replace temp table ${identifier(NEW)} (kind varchar, account varchar, who varchar, what varchar,
           first_time timestamptz, first_id varchar, lake_day date, lake_ingested_at timestamptz)`,
      )
      for (let at = 0; at < fresh.length; at += CHUNK) {
        await engine.run(
          `insert into ${identifier(NEW)}
           select kind, nullif(account, ''), who, what, time::timestamptz, id, time[:10]::date, now()
           from (select unnest(from_json($1, '[{"kind": "VARCHAR", "account": "VARCHAR", "who": "VARCHAR",
             "what": "VARCHAR", "time": "VARCHAR", "id": "VARCHAR"}]'), recursive := true))`,
          [JSON.stringify(fresh.slice(at, at + CHUNK))],
        )
      }
    },
  }
}

function keyOf(...parts: readonly string[]): string {
  return parts.join('\u0000')
}

function wordOf(value: DuckDBValue): string {
  return typeof value === 'string' ? value : ''
}
