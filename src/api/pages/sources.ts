import { type Failure, failures } from '../../lake/failing.ts'
import { DAY_MS } from '../../lib/day.ts'
import { sql } from '../../lib/sql.ts'
import type { Delivery, Status } from '../../status/status.ts'
import type { Context } from '../context.ts'
import type { Answer } from '../contract.ts'
import { iso, statusAt } from './late.ts'

const url = (name: string) => new URL(`../sql/${name}.sql`, import.meta.url)

interface Pace {
  source: string
  rate: number | null
  usual_lag_s: number | null
}

/** Of a source, as its tables have it. */
interface Last {
  source: string
  last_object: string | null
  reason: string | null
  object: string | null
  at: string | null
}

export async function sourcesOf(_: object, context: Context): Promise<Answer> {
  const [status, paces, lasts, failed] = await Promise.all([
    statusAt(context),
    context.objects<Pace>(sql(url('source-pace'))),
    context.objects<Last>(sql(url('source-last'))),
    failures(context.lake),
  ])
  const value = { version: context.version.number, ...shown(status, paces, lasts, failed) }
  return { kind: 'json', value }
}

/** The newer one of the error in the tables, and the failure of the source itself. */
function lastError(last: Last | undefined, failed: Failure | undefined) {
  const kept = last?.reason && last.at ? { at: last.at, text: last.reason, object: last.object } : null
  if (!failed || (kept && Date.parse(kept.at) > Date.parse(failed.at))) return kept
  return { at: failed.at, text: failed.failure, object: null }
}

function shown(
  { sources, logtypes, followers, total, holes, digests }: Status,
  paces: readonly Pace[],
  lasts: readonly Last[],
  failed: ReadonlyMap<string, Failure>,
) {
  return {
    sources: sources.map((one) => {
      const pace = paces.find(({ source }) => source === one.name)
      const last = lasts.find(({ source }) => source === one.name)
      return {
        name: one.name,
        type: one.type ?? null,
        stopped: one.stopped,
        note: one.waiting.unknown ?? null,
        last_commit: iso(one.lastCommitMs),
        newest: iso(one.newestMs),
        rate: pace?.rate ?? null,
        usual_lag_s: pace?.usual_lag_s ?? null,
        last_object: last?.last_object ?? null,
        last_error: lastError(last, failed.get(one.name)),
        left_out: one.filtered.map(({ reason, objects, first, last }) => ({ reason, objects, first, last })),
        ...delivered(one),
      }
    }),
    logtypes: logtypes.map(({ name, rows, objects, repeated, rejected, lastCommitMs, newestMs }) => ({
      name,
      rows,
      objects,
      repeated,
      rejected,
      last_commit: iso(lastCommitMs),
      newest: iso(newestMs),
    })),
    followers: followers.map(({ name, state, seenMs, behind }) => ({
      name,
      state,
      seen: iso(seenMs),
      behind: { rows: behind.rows, ms: Math.round(behind.ms) },
    })),
    total: delivered(total),
    digests: digests && {
      ...digests.total,
      days: digests.days.map(({ day, account, region, percent, awaited }) => ({
        ...{ day, account, region, percent, awaited },
      })),
    },
    holes,
  }
}

function delivered({ objects, records, percent }: Delivery) {
  return {
    objects: {
      read: objects.read,
      rejected: objects.rejected,
      dead_letters: objects.deadLetters,
      waiting: objects.waiting ?? null,
    },
    records,
    percent,
  }
}

interface DayRow {
  account: string
  region: string
  service: string
  place: string
  day: string
  files: number
  hours: number
}

/** With files on a smaller share of the days than this, a day without files is no gap. */
const REGULAR = 0.5

/**
 * Days by account and Region, compared with their neighbours: a day without a file is a gap where nearly
 * every other day has one.
 */
export async function completenessOf({ days }: { days: number }, context: Context): Promise<Answer> {
  const rows = await context.objects<DayRow>(sql(url('completeness')), { days })
  const all = rows.map(({ day }) => day).sort()
  const [first, last] = [all[0], all.at(-1)]
  const places = new Map<string, DayRow[]>()
  for (const row of rows) {
    const name = JSON.stringify([row.place, row.account, row.service, row.region])
    places.set(name, [...(places.get(name) ?? []), row])
  }
  return {
    kind: 'json',
    value: {
      version: context.version.number,
      first: first ?? null,
      last: last ?? null,
      rows: [...places.values()].map((own) => placeRow(own, first ?? '', last ?? '')),
    },
  }
}

function placeRow(own: readonly DayRow[], first: string, last: string) {
  const { account, region, service, place } = own[0] as DayRow
  const byDay = new Map(own.map((row) => [row.day, row]))
  const begun = own.map(({ day }) => day).sort()[0] as string
  const span = (Date.parse(last) - Date.parse(begun)) / DAY_MS + 1
  const regular = own.length / span >= REGULAR && own.length > 1
  const days = []
  for (let ms = Date.parse(first); ms <= Date.parse(last); ms += DAY_MS) {
    const day = new Date(ms).toISOString().slice(0, 10)
    const row = byDay.get(day)
    const missing = day < begun || !regular ? 'none' : day === last ? 'arriving' : 'gap'
    const state = !row ? missing : day === last ? 'arriving' : 'complete'
    days.push({ day, files: row?.files ?? 0, hours: row?.hours ?? 0, state })
  }
  return { account, region, service, place, days }
}
