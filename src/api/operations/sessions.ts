import { z } from 'zod'
import { operation } from '../contract.ts'
import { sessionsOf } from '../pages/sessions.ts'
import { everybodyWithRows } from '../rights.ts'
import { after, behind, count, isoOrNull, limit, span, standing, text, textOrNull } from '../shapes.ts'

/** What a reviewer sees of a session or run in a list. */
export const subject = z.object({
  id: text,
  kind: z
    .enum(['session', 'run', 'ask'])
    .describe("A session of Session Manager, a run of an agent with tools, or of loglake's own agent."),
  who: textOrNull,
  acting_as: textOrNull,
  where: textOrNull.describe('The machine; of a run its tools, of a question to loglake the model.'),
  started: isoOrNull,
  ended: isoOrNull,
  minutes: z.number().nullable(),
  outcome: text.describe('`opened`, `refused`, `unannounced`; of a run `done` or `failed`.'),
  errorcode: textOrNull,
  account: textOrNull,
  region: textOrNull,
  reason: textOrNull.describe('What the person gave as a reason.'),
  output_lines: count,
  calls: count,
  changes: count,
  errors: count,
  findings: count,
  risk: count.describe('From 0; what `why` adds up to.'),
  why: z.array(text).describe('Why it is worth a look, in words.'),
  review: z
    .object({
      id: text,
      state: text,
      due: isoOrNull,
      overdue: z.boolean(),
      reviewer: textOrNull,
      mine: z.boolean(),
      decision: z.enum(['confirm', 'deny']).nullable(),
    })
    .nullable()
    .describe('Null where it is left out of reviews.'),
})

export const sessions = operation({
  name: 'sessions',
  doc: "Lists sessions of Session Manager, runs of agents that used tools, and questions to loglake's own agent, with why each is worth a look.",
  kind: 'read',
  queue: 'page',
  scope: 'read',
  personal: true,
  reads: ['session_summary', 'conversation_summary', 'agent_run', 'finding', 'review'],
  input: z.object({
    ...span,
    kind: z.enum(['all', 'session', 'run', 'ask']).default('all'),
    state: z.enum(['all', 'mine', 'open', 'overdue', 'decided', 'unassigned', 'left-out']).default('all'),
    who: text.max(500).optional().describe('A part of the name of the person or role.'),
    order: z.enum(['due', 'risk', 'newest']).default('due'),
    after,
    limit: limit(1000, 100),
  }),
  output: z.object({
    ...standing,
    behind,
    rows: z.array(subject),
    total: count,
    states: z.object({
      mine: count,
      open: count,
      overdue: count,
      decided: count,
      unassigned: count,
      left_out: count,
    }),
    next: text.nullable(),
  }),
  may: everybodyWithRows,
  run: sessionsOf,
})
