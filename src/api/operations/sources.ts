import { z } from 'zod'
import { operation } from '../contract.ts'
import { completenessOf, sourcesOf } from '../pages/sources.ts'
import { seesEveryRow, seesEverything } from '../rights.ts'
import { amount, count, day, iso, isoOrNull, standing, text, textOrNull } from '../shapes.ts'

const delivery = {
  objects: z.object({ read: count, rejected: count, dead_letters: count, waiting: count.nullable() }),
  records: z.object({
    read: count,
    stored: count,
    repeated: count,
    skipped: count,
    rejected: count,
    conflicts: count,
  }),
  percent: z.object({ objects: z.number(), records: z.number() }),
}

export const sources = operation({
  name: 'sources',
  doc: 'Tells how each source, log type and follower stands: rate, lag, what is in, what was rejected.',
  kind: 'read',
  queue: 'page',
  scope: 'status',
  // No `reads`: a source that fails or is stopped commits nothing, so no version of a table tells of it.
  input: z.object({}),
  output: z.object({
    ...standing,
    sources: z.array(
      z.object({
        name: text,
        type: textOrNull.describe('Null when it is in the lake and not in the configuration.'),
        stopped: z.boolean(),
        note: textOrNull.describe('Why it is not known what waits.'),
        last_commit: isoOrNull,
        newest: isoOrNull.describe('The time of the newest record from it.'),
        rate: amount.describe('Records per second over the last hour with a commit.'),
        usual_lag_s: amount.describe('The median seconds from a record to its commit.'),
        last_object: textOrNull.describe('The name of the object that was read last.'),
        last_error: z
          .object({
            at: iso,
            text,
            object: textOrNull.describe(
              'The object that it is about; null for the source, or a message of it.',
            ),
          })
          .nullable(),
        left_out: z.array(z.object({ reason: text, objects: count, first: text, last: text })),
        ...delivery,
      }),
    ),
    logtypes: z.array(
      z.object({
        name: text,
        rows: count,
        objects: count,
        repeated: count,
        rejected: count,
        last_commit: isoOrNull,
        newest: isoOrNull,
      }),
    ),
    followers: z.array(
      z.object({ name: text, state: text, seen: isoOrNull, behind: z.object({ rows: count, ms: count }) }),
    ),
    total: z.object(delivery),
    digests: z
      .object({
        percent: z.number(),
        same: count,
        named: count,
        unnamed: count,
        awaited: count,
        days: z.array(
          z.object({ day: text, account: text, region: text, percent: z.number(), awaited: count }),
        ),
      })
      .nullable()
      .describe("What CloudTrail's digests prove of its log files; null where the lake has none."),
    holes: z.array(
      z.object({
        place: text,
        account: text,
        service: text,
        region: text,
        from: text,
        to: text,
        before: count,
        after: count,
      }),
    ),
  }),
  may: seesEveryRow,
  run: sourcesOf,
})

export const completeness = operation({
  name: 'completeness',
  doc: 'Tells by account, Region and day whether files came as their neighbours do.',
  kind: 'read',
  queue: 'page',
  scope: 'status',
  reads: ['ledger'],
  input: z.object({ days: z.coerce.number().int().min(1).max(400).default(35) }),
  output: z.object({
    ...standing,
    first: day.nullable(),
    last: day.nullable(),
    rows: z.array(
      z.object({
        account: text,
        region: text,
        service: text,
        place: text,
        days: z.array(
          z.object({
            day,
            files: count,
            hours: count.describe('Hours of the day that files are named after.'),
            state: z.enum(['complete', 'gap', 'arriving', 'none']),
          }),
        ),
      }),
    ),
  }),
  may: seesEverything,
  run: completenessOf,
})
