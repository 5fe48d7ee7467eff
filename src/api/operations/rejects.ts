import { z } from 'zod'
import { operation } from '../contract.ts'
import { rejectRows, rejectsOf } from '../pages/rejects.ts'
import { seesEverything } from '../rights.ts'
import { after, count, isoOrNull, limit, listed, standing, text, textOrNull } from '../shapes.ts'

const chosen = {
  code: text.max(100).optional(),
  like: text
    .max(1000)
    .optional()
    .describe('Only of objects whose name is like this; `%` stands for anything.'),
}

export const rejects = operation({
  name: 'rejects',
  doc: 'Lists records that could not be read, with their first bytes and the reason.',
  kind: 'read',
  queue: 'page',
  scope: 'status',
  reads: ['reject', 'ledger'],
  input: z.object({
    ...chosen,
    source: text.max(200).optional(),
    after,
    limit: limit(500, 100),
  }),
  local: {
    input: z.object({
      ...chosen,
      id: text.optional().describe('The beginning of an id: those are given with all of their bytes.'),
      ...listed,
    }),
    run: rejectRows,
  },
  output: z.object({
    ...standing,
    rows: z.array(
      z.object({
        id: text,
        code: textOrNull,
        reason: textOrNull,
        object: textOrNull,
        position: z.number().nullable(),
        size: z.number().nullable(),
        records: z.number().nullable(),
        ingested: isoOrNull,
        bytes: text.describe('The first 2,000 bytes as text; others than ASCII as \\x.'),
      }),
    ),
    codes: z.array(z.object({ code: text, records: count })),
    next: textOrNull,
  }),
  may: seesEverything,
  run: rejectsOf,
})
