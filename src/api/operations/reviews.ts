import { z } from 'zod'
import { operation } from '../contract.ts'
import { periodReportOf, waitingReviewsOf } from '../pages/period.ts'
import { questionsOf } from '../pages/questions.ts'
import { decideOf, openOf, reviewOf, seenOf, stepOf } from '../pages/reviews.ts'
import { seesReports, reviews as takesPartInReviews } from '../rights.ts'
import { by, count, day, iso, isoOrNull, span, standing, text, textOrNull } from '../shapes.ts'

/** What can happen to a review, in the order that a review can take. */
const reviewSteps = [
  'assigned',
  'reassigned',
  'escalated',
  'opened',
  'asked',
  'answered',
  'decided',
  'upheld',
  'overturned',
  'changed_since',
  'withdrawn',
  'seen',
] as const

const step = z.object({
  seq: count,
  kind: z.enum(reviewSteps),
  at: iso,
  by,
  on_behalf_of: textOrNull,
  reviewer: textOrNull.describe('Who is to decide from here on.'),
  decision: z.enum(['confirm', 'deny']).nullable(),
  reason: textOrNull,
  ticket: textOrNull,
  lake_version: count,
  evidence_digest: textOrNull,
})

const state = z.object({
  id: text,
  subject: text.describe('The session or run.'),
  kind: z.enum(['session', 'run', 'ask']),
  person: textOrNull,
  state: z.enum([
    'assigned',
    'opened',
    'asked',
    'answered',
    'second look',
    'closed',
    'changed since',
    'withdrawn',
  ]),
  reviewer: textOrNull.describe('Null when it is in the queue of people without a manager.'),
  mine: z.boolean(),
  due: iso,
  overdue: z.boolean(),
  decision: z.enum(['confirm', 'deny']).nullable(),
  seq: count.describe(
    'To be sent back with every step, so that no one decides over a state that they have not seen.',
  ),
})

export const review = operation({
  name: 'review',
  doc: 'Shows a review: its state, every step, what may be done next, and what the reviewer has seen.',
  kind: 'read',
  queue: 'page',
  scope: 'review',
  personal: true,
  reads: 'all',
  input: z.object({ id: text.max(200).describe('The review, or the session or run that it is about.') }),
  output: z.object({
    ...standing,
    review: state,
    steps: z.array(step),
    may: z.array(z.enum(['decide', 'ask', 'answer', 'reassign', 'look again', 'withdraw'])),
    why_not: textOrNull.describe('Why this reader may not decide, in a sentence.'),
    question: textOrNull,
    checklist: z.object({
      rows_offered: count,
      rows_opened: count,
      lines: count,
      last_line: count.nullable(),
      findings: count,
      findings_opened: count,
      unmasked: z.boolean(),
      seconds: count,
    }),
    told: z
      .array(
        z.object({
          at: iso,
          recipient: text,
          on_behalf_of: textOrNull,
          stage: text.describe('`assigned`, `before N` or `after N`: days before or after it is due.'),
          destination: text,
          outcome: z.enum(['planned', 'sent', 'refused', 'not needed']),
          answer: textOrNull.describe('What the destination said when it refused.'),
        }),
      )
      .describe('Who was told of it, in order.'),
    complete: z.object({
      ended: z.boolean().describe('Whether the session had ended, as far as the logs tell.'),
      output_comes_at_end: z.boolean(),
      note: textOrNull,
    }),
  }),
  may: takesPartInReviews,
  run: reviewOf,
})

export const reviewOpen = operation({
  name: 'review-open',
  doc: 'Records that the reviewer opened a review.',
  kind: 'write',
  queue: 'page',
  scope: 'review',
  input: z.object({ id: text.max(200), seq: z.coerce.number().int() }),
  output: state,
  may: takesPartInReviews,
  run: openOf,
})

export const reviewSeen = operation({
  name: 'review-seen',
  doc: 'Records what the reviewer has looked at so far: it becomes part of the decision.',
  kind: 'write',
  queue: 'page',
  scope: 'review',
  input: z.object({
    id: text.max(200),
    rows_opened: z.array(text.max(500)).max(2000).default([]),
    findings_opened: z.array(text.max(200)).max(2000).default([]),
    last_line: z.number().int().min(0).optional(),
    seconds: z.number().int().min(0).max(600),
  }),
  output: z.object({ recorded: z.boolean() }),
  may: takesPartInReviews,
  run: seenOf,
})

