import { DAY_MS } from '../lib/day.ts'
/** Files of one service from one account and Region on one day. */
export interface Delivered {
  /** The part before `AWSLogs/`: the bucket and the trail's prefix. */
  place: string
  account: string
  /** `CloudTrail`, `BedrockModelInvocationLogs` */
  service: string
  region: string
  /** As in 2026-01-07, UTC. */
  day: string
  files: number
  /** Hours of that day in the files' names; empty where names have none. */
  hours: readonly number[]
}

/** A time without a file, where neighbouring times have some. */
export interface Hole extends Omit<Delivered, 'day' | 'hours' | 'files'> {
  /** The first and the last day or hour without a file: 2026-01-07, or 2026-01-07T22. */
  from: string
  to: string
  /**
   * Files on the day before, and on the day after; the latter is 0 where no file has come since while other
   * Regions deliver.
   */
  before: number
  after: number
}

/** Share of days with files below which a day without one is normal. */
const REGULAR_DAYS = 0.5
/** Share of hours with files below which an hour without one is normal, once there is a day of hours. */
const REGULAR_HOURS = 0.75
const LEAST_HOURS = 24

/**
 * Days without a file in places that deliver regularly, and hours where nearly every hour has one. The last
 * days count when other Regions of the same account have delivered since.
 */
export function holes(delivered: readonly Delivered[]): Hole[] {
  const newest = new Map<string, number>()
  for (const one of delivered) {
    const account = accountOf(one)
    newest.set(account, Math.max(newest.get(account) ?? 0, dayNumber(one.day)))
  }
  const places = new Map<string, Delivered[]>()
  for (const one of delivered) {
    const name = `${accountOf(one)}\n${one.region}`
    places.set(name, [...(places.get(name) ?? []), one])
  }
  return [...places.values()].flatMap((days) => {
    const sorted = days.toSorted((a, b) => (a.day < b.day ? -1 : 1))
    return [
      ...missingDays(sorted, newest.get(accountOf(sorted[0] as Delivered)) ?? 0),
      ...missingHours(sorted),
    ]
  })
}

function missingDays(days: readonly Delivered[], newest: number): Hole[] {
  const first = dayNumber((days[0] as Delivered).day)
  const last = dayNumber((days.at(-1) as Delivered).day)
  if (days.length < 2 || days.length / (last - first + 1) < REGULAR_DAYS) return []
  const found: Hole[] = []
  for (const [at, day] of days.entries()) {
    const next = days[at + 1]
    const from = dayNumber(day.day) + 1
    // The newest day is not over.
    const to = (next ? dayNumber(next.day) : newest) - 1
    if (from <= to)
      found.push({
        ...placeOf(day),
        from: dayText(from),
        to: dayText(to),
        before: day.files,
        after: next?.files ?? 0,
      })
  }
  return found
}

function missingHours(days: readonly Delivered[]): Hole[] {
  const hours = days.flatMap((day) =>
    day.hours.map((hour) => ({ day, number: dayNumber(day.day) * 24 + hour })),
  )
  const first = hours[0]?.number ?? 0
  const last = hours.at(-1)?.number ?? 0
  if (hours.length < LEAST_HOURS || hours.length / (last - first + 1) < REGULAR_HOURS) return []
  const found: Hole[] = []
  for (const [at, { day, number }] of hours.entries()) {
    const next = hours[at + 1]
    // Whole days without a file were already reported.
    if (!next || next.number <= number + 1 || dayNumber(next.day.day) > dayNumber(day.day) + 1) continue
    const between = { from: hourText(number + 1), to: hourText(next.number - 1) }
    found.push({ ...placeOf(day), ...between, before: day.files, after: next.day.files })
  }
  return found
}

function placeOf({ place, account, service, region }: Delivered) {
  return { place, account, service, region }
}

function accountOf({ place, account, service }: Delivered): string {
  return `${place}\n${account}\n${service}`
}

function dayNumber(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) / DAY_MS
}

function dayText(number: number): string {
  return new Date(number * DAY_MS).toISOString().slice(0, 10)
}

function hourText(number: number): string {
  return new Date((number * DAY_MS) / 24).toISOString().slice(0, 13)
}
