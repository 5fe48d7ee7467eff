import { z } from 'zod'
import { operation } from '../contract.ts'
import { tablesOf } from '../pages/tables.ts'
import { asksSql } from '../rights.ts'
import { count, standing, text } from '../shapes.ts'

export const tables = operation({
  name: 'tables',
  doc: 'Lists the tables and views with their columns, and the functions that SQL may name.',
  kind: 'read',
  queue: 'page',
  scope: 'query',
  input: z.object({ name: text.max(200).optional().describe('Only this table or view.') }),
  output: z.object({
    ...standing,
    tables: z.array(
      z.object({
        name: text,
        kind: z.enum(['table', 'view']),
        doc: text,
        logs: z.boolean().describe('Whether it holds the rows of a log type.'),
        rows: count.nullable().describe('Null for a view, and for readers who do not see all rows.'),
        columns: z.array(z.object({ name: text, type: text, doc: text })),
      }),
    ),
    functions: z.array(text),
  }),
  may: asksSql,
  run: tablesOf,
})
