import { z } from 'zod'
import { operation } from '../contract.ts'
import { namedAnswer, namedList, namedRows } from '../pages/named.ts'
import { asksSql } from '../rights.ts'
import { limit, openRows, parameters, scoped, standing, text, within } from '../shapes.ts'
import { queryAnswer } from './query.ts'

export const queries = operation({
  name: 'queries',
  doc: 'Lists the questions that have a name.',
  kind: 'read',
  queue: 'page',
  scope: 'query',
  input: z.object({ name: text.max(100).optional().describe('Only this question.') }),
  output: z.object({
    ...standing,
    queries: z.array(
      z.object({
        name: text,
        title: text,
        doc: text,
        parameters: z.array(z.object({ name: text, doc: text })),
        sql: text,
      }),
    ),
  }),
  may: asksSql,
  run: namedList,
})

export const named = operation({
  name: 'named',
  doc: 'Answers a question that has a name.',
  kind: 'write',
  onlyAsks: true,
  queue: 'question',
  scope: 'query',
  input: z.object({
    name: text.max(100),
    parameters,
    ...within,
    limit: limit(10_000, 1000),
  }),
  local: {
    input: z.object({
      name: text,
      limit: z
        .number()
        .int()
        .min(1)
        .optional()
        .describe('All rows without it; else one more, where there is.'),
      ...openRows,
      ...scoped,
    }),
    run: namedRows,
  },
  output: queryAnswer.extend({ name: text }),
  may: asksSql,
  run: namedAnswer,
})
