import { z } from 'zod'
import { operation } from '../contract.ts'
import { sessionOutputOf } from '../pages/session-output.ts'
import { everybodyWithRows } from '../rights.ts'
import { after, count, flag, isoOrNull, limit, standing, text, textOrNull } from '../shapes.ts'

/** How often something was masked, by kind. */
export const masked = z.array(z.object({ kind: text, count }))

export const sessionOutput = operation({
  name: 'session-output',
  doc: "Gives a session's terminal output, piece by piece in order, as lines and as it was delivered.",
  kind: 'read',
  queue: 'page',
  scope: 'read',
  reads: ['session_log', 'session_summary'],
  input: z.object({
    id: text.max(500),
    after,
    limit: limit(500, 200).describe('Pieces; fewer when they are long.'),
    raw: flag.describe('With the output as it was delivered, escape sequences among it.'),
    unmask: flag,
  }),
  output: z.object({
    ...standing,
    pieces: z.array(
      z.object({
        at: isoOrNull.describe('When the piece was sent, to the second; null when no log tells.'),
        id: text,
        first_line: count.describe('The number of its first line in the session, from 0.'),
        text: text.describe('As a person saw it; masked by default.'),
        cut: count.describe('Characters that are left out behind it; ask for them by `session-piece`.'),
        raw: textOrNull,
        delivery: text,
        masked,
        overwrites: z.boolean().describe('Whether it holds sequences that hide or overwrite text.'),
      }),
    ),
    next: textOrNull,
  }),
  may: everybodyWithRows,
  run: sessionOutputOf,
})
