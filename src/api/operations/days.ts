import { z } from 'zod'
import { operation } from '../contract.ts'
import { allDaysOf, daysOf } from '../pages/days.ts'
import { everybodyWithRows } from '../rights.ts'
import { count, day, iso, limit, scoped, standing, text, textOrNull } from '../shapes.ts'

const some = z.array(text.min(1).max(300)).max(50).default([])

const row = z.object({
  table: text,
  day: day.nullable(),
  account: textOrNull,
  region: textOrNull,
  records: count,
})

export type Day = z.output<typeof row>

export const days = operation({
  name: 'days',
  doc: 'Counts the records of log types by day, account and Region.',
  kind: 'read',
  noTool: true,
  queue: 'question',
  scope: 'read',
  reads: 'all',
  input: z.object({
    table: text.max(100).optional().describe('Only this table; those of all log types by default.'),
    from: iso.optional().describe('The beginning of the span; all by default.'),
    to: iso.optional().describe('The end of the span, exclusive.'),
    accounts: some.describe('Only these accounts.'),
    regions: some.describe('Only these Regions.'),
    limit: limit(50_000, 10_000),
  }),
  local: { input: z.object({ table: text.optional(), ...scoped }), run: allDaysOf },
  output: z.object({
    ...standing,
    rows: z.array(row).describe('By table and day.'),
    more: z.boolean().describe('Whether there are more rows, of later days or other tables.'),
  }),
  may: everybodyWithRows,
  run: daysOf,
})
