import { z } from 'zod'
import { operation } from '../contract.ts'
import { extentOf } from '../pages/extent.ts'
import { isoOrNull, standing } from '../shapes.ts'

export const extent = operation({
  name: 'extent',
  doc: 'Tells from when to when the lake has events: what "everything" means as a span.',
  kind: 'read',
  queue: 'page',
  scope: 'read',
  reads: ['activity_10min', 'model_usage_10min', 'session_summary', 'conversation_summary'],
  input: z.object({}),
  output: z.object({
    ...standing,
    first: isoOrNull.describe('The beginning of the ten minutes of the oldest event; null of an empty lake.'),
    last: isoOrNull.describe('The end of the ten minutes of the newest event.'),
    has: z
      .array(z.enum(['calls', 'conversations', 'models', 'sessions']))
      .describe('Of what there is anything that the reader may see.'),
  }),
  may: () => true,
  run: extentOf,
})
