import { identifier, literal } from '../lib/sql.ts'
import { namedIn } from '../query/needed.ts'
import type { View } from '../query/view.ts'
import type { Described } from './contract.ts'

/** What a result answers. */
export interface Asked {
  sql: string
  since: string | null
  until: string | null
  parameters: Record<string, string | null>
}

/** What the lake knows of its sources. */
export interface SourcesStanding {
  sources: { name: string; newest: string | null; stopped: boolean; objects: { waiting: number | null } }[]
  holes: unknown[]
  total: { percent: { objects: number; records: number } }
}

/** Tables that one result is looked into for. */
const MAX_TABLES = 12
const TIME = /\b\d{4}-\d\d-\d\d(?!\d)/g

/**
 * Reasons for an empty result other than that nothing happened: the lake has no rows in a table, or none of
 * the days that were asked for.
 *
 * @param rows runs SQL with the rights of the person who asks
 */
export async function emptiness(
  { sql, since, until, parameters }: Asked,
  tables: readonly Described[],
  views: readonly View[],
  rows: (sql: string) => Promise<unknown[][]>,
): Promise<string[]> {
  const own = tables.filter(
    ({ kind, columns }) => kind === 'table' && columns.some(({ name }) => name === 'lake_day'),
  )
  const plain = sql.replace(/--[^\n]*/g, ' ')
  // `order by … desc` asks for no description.
  const asked = namedIn(
    plain.replace(/\bdesc\b/gi, ' '),
    own.map(({ name }) => name),
    views,
  )
  const names = own.map(({ name }) => name).filter((name) => asked?.has(name))
  if (names.length === 0) return []
  const days = await rows(
    names
      .slice(0, MAX_TABLES)
      .map((name) => {
        const from = name.split('.').map(identifier).join('.')
        return `select ${literal(name)}, min(lake_day)::varchar, max(lake_day)::varchar from ${from}`
      })
      .join(' union all '),
  )
  const none = days.filter(([, first]) => first === null).map(([name]) => String(name))
  const some = days
    .filter(([, first]) => first !== null)
    .map((row) => row.map(String) as [string, string, string])
  const parts = none.length === 0 ? [] : [`The lake has no rows of ${none.join(', ')}.`]
  const wanted = [since, until, ...Object.values(parameters), plain]
    .flatMap((text) => text?.match(TIME) ?? [])
    .sort()
  const [from] = wanted
  const to = wanted.at(-1)
  if (from !== undefined && to !== undefined && some.length > 0) {
    const open = since !== null && until === null
    const isOutside = some.every(([, first, last]) => (!open && to < first) || from > last)
    const begins = some.map(([, first]) => first).sort()[0]
    if (!isOutside && begins !== undefined && from < begins) parts.push(`It begins on ${begins}.`)
    if (isOutside)
      parts.push(
        `The time that was asked for is none that it has: ${some.map(([name, first, last]) => `${name} from ${first} to ${last}`).join(', ')}.`,
      )
  }
  return parts
}

/**
 * What an empty result is worth: nothing found is not nothing happened when logs are missing.
 *
 * @param more why it may be empty besides
 */
export function standingOf({ sources, holes, total }: SourcesStanding, more: readonly string[]): string {
  const parts = [...more]
  const { objects, records } = total.percent
  if (objects < 100 || records < 100)
    parts.push(
      `Of what was delivered, ${objects} % of the objects and ${records} % of their records are in the lake.`,
    )
  const stopped = sources.filter((one) => one.stopped).map(({ name }) => name)
  if (stopped.length > 0) parts.push(`Stopped: ${stopped.join(', ')}.`)
  const waiting = sources.reduce((sum, one) => sum + (one.objects.waiting ?? 0), 0)
  if (waiting > 0) parts.push(`${waiting} objects wait to be read.`)
  if (holes.length > 0)
    parts.push(
      `${holes.length} days or hours have no file although their neighbours have some (\`loglake days\`).`,
    )
  if (parts.length === 0)
    return 'The lake has all that was delivered to it, and no days or hours are missing between those that it has.'
  return `Nothing found is not nothing happened: ${parts.join(' ')}`
}
