import { sql } from '../../lib/sql.ts'
import { conditionsOf, whereOf } from '../conditions.ts'
import type { Context } from '../context.ts'
import type { Answer } from '../contract.ts'
import { columnsOfTable, countingOf } from './activity-fields.ts'
import { dense, stepOf } from './steps.ts'
import { behindOf, ofSpan } from './summaries.ts'

interface Input {
  from: string
  to: string
  where: string[]
  steps: number
}

/** Counts calls per step of time over the whole span, independent of the rows that a page has loaded. */
export async function activityCounts(input: Input, context: Context): Promise<Answer> {
  const { version } = context
  const conditions = conditionsOf(input.where, columnsOfTable(context, 'cloudtrail'))
  const fromMs = Date.parse(input.from)
  const toMs = Date.parse(input.to)
  const counting = await countingOf(context, conditions, toMs - fromMs)
  const step = stepOf(fromMs, toMs, input.steps, counting.counted === 'summary' ? 600_000 : 1000)
  const behind = await behindOf(context)
  const head = {
    version: version.number,
    behind,
    start_ms: step.startMs,
    step_ms: step.stepMs,
    counted: counting.counted,
    why: counting.why,
  }
  if (counting.counted === 'no') return { kind: 'json', value: { ...head, events: [], errors: [], total: 0 } }
  const where = whereOf(conditions)
  const since = new Date(step.fromMs).toISOString()
  const rows = await context.objects<{ bucket: number; events: number; errors: number }>(
    sql(new URL('../sql/activity-chart.sql', import.meta.url), { rows: counting.rows, where: where.sql }),
    {
      ...where.values,
      since,
      until: input.to,
      step_us: step.stepMs * 1000,
    },
    counting.counted === 'summary' ? ofSpan(since, input.to) : {},
  )
  const events = dense(step, rows, ({ events }) => events)
  return {
    kind: 'json',
    value: {
      ...head,
      events,
      errors: dense(step, rows, ({ errors }) => errors),
      total: events.reduce((sum, count) => sum + count, 0),
    },
  }
}
