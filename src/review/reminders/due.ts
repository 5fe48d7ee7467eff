import { createHash } from 'node:crypto'
import { DAY_MS } from '../../lib/day.ts'
import type { Book } from '../book.ts'
import { isOpen, type State } from '../state.ts'

/** Rules of the reminders. */
export interface ReminderRules {
  /** Destinations, by name. */
  to: readonly string[]
  /** Whether a reviewer is notified as soon as a review is assigned. */
  assigned: boolean
  /** Days before the due date. */
  beforeDays: readonly number[]
  /** Days after the due date. */
  afterDays: readonly number[]
  /** The recipient for reviews without a known reviewer; null for none. */
  unassignedTo: string | null
}

/** An open review, as reminders see it. */
export interface Waiting {
  id: string
  person: string | null
  started: string | null
  state: State
}

/** A notice to a person about a review. */
export interface Notice {
  id: string
  review_id: string
  person: string | null
  started: string | null
  due: string
  stage: string
  recipient: string
  on_behalf_of: string | null
  destination: string
}

/**
 * The stage that a review has reached: the latest whose time has come. Earlier ones that were missed are not
 * sent, so that a system that starts late sends one notice per review.
 */
export function stageOf(
  due: string,
  now: string,
  { assigned, beforeDays, afterDays }: ReminderRules,
): string | null {
  const daysLeft = (Date.parse(due) - Date.parse(now)) / DAY_MS
  const after = Math.max(...afterDays.filter((days) => -daysLeft >= days))
  if (after >= 0) return `after ${after}`
  const before = Math.min(...beforeDays.filter((days) => daysLeft >= 0 && daysLeft <= days))
  if (before < Number.POSITIVE_INFINITY) return `before ${before}`
  return assigned ? 'assigned' : null
}

/**
 * The recipients now: the reviewer, and after an escalation the second reviewer as well; a stand-in in place
 * of each person who has one. Never the person whose session it is, and for a second look never the first
 * decider.
 */
export function recipientsOf(
  { person, state }: Waiting,
  { delegations }: Pick<Book, 'delegations'>,
  now: string,
  { unassignedTo }: ReminderRules,
): { name: string; onBehalfOf: string | null }[] {
  const mayHear = (name: string) =>
    name !== person && !(state.name === 'second look' && name === state.decidedBy)
  const told = new Map<string, string | null>()
  for (const name of [state.reviewer, state.escalatedTo]) {
    if (name === null) continue
    const standIns = delegations.filter(
      ({ from, to, begins, ends }) => from === name && begins <= now && now < ends && mayHear(to),
    )
    for (const { to } of standIns) if (!told.has(to)) told.set(to, name)
    if (standIns.length === 0 && mayHear(name)) told.set(name, null)
  }
  if (state.reviewer === null && told.size === 0 && unassignedTo !== null && mayHear(unassignedTo))
    told.set(unassignedTo, null)
  return [...told].map(([name, onBehalfOf]) => ({ name, onBehalfOf }))
}

/** All notices that are due now, sent or not. */
export function noticesDue(
  waiting: readonly Waiting[],
  book: Pick<Book, 'delegations'>,
  now: string,
  rules: ReminderRules,
): Notice[] {
  const all: Notice[] = []
  for (const one of waiting) {
    if (!isOpen(one.state)) continue
    const { due } = one.state
    const stage = stageOf(due, now, rules)
    if (stage === null) continue
    for (const { name, onBehalfOf } of recipientsOf(one, book, now, rules))
      for (const destination of rules.to)
        all.push({
          id: idOf([one.id, due, stage, name, destination]),
          review_id: one.id,
          person: one.person,
          started: one.started,
          due,
          stage,
          recipient: name,
          on_behalf_of: onBehalfOf,
          destination,
        })
  }
  return all
}

/** An id derived from the parts: equal parts give the same one. */
export function idOf(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)
}
