import { z } from 'zod'
import { operation } from '../contract.ts'
import { activityRows } from '../pages/activity.ts'
import { everybodyWithRows } from '../rights.ts'
import { after, files, flag, iso, limit, span, standing, text, textOrNull, where } from '../shapes.ts'

export const activity = operation({
  name: 'activity',
  doc: 'Lists API calls of CloudTrail that meet all conditions, newest first.',
  kind: 'read',
  queue: 'page',
  scope: 'read',
  reads: ['cloudtrail'],
  input: z.object({
    ...span,
    where,
    after,
    limit: limit(2000, 200),
    columns: z
      .array(text.max(100))
      .max(40)
      .default([])
      .describe('Further columns of `cloudtrail` beside the usual ones.'),
    deep: flag.describe(
      'Whether it may read more than a day of rows when conditions match few of them; else it stops and says how far it came.',
    ),
  }),
  output: z.object({
    ...standing,
    rows: z.array(
      z
        .object({
          eventid: text,
          eventtime: iso,
          actor: textOrNull,
          actor_kind: textOrNull,
          eventsource: textOrNull,
          eventname: textOrNull,
          errorcode: textOrNull,
          errormessage: textOrNull,
          readonly: z.boolean().nullable(),
          awsregion: textOrNull,
          recipientaccountid: textOrNull,
          sourceipaddress: textOrNull,
          useragent: textOrNull,
          useridentity_arn: textOrNull,
          useridentity_accesskeyid: textOrNull,
          requestparameters: textOrNull.describe('The first 500 characters of the JSON.'),
          requestparameters_length: z.number().nullable(),
        })
        .catchall(z.unknown()),
    ),
    next: text
      .nullable()
      .describe('For `after` of the next page; null when there is nothing more in the span.'),
    reached: iso.describe('All rows from here to the end of the span have been looked at.'),
    stopped: z
      .boolean()
      .describe(
        'True when it stopped before `from` because a day of rows was read: ask again with `deep`, or with `after`.',
      ),
    files,
  }),
  may: everybodyWithRows,
  run: activityRows,
})
