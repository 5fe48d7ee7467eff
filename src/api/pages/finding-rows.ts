import { sql } from '../../lib/sql.ts'
import type { Context } from '../context.ts'

/** A finding, as other pages list it. */
export interface ListedFinding {
  id: string
  title: string
  severity: string
  time: string | null
  event: string | null
}

/** Whether a follower writes findings into this lake. */
export function hasFindings({ lake, version }: Pick<Context, 'lake' | 'version'>): boolean {
  return lake.tables.has('finding') && version.catalog.tables.finding !== undefined
}

/** Findings about the person of a session, from 15 minutes before it to 15 minutes after it. */
export async function listedFindings(
  context: Context,
  about: { who: string | null; useridentity_arn: string | null; from_time: string; until_time: string },
): Promise<ListedFinding[]> {
  if (!hasFindings(context) || about.who === null) return []
  return await context.objects<ListedFinding>(sql(new URL('../sql/findings-around.sql', import.meta.url)), {
    who: about.who,
    arn: about.useridentity_arn,
    since: about.from_time,
    until: about.until_time,
  })
}

interface Found {
  who: string
  arn: string
  time_ms: number
  severity: string
}

const AROUND_MS = 15 * 60_000

/** Counts findings about the person of a session, within 15 minutes of it. */
export async function findingCounts(context: Context, from: string, to: string) {
  const found = hasFindings(context)
    ? await context.objects<Found>(sql(new URL('../sql/findings-by-person.sql', import.meta.url)), {
        since: from,
        until: to,
      })
    : []
  const byPerson = new Map<string, Found[]>()
  for (const one of found)
    for (const name of new Set([one.who, one.arn])) byPerson.set(name, [...(byPerson.get(name) ?? []), one])
  return ({
    who,
    arn,
    begun_ms,
    ended_ms,
  }: {
    who: string | null
    arn: string | null
    begun_ms: number | null
    ended_ms: number | null
  }) => {
    // An ARN identifies them; some logs name only the person, as behind a role for emergencies.
    const own = [...new Set([arn, who].flatMap((name) => (name === null ? [] : (byPerson.get(name) ?? []))))]
    const beginMs = (begun_ms ?? 0) - AROUND_MS
    const endMs = (ended_ms ?? begun_ms ?? 0) + AROUND_MS
    const near = own.filter(({ time_ms }) => time_ms >= beginMs && time_ms <= endMs)
    return {
      all: near.length,
      severe: near.filter(({ severity }) => severity === 'high' || severity === 'critical').length,
    }
  }
}
