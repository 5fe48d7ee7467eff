import type { Cited } from '../claims/support.ts'
import type { Severity } from './digest/severity.ts'

/** A row of `cloudtrail`: its id, and its time as ISO 8601 in UTC with microseconds. */
export interface EventRef {
  id: string
  time: string
}

/** A finding on its way from the items to the report: a sentence, and the events that show it. */
export interface Entry {
  id: string
  severity: Severity
  text: string
  /** The model's sentence failed the check, and was replaced by one of ours. */
  struck: boolean
  /** The events that show it, each once. */
  ids: readonly EventRef[]
  events: number
  /** The first of each is what it is about most. */
  principals: readonly string[]
  services: readonly string[]
  regions: readonly string[]
  accounts: readonly string[]
  /** Facts that a sentence about it may state. */
  facts: readonly Cited[]
  /** The entries of items that were merged into it. */
  from: readonly string[]
}

const ORDER: readonly Severity[] = ['high', 'medium', 'low', 'informational']

/** The highest of several severities. */
export function gravest(severities: readonly Severity[]): Severity {
  return ORDER.find((one) => severities.includes(one)) ?? 'informational'
}

/** The most severe first, then those with most events. */
export function ranked(entries: readonly Entry[]): Entry[] {
  return [...entries].sort(
    (a, b) =>
      ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity) || b.events - a.events || (a.id < b.id ? -1 : 1),
  )
}

/** Each event once, ordered by time. */
export function distinctEvents(events: readonly EventRef[]): EventRef[] {
  const known = new Map(events.map((event) => [event.id, event]))
  return [...known.values()].sort((a, b) =>
    a.time < b.time ? -1 : a.time > b.time ? 1 : a.id < b.id ? -1 : 1,
  )
}
