import { z } from 'zod'
import { operation } from '../contract.ts'
import { exportOf, FILE_TYPES, openRowsOf } from '../pages/export.ts'
import { asksSql } from '../rights.ts'
import { fileFormat, openRows, parameters, scoped, text } from '../shapes.ts'

export const queryExport = operation({
  name: 'query-export',
  doc: 'Sends all rows of a SELECT as a file.',
  kind: 'write',
  onlyAsks: true,
  queue: 'question',
  answers: 'download',
  mediaTypes: FILE_TYPES,
  scope: 'query',
  input: z.object({
    sql: text.min(1).max(100_000),
    parameters,
    format: fileFormat,
    version: z.coerce.number().int().min(1).optional(),
  }),
  local: { input: z.object({ sql: text.min(1), ...openRows, ...scoped }), run: openRowsOf },
  output: z.record(text, z.unknown()),
  may: asksSql,
  run: exportOf,
})
