import { createHash } from 'node:crypto'
import { DAY_MS } from '../../lib/day.ts'
import type { Book } from '../book.ts'
import { isOpen, type State } from '../state.ts'

/** When people are told of reviews, and by what. */
export interface ReminderRules {
  /** Destinations, by name. */
  to: readonly string[]
  /** Whether a reviewer is told as soon as a review is theirs. */
  assigned: boolean
  /** Days before it is due. */
  beforeDays: readonly number[]
  /** Days after it was due. */
  afterDays: readonly number[]
  /** Who is told of reviews that nobody is known to decide; null tells nobody. */
  unassignedTo: string | null
}

/** A review that is open, as reminders look at it. */
export interface Waiting {
  id: string
  person: string | null
  started: string | null
  state: State
}

/** Somebody is to be told of a review. */
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
 * The stage that a review has come to: the newest of those whose time is past. Earlier ones that nobody was told of are not made up
 * for, so that whoever begins late hears of a review once.
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
 * Who is to be told now: the reviewer, and once it is escalated whoever it went to as well; in the place of somebody who has a stand-in, the
 * stand-in. Never the person whose session it is, nor of a second look who decided first.
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

/** All that is to be told now, whether or not it was told already. */
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

/** A name that the same parts always have. */
export function idOf(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)
}
