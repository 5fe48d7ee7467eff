import { DAY_MS } from '../lib/day.ts'
import { matcher } from '../lib/patterns.ts'
import { managerAt, type People } from './people.ts'
import type { Begun } from './state.ts'

/** Rules that decide what becomes a review. */
export interface ReviewRules {
  /** Days from a session's start, or from its last row when its end is unknown, until the decision is due. */
  days: number
  /** Whether refused sessions are reviewed. */
  refused: boolean
  /** Whether runs of agents that used tools are reviewed, including loglake's own. */
  runs: boolean
  /** Patterns of people and roles whose sessions are not reviewed, each with a reason. */
  leaveOut: readonly { who: string; why: string }[]
  /**
   * Decisions that a second person looks at: denials, sessions of emergency roles, and a share of all others.
   */
  secondLook: { denied: boolean; breakGlass: boolean; percent: number }
}

export const DEFAULT_RULES: ReviewRules = {
  days: 7,
  refused: true,
  runs: true,
  leaveOut: [],
  secondLook: { denied: false, breakGlass: false, percent: 0 },
}

/** A session, a run or a question to loglake's own agent, as the rules see it. */
export interface Subject {
  id: string
  kind: 'session' | 'run' | 'ask'
  who: string | null
  acting_as: string | null
  outcome: string
  /** ISO 8601. */
  started: string | null
  ended: string | null
}

/** Reviewed, or left out for a reason: every session is one of the two. */
export type Chosen = { kind: 'review'; id: string; begun: Begun } | { kind: 'left out'; reason: string }

function reviewId({ kind, id }: Pick<Subject, 'kind' | 'id'>): string {
  return `${kind}:${id}`
}

export function chosenOf(subject: Subject, rules: ReviewRules, people: People): Chosen {
  const { kind, who, acting_as, outcome, started } = subject
  if (kind !== 'session' && !rules.runs)
    return { kind: 'left out', reason: 'runs of agents are not reviewed' }
  if (outcome === 'refused' && !rules.refused)
    return { kind: 'left out', reason: 'refused sessions are not reviewed' }
  for (const { who: pattern, why } of rules.leaveOut) {
    const matches = matcher([pattern])
    if ([who, acting_as].some((name) => name !== null && matches(name)))
      return { kind: 'left out', reason: why }
  }
  // Without an end, it is still running: the days count from its last row.
  const from = started ?? subject.ended ?? new Date(0).toISOString()
  const counted = subject.ended !== null && subject.ended < from ? subject.ended : from
  return {
    kind: 'review',
    id: reviewId(subject),
    begun: {
      reviewer: managerAt(people, [who, acting_as], from),
      due: new Date(Date.parse(counted) + rules.days * DAY_MS).toISOString(),
    },
  }
}
