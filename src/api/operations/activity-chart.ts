import { z } from 'zod'
import { operation } from '../contract.ts'
import { activityCounts } from '../pages/activity-counts.ts'
import { everybodyWithRows } from '../rights.ts'
import { behind, count, ms, span, standing, text, where } from '../shapes.ts'

export const activityChart = operation({
  name: 'activity-chart',
  doc: 'Counts API calls that meet all conditions, by steps of time.',
  kind: 'read',
  queue: 'page',
  scope: 'read',
  reads: ['cloudtrail', 'activity_10min'],
  input: z.object({ ...span, where, steps: z.coerce.number().int().min(1).max(1000).default(120) }),
  output: z.object({
    ...standing,
    behind,
    start_ms: ms,
    step_ms: count,
    events: z.array(count),
    errors: z.array(count),
    total: count,
    counted: z
      .enum(['summary', 'rows', 'no'])
      .describe('`no`: these conditions need the rows of more than a day; narrow the span to count them.'),
    why: text.nullable().describe('Which condition no summary has.'),
  }),
  may: everybodyWithRows,
  run: activityCounts,
})
