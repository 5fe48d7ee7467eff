import { z } from 'zod'
import { operation } from '../contract.ts'
import { sessionSearchOf } from '../pages/session-search.ts'
import { everybodyWithRows } from '../rights.ts'
import { count, flag, isoOrNull, limit, span, standing, text, textOrNull } from '../shapes.ts'

export const sessionSearch = operation({
  name: 'session-search',
  doc: 'Finds lines of terminal output that hold a text, in one session or in all of a span.',
  kind: 'read',
  queue: 'question',
  scope: 'read',
  reads: ['session_log', 'session_summary'],
  input: z.object({
    ...span,
    q: text.min(2).max(500).describe('The text; upper and lower case are different.'),
    id: text.max(500).optional().describe('One session only.'),
    limit: limit(500, 100),
    unmask: flag,
  }),
  output: z.object({
    ...standing,
    hits: z.array(
      z.object({
        session: textOrNull,
        who: textOrNull,
        at: isoOrNull,
        piece: text,
        line: count.describe('The number of the line in its piece, from 0.'),
        text: text,
      }),
    ),
    more: z.boolean(),
  }),
  may: everybodyWithRows,
  run: sessionSearchOf,
})
