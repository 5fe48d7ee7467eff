import { type Book, bookAt } from '../../review/book.ts'
import { chosenOf, type Subject } from '../../review/population.ts'
import { rightsOf } from '../../review/rights.ts'
import { isOpen, type State, type Step, stateOf } from '../../review/state.ts'
import type { Context } from '../context.ts'
import type { SubjectRow } from './subject.ts'

/** What a list shows of the review of a session. */
export interface ListedReview {
  id: string
  state: string
  due: string | null
  overdue: boolean
  reviewer: string | null
  mine: boolean
  decision: 'confirm' | 'deny' | null
}

export interface Found {
  kind: 'found'
  id: string
  subject: Subject
  begun: { reviewer: string | null; due: string }
  steps: readonly Step[]
  state: State
  book: Book
}

/** A session that has no review. */
export interface LeftOut {
  kind: 'left out'
  reason: string
}

/** Applies the review rules to a session: its review with every step, or the reason why it has none. */
export async function reviewFor(context: Context, subject: Subject): Promise<Found | LeftOut> {
  const { rules } = context.reviews
  const chosen = chosenOf(subject, rules, context.reviews.people())
  if (chosen.kind === 'left out') return chosen
  const book = await bookAt(context.lake, context.version, context.readAll)
  const steps = book.steps.get(chosen.id) ?? []
  const { id, begun } = chosen
  return { kind: 'found', id, subject, begun, steps, state: stateOf(steps, begun), book }
}

function listed(context: Context, { id, state, subject, book }: Found): ListedReview {
  const now = context.now().toISOString()
  const { mine } = rightsOf(context.reader, state, { person: subject.who, book, now })
  return {
    id,
    state: state.name,
    due: state.due,
    overdue: isOpen(state) && state.due < now,
    reviewer: state.reviewer,
    mine,
    decision: state.decision,
  }
}

export function asSubject(row: SubjectRow): Subject {
  const { id, kind, who, acting_as, outcome, started, ended } = row
  return { id, kind, who, acting_as, outcome, started, ended }
}

export async function reviewsOf(
  context: Context,
  subjects: readonly SubjectRow[],
): Promise<ReadonlyMap<string, ListedReview>> {
  const found = new Map<string, ListedReview>()
  for (const row of subjects) {
    const review = await reviewFor(context, asSubject(row))
    if (review.kind === 'found') found.set(row.id, listed(context, review))
  }
  return found
}

export async function reviewOfSubject(context: Context, subject: Subject): Promise<ListedReview | null> {
  const review = await reviewFor(context, subject)
  return review.kind === 'found' ? listed(context, review) : null
}
