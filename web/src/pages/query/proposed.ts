import type { Output } from '../../api/client.ts'

const CALLS = `select eventname, count(*) as calls, count(errorcode) as refused
from cloudtrail
group by all
order by calls desc
limit 50`

const REVIEWS = `select kind, decision, count(*) as steps
from review
group by all
order by steps desc`

type Table = Pick<Output<'tables'>['tables'][number], 'name' | 'logs' | 'rows'>

/**
 * The query that an editor starts with, for readers who see logs and those who do not, as auditors. Where the
 * lake has no API call, it is about the table of logs with the most rows.
 */
export function proposed(seesLogs: boolean, tables: readonly Table[] = []): string {
  if (!seesLogs) return REVIEWS
  const logs = tables.filter(({ logs, rows }) => logs && (rows ?? 0) > 0)
  const [fullest] = logs.toSorted((a, b) => Number(b.rows) - Number(a.rows))
  if (!fullest || logs.some(({ name }) => name === 'cloudtrail')) return CALLS
  return `select lake_day, count(*) as rows
from ${fullest.name}
group by all
order by lake_day desc`
}
