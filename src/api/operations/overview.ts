import { z } from 'zod'
import { operation } from '../contract.ts'
import { overviewOf } from '../pages/overview.ts'
import { everybodyWithRows } from '../rights.ts'
import { amount, behind, count, iso, isoOrNull, ms, span, standing, text, textOrNull } from '../shapes.ts'

const totals = z.object({
  events: count,
  errors: count,
  invocations: count,
  failed: count,
  input_tokens: count,
  output_tokens: count,
  cost_usd: amount.describe('What priced calls cost; null when none has a price.'),
  unpriced_tokens: count,
  unpriced_models: count,
  findings: count.nullable().describe('Null where no follower finds any.'),
  rejects: count.nullable().describe('Null for readers who see only their own people.'),
})

export const overview = operation({
  name: 'overview',
  doc: 'Tells what happened in a span of time: events, model use, cost, findings, what is late, and reviews that wait.',
  kind: 'read',
  queue: 'page',
  scope: 'read',
  reads: 'all',
  input: z.object({ ...span }),
  output: z.object({
    ...standing,
    behind,
    newest: isoOrNull.describe('The time of the newest event in the lake, in whatever span.'),
    step_ms: count,
    start_ms: ms,
    series: z
      .object({
        events: z.array(count),
        errors: z.array(count),
        invocations: z.array(count),
        tokens: z.array(count),
        cost_usd: z.array(z.number()),
        findings: z.array(count),
        rejects: z.array(count),
      })
      .describe('A number per step from start_ms on.'),
    totals,
    before: totals.describe('The same of the span of equal length before.'),
    actors: z.array(z.object({ actor: text, kind: textOrNull, events: count, errors: count })),
    models: z.array(
      z.object({
        model: textOrNull.describe('Null for calls whose logs name none, as those of SageMaker endpoints.'),
        invocations: count,
        tokens: count,
        cost_usd: amount,
        unpriced: z.boolean(),
      }),
    ),
    errors: z.array(z.object({ errorcode: text, events: count, actors: count })),
    first_seen: z
      .array(z.object({ kind: z.enum(['model', 'actor']), who: text, what: text, time: iso }))
      .describe('Who used a model or called AWS for the first time in this span.'),
    late: z.array(
      z.object({
        kind: z.enum(['source', 'follower', 'hole']),
        name: text,
        what: text.describe('A sentence for a person.'),
        since: isoOrNull,
      }),
    ),
  }),
  may: everybodyWithRows,
  run: overviewOf,
})
