import { z } from 'zod'
import { operation } from '../contract.ts'
import { queryOf } from '../pages/query.ts'
import { asksSql } from '../rights.ts'
import { column, count, files, limit, parameters, standing, text, within } from '../shapes.ts'

export const queryAnswer = z.object({
  ...standing,
  columns: z.array(column),
  rows: z.array(z.array(z.unknown())),
  more: z.boolean().describe('Whether there are more rows than were asked for.'),
  files,
  ms: count,
})

export const query = operation({
  name: 'query',
  doc: 'Answers one SELECT over the tables and views of the lake, limited to the rows that the reader may see.',
  kind: 'write',
  onlyAsks: true,
  queue: 'question',
  scope: 'query',
  input: z.object({
    sql: text.min(1).max(100_000),
    parameters,
    limit: limit(10_000, 1000),
    ...within,
  }),
  output: queryAnswer,
  may: asksSql,
  run: queryOf,
})
