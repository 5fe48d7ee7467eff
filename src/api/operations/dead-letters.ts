import { z } from 'zod'
import { operation } from '../contract.ts'
import { deadLetterRows, deadLettersOf } from '../pages/dead-letters.ts'
import { seesEveryRow } from '../rights.ts'
import { after, count, flag, isoOrNull, limit, listed, page, standing, text, textOrNull } from '../shapes.ts'

const chosen = {
  all: flag.describe(
    'Whether those are listed too that were replayed, or whose objects are in the lake by now.',
  ),
  code: text.max(100).optional().describe('Only these, as in `unknown-notice`.'),
}

export const deadLetters = operation({
  name: 'dead-letters',
  doc: 'Lists messages of queues that led to no object, with the reason.',
  kind: 'read',
  noTool: true,
  queue: 'page',
  scope: 'status',
  reads: ['deadletter', 'ledger'],
  input: z.object({ ...chosen, after, limit: limit(1000, 100) }),
  local: {
    input: z.object({
      ...chosen,
      id: text.optional().describe('The beginning of an id: those are given with their messages.'),
      ...listed,
    }),
    run: deadLetterRows,
  },
  output: z.object({
    ...standing,
    rows: z.array(
      z.object({
        id: text,
        code: textOrNull,
        reason: textOrNull,
        source: textOrNull,
        queue: textOrNull,
        message_id: textOrNull,
        lake_object: textOrNull.describe('The object that it announced.'),
        sent_at: isoOrNull,
        receives: count.nullable(),
        replayed_at: isoOrNull,
        in_lake: z.boolean().describe('Whether its object is in the lake by now.'),
      }),
    ),
    ...page,
  }),
  may: seesEveryRow,
  run: deadLettersOf,
})
