import { z } from 'zod'
import { operation } from '../contract.ts'
import { objectRows, objectsOf } from '../pages/objects.ts'
import { seesEveryRow } from '../rights.ts'
import { after, count, isoOrNull, limit, listed, page, standing, text, textOrNull } from '../shapes.ts'

const chosen = {
  outcome: z.enum(['stored', 'skipped', 'rejected', 'left-out']).optional(),
  logtype: text.max(100).optional().describe('Only objects with this type of log.'),
  like: text.max(1000).optional().describe('Only objects whose name is like this; `%` stands for anything.'),
}

export const objects = operation({
  name: 'objects',
  doc: 'Lists what the ledger knows of each object that was read: its outcome, its records, the reason.',
  kind: 'read',
  noTool: true,
  queue: 'page',
  scope: 'status',
  reads: ['ledger'],
  input: z.object({ ...chosen, after, limit: limit(1000, 100) }),
  local: { input: z.object({ ...chosen, ...listed }), run: objectRows },
  output: z.object({
    ...standing,
    rows: z.array(
      z.object({
        lake_object: text,
        outcome: text,
        logtype: textOrNull.describe('The log types of its records, with commas.'),
        envelope: textOrNull,
        bytes: count.nullable(),
        records_read: count.nullable(),
        records_stored: count.nullable(),
        records_repeated: count.nullable(),
        records_skipped: count.nullable(),
        records_rejected: count.nullable(),
        records_conflicting: count.nullable(),
        reason: textOrNull,
        first_time: isoOrNull,
        last_time: isoOrNull,
        sha256: textOrNull,
        version: textOrNull.describe('The version of the object.'),
        lake_ingested_at: isoOrNull,
      }),
    ),
    ...page,
  }),
  may: seesEveryRow,
  run: objectsOf,
})