export const reviewDecide = operation({
  name: 'review-decide',
  doc: 'Confirms or denies what was done in a session, with a reason, pinned to the rows that were shown.',
  kind: 'write',
  queue: 'page',
  scope: 'review',
  input: z.object({
    id: text.max(200),
    seq: z.coerce.number().int(),
    decision: z.enum(['confirm', 'deny']),
    reason: text.trim().min(3).max(4000),
    ticket: text.max(300).optional(),
  }),
  output: state,
  may: takesPartInReviews,
  run: decideOf,
})

export const reviewStep = operation({
  name: 'review-step',
  doc: 'Asks the person, answers, hands a review to another reviewer, looks again at a decision, or withdraws a review.',
  kind: 'write',
  queue: 'page',
  scope: 'review',
  input: z.object({
    id: text.max(200),
    seq: z.coerce.number().int(),
    step: z.enum(['asked', 'answered', 'reassigned', 'upheld', 'overturned', 'withdrawn']),
    reason: text.trim().min(3).max(4000).describe('The question, the answer, or why.'),
    to: text.max(300).optional().describe('The new reviewer.'),
  }),
  output: state,
  may: takesPartInReviews,
  run: stepOf,
})

export const questions = operation({
  name: 'questions',
  doc: 'Lists what reviewers asked the reader about their own sessions, with the facts of each session.',
  kind: 'read',
  queue: 'page',
  scope: 'review',
  personal: true,
  reads: ['session_summary', 'conversation_summary', 'agent_run', 'review'],
  input: z.object({}),
  output: z.object({
    ...standing,
    rows: z.array(
      z.object({
        id: text.describe('The review.'),
        kind: z.enum(['session', 'run', 'ask']),
        started: isoOrNull,
        ended: isoOrNull,
        acting_as: textOrNull,
        outcome: textOrNull,
        where: textOrNull.describe('The instance of a session.'),
        question: text,
        asked_by: text,
        asked_at: iso,
        answer: textOrNull,
        answered_at: isoOrNull,
        open: z.boolean().describe('Whether an answer is awaited.'),
        seq: count.describe('To be sent back with the answer, a `review-step`.'),
      }),
    ),
  }),
  may: takesPartInReviews,
  run: questionsOf,
})

export const reviewsWaiting = operation({
  name: 'reviews-waiting',
  doc: 'Counts the reviews that wait for the reader, those that are overdue, and those without a reviewer.',
  kind: 'read',
  queue: 'page',
  scope: 'review',
  personal: true,
  reads: ['session_summary', 'conversation_summary', 'agent_run', 'review'],
  input: z.object({}),
  output: z.object({
    ...standing,
    mine: count,
    overdue: count,
    unassigned: count,
    next_due: isoOrNull,
    questions: count.describe('Questions about their own sessions that the reader has not answered.'),
  }),
  may: takesPartInReviews,
  run: waitingReviewsOf,
})

export const periodReport = operation({
  name: 'period-report',
  doc: 'Adds up all sessions of a span: found = confirmed + denied + open + overdue + left out.',
  kind: 'read',
  queue: 'page',
  scope: 'review',
  reads: ['session_summary', 'conversation_summary', 'agent_run', 'review'],
  input: z.object({ ...span }),
  output: z.object({
    ...standing,
    found: count,
    confirmed: count,
    denied: count,
    open: count,
    overdue: count,
    left_out: z.array(z.object({ reason: text, sessions: count })),
    adds_up: z.boolean(),
    by_day: z.array(
      z.object({
        day,
        found: count,
        confirmed: count,
        denied: count,
        open: count,
        overdue: count,
        left_out: count,
      }),
    ),
    reviewers: z.array(
      z.object({
        reviewer: textOrNull,
        assigned: count,
        decided: count,
        overdue: count,
        median_seconds: z.number().nullable(),
      }),
    ),
    changed_since: count.describe('Decisions whose sessions had new rows afterwards.'),
    second_looks: z.object({ upheld: count, overturned: count, waiting: count }),
    people_file: z.object({ sha256: textOrNull, read: isoOrNull, people: count }),
    complete_to: isoOrNull.describe('Summaries hold everything that was in the lake then.'),
  }),
  may: seesReports,
  run: periodReportOf,
})
