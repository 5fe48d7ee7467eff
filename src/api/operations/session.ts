import { z } from 'zod'
import { operation } from '../contract.ts'
import { sessionOf } from '../pages/session.ts'
import { everybodyWithRows } from '../rights.ts'
import { count, isoOrNull, standing, text, textOrNull } from '../shapes.ts'
import { subject } from './sessions.ts'

export const session = operation({
  name: 'session',
  doc: 'Tells the facts of one session: who, where, when, how faithful its output is, what is missing.',
  kind: 'read',
  queue: 'page',
  scope: 'read',
  personal: true,
  reads: 'all',
  input: z.object({ id: text.max(500) }),
  output: z.object({
    ...standing,
    session: subject.extend({
      sessionid: textOrNull,
      document: textOrNull,
      address: textOrNull,
      arn: textOrNull,
      access_key: textOrNull,
      source_identity: textOrNull,
      terminated_by: textOrNull,
      resumed: count,
      run_as: textOrNull,
    }),
    output: z.object({
      delivery: z
        .enum(['streamed', 'uploaded', 'both', 'none'])
        .describe('`streamed`: pieces have times to the second. `uploaded`: they have none.'),
      timed: z.boolean(),
      pieces: count,
      lines: count,
      from: isoOrNull,
      until: isoOrNull,
      missing: z.array(text).describe('What is missing of the output, in sentences.'),
      gaps: z.array(z.object({ from: text, to: text, seconds: count })).describe('Pauses of over a minute.'),
    }),
    findings: z.array(
      z.object({ id: text, title: text, severity: text, time: isoOrNull, event: textOrNull }),
    ),
    neighbours: z.object({ newer: textOrNull, older: textOrNull }).describe('Sessions of the same person.'),
  }),
  may: everybodyWithRows,
  run: sessionOf,
})
