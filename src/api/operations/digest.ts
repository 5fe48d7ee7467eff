import { z } from 'zod'
import { KINDS } from '../../analyze/digest/digest.ts'
import { operation } from '../contract.ts'
import { digestOf, wholeDigestOf } from '../pages/digest.ts'
import { everybodyWithRows } from '../rights.ts'
import { count, iso, scoped, standing, text, textOrNull } from '../shapes.ts'

const some = z.array(text.min(1).max(300)).max(50).default([])

export const digest = operation({
  name: 'digest',
  doc: 'Tells what stands out in a window of API calls, counted without a model: deleted, refused, loud, new, rare, each line with its events.',
  kind: 'read',
  queue: 'question',
  scope: 'read',
  reads: ['cloudtrail'],
  input: z.object({
    since: iso
      .optional()
      .describe('The beginning of the window; by default `analyze.window` before its end.'),
    until: iso
      .optional()
      .describe('The end of the window, exclusive; by default behind the newest event of the lake.'),
    days: z.coerce
      .number()
      .int()
      .min(1)
      .max(400)
      .optional()
      .describe('Days before it that it is held against.'),
    lines: z.coerce.number().int().min(1).max(200).default(20).describe('The most lines of each kind.'),
    accounts: some.describe('Only these accounts.'),
    regions: some.describe('Only these Regions.'),
    services: some.describe('Only these services, as in `iam`.'),
    principals: some.describe('Only these principals; `*` stands for anything.'),
  }),
  local: {
    input: z.object({
      ...scoped,
      services: z.array(text).optional(),
      principals: z.array(text).optional(),
      days: z.number().int().min(1).optional(),
      lines: z.number().int().min(1),
      ids: z.number().int().min(1).describe('The most ids of events of a line.'),
    }),
    run: wholeDigestOf,
  },
  output: z.object({
    ...standing,
    since: iso,
    until: iso,
    past: z.object({ days: count, wanted: count, events: count }),
    events: count,
    principals: count,
    accounts: count,
    own: count.describe("Events of loglake's own that were left out."),
    lines: z.array(
      z.object({
        kind: z.enum(KINDS),
        about: z.enum(['principal', 'call', 'service', 'region']),
        severity: z.enum(['high', 'medium', 'low', 'informational']),
        said: text.describe('The line in words. Log text in it is as hostile as any.'),
        principal: text,
        service: text,
        call: text,
        region: text,
        account: text,
        errorcode: textOrNull,
        events: count,
        usual: z
          .number()
          .describe('What the days before had of it a day; of `loud` in the same hour, of `rare` in all.'),
        first_time: iso,
        last_time: iso,
        ids: z.array(text).describe('The first of the events: `record` shows one.'),
      }),
    ),
    more: z.record(text, count).describe('Lines beyond the most, by kind.'),
  }),
  may: everybodyWithRows,
  run: digestOf,
})
