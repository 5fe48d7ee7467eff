import { z } from 'zod'
import { operation } from '../contract.ts'
import { recordOf } from '../pages/record.ts'
import { everybodyWithRows } from '../rights.ts'
import { count, flag, isoOrNull, standing, text, textOrNull } from '../shapes.ts'

export const record = operation({
  name: 'record',
  doc: 'Shows one row whole: every column that has a value, and the object that it came from.',
  kind: 'read',
  queue: 'page',
  scope: 'read',
  reads: 'all',
  input: z.object({
    table: text.max(100).default('cloudtrail'),
    id: text.max(1000),
    at: text.max(40).optional().describe('The time of the row, where it is known: then it is found at once.'),
    unmask: flag,
  }),
  output: z.object({
    ...standing,
    table: text,
    id: text,
    columns: z.array(
      z.object({
        name: text,
        type: text,
        doc: text,
        value: z.unknown(),
        json: z.boolean().describe('Whether the value is JSON in a text.'),
        masked: z.boolean(),
      }),
    ),
    object: z
      .object({
        name: text,
        sha256: textOrNull,
        bytes: count.nullable(),
        source: textOrNull,
        ingested: isoOrNull,
      })
      .nullable()
      .describe('From the ledger; null for readers who do not see it.'),
  }),
  may: everybodyWithRows,
  run: recordOf,
})
