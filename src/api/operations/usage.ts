import { z } from 'zod'
import { operation } from '../contract.ts'
import { usageOf } from '../pages/usage.ts'
import { usageDimensions } from '../pages/usage-rows.ts'
import { everybodyWithRows } from '../rights.ts'
import { amount, behind, count, isoOrNull, ms, span, standing, textOrNull, usageWhere } from '../shapes.ts'

const measures = {
  invocations: count,
  failed: count,
  input_tokens: count,
  output_tokens: count,
  cache_read_tokens: count,
  cache_write_tokens: count,
  latency_ms_p50: z.number().nullable(),
  latency_ms_p95: z.number().nullable(),
  latency_ms_p99: z.number().nullable(),
  cost_usd: amount.describe('Of the calls that have a price; null when none has one.'),
  unpriced_tokens: count,
  uncounted: count.describe('Calls of which no log tells the tokens.'),
}

export const usage = operation({
  name: 'usage',
  doc: 'Adds up model use and its cost by model, endpoint, identity, team, day, account or Region.',
  kind: 'read',
  queue: 'page',
  scope: 'read',
  reads: ['model_usage_10min'],
  readsPeople: true,
  input: z.object({
    ...span,
    by: z
      .array(z.enum(usageDimensions))
      .min(1)
      .max(2)
      .default(['model'])
      .describe(
        '`team` is that of the caller, else of the role, by the people file; `named_team` is what callers sent as `team` in the metadata of a Bedrock call, unverified. Calls without a team are the group of null.',
      ),
    step: z.enum(['hour', 'day', 'week']).default('day'),
    where: usageWhere,
  }),
  output: z.object({
    ...standing,
    behind,
    total: z.object(measures),
    groups: z.array(
      z.object({
        keys: z.array(textOrNull),
        ...measures,
        series: z.array(z.number()).describe('Cost per step, or tokens where none is priced.'),
      }),
    ),
    start_ms: ms,
    step_ms: count,
    unpriced: z.array(z.object({ model: textOrNull, tokens: count })),
    teams: z.object({
      in_people_file: z.boolean().describe('Whether the people file names a team at all.'),
      changed: isoOrNull.describe('When the people file was last changed.'),
      before: count.describe(
        'Bedrock calls in summaries made before `named_team` was kept: `loglake follow summaries --rebuild` gives them theirs.',
      ),
    }),
    prices: z.object({ read_on: textOrNull, source: textOrNull }),
  }),
  may: everybodyWithRows,
  run: usageOf,
})
