import { z } from 'zod'
import { operation } from '../contract.ts'
import { rejectsReplayOf } from '../pages/rejects-replay.ts'
import { replays } from '../rights.ts'
import { count, text } from '../shapes.ts'

export const rejectsReplay = operation({
  name: 'rejects-replay',
  doc: 'Reads the bytes of rejected records again, for operators: what can be stored now is moved out of the rejects.',
  kind: 'write',
  queue: 'page',
  scope: 'admin',
  input: z.object({
    ids: z
      .array(text.min(1).max(100))
      .min(1)
      .max(500)
      .optional()
      .describe('Only rejects whose ids begin so.'),
    code: text.min(1).max(100).optional(),
    object: text.min(1).max(4000).optional().describe('Only rejects of the object with this name.'),
    dry_run: z.boolean().default(false).describe('Tells what would be moved, and changes nothing.'),
  }),
  output: z
    .object({
      tried: count,
      replayed: count.describe('Rejects that were stored and removed.'),
      left: count,
      stored: count,
      repeated: count,
      skipped: count,
      conflicts: count,
      version: count,
    })
    .describe('tried = replayed + left; what became of the records is 0 in a dry run.'),
  may: replays,
  run: rejectsReplayOf,
})
