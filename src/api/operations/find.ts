import { z } from 'zod'
import { operation } from '../contract.ts'
import { findAnywhere, findOf } from '../pages/find.ts'
import { everybodyWithRows } from '../rights.ts'
import { count, files, iso, isoOrNull, limit, scoped, standing, text, textOrNull } from '../shapes.ts'

export const find = operation({
  name: 'find',
  doc: 'Finds an id, an access key, an ARN, an address, an instance, a bucket or a name in every table that has such values.',
  kind: 'read',
  queue: 'question',
  scope: 'read',
  reads: 'all',
  input: z.object({
    text: text.min(1).max(2048).describe('What is looked for, whole: no part of it.'),
    from: iso.optional().describe('The beginning of the span; all by default.'),
    to: iso.optional().describe('The end of the span, exclusive.'),
    limit: limit(1000, 100),
  }),
  local: {
    input: z.object({
      text,
      limit: z.number().int().min(1),
      whole: z.boolean().describe('Whether each row is given whole, as JSON.'),
      ...scoped,
    }),
    run: findAnywhere,
  },
  output: z.object({
    ...standing,
    asked: z.array(z.object({ is: text, value: text })).describe('What the text was taken for.'),
    rows: z.array(
      z.object({
        table: text,
        time: isoOrNull,
        id: textOrNull.describe('For `record`.'),
        column: text.describe('The column that has the value.'),
        account: textOrNull,
        region: textOrNull,
        who: textOrNull,
        what: textOrNull,
      }),
    ),
    more: z.boolean().describe('Whether there are more rows: the newest are given.'),
    tables: z.array(z.object({ table: text, rows: count, files })),
    files,
  }),
  may: everybodyWithRows,
  run: findOf,
})
