import { z } from 'zod'
import { operation } from '../contract.ts'
import { usageOf } from '../pages/usage.ts'
import { everybodyWithRows } from '../rights.ts'
import { amount, behind, count, ms, span, standing, text, textOrNull } from '../shapes.ts'

const usageDimensions = [
  'model',
  'endpoint',
  'who',
  'role',
  'account',
  'region',
  'service',
  'errorcode',
] as const

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
  doc: 'Adds up model use and its cost by model, endpoint, identity, account or Region.',
  kind: 'read',
  queue: 'page',
  scope: 'read',
  reads: ['model_usage_10min'],
  input: z.object({
    ...span,
    by: z.array(z.enum(usageDimensions)).min(1).max(2).default(['model']),
    step: z.enum(['hour', 'day', 'week']).default('day'),
    where: z.array(text.max(1000)).max(20).default([]).describe('As in activity, of these dimensions.'),
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
    prices: z.object({ read_on: textOrNull, source: textOrNull }),
  }),
  may: everybodyWithRows,
  run: usageOf,
})
