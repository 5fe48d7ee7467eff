import { z } from 'zod'
import { operation } from '../contract.ts'
import { exportOf } from '../pages/export.ts'
import { asksSql } from '../rights.ts'
import { parameters, text } from '../shapes.ts'

export const queryExport = operation({
  name: 'query-export',
  doc: 'Sends all rows of a SELECT as a file.',
  kind: 'write',
  onlyAsks: true,
  queue: 'question',
  answers: 'download',
  scope: 'query',
  input: z.object({
    sql: text.min(1).max(100_000),
    parameters,
    format: z.enum(['csv', 'csv-safe', 'ndjson', 'parquet']).default('csv'),
    version: z.coerce.number().int().min(1).optional(),
  }),
  output: z.record(text, z.unknown()),
  may: asksSql,
  run: exportOf,
})
