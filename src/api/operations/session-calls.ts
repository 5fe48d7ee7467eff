import { z } from 'zod'
import { operation } from '../contract.ts'
import { sessionCallsOf } from '../pages/session-calls.ts'
import { everybodyWithRows } from '../rights.ts'
import { count, iso, limit, standing, text, textOrNull } from '../shapes.ts'

export const sessionCalls = operation({
  name: 'session-calls',
  doc: 'Lists API calls of the same access key or source identity, from 15 minutes before a session to 15 minutes after it.',
  kind: 'read',
  queue: 'page',
  scope: 'read',
  reads: ['cloudtrail', 'session_summary'],
  input: z.object({ id: text.max(500), limit: limit(5000, 1000) }),
  output: z.object({
    ...standing,
    rows: z.array(
      z.object({
        eventid: text,
        eventtime: iso,
        phase: z.enum(['before', 'during', 'after']),
        same: z.enum(['access key', 'source identity', 'both']),
        eventsource: textOrNull,
        eventname: textOrNull,
        errorcode: textOrNull,
        readonly: z.boolean().nullable(),
        awsregion: textOrNull,
        sourceipaddress: textOrNull,
        useragent: textOrNull,
        requestparameters: textOrNull,
      }),
    ),
    total: count,
  }),
  may: everybodyWithRows,
  run: sessionCallsOf,
})
