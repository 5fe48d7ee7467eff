import { z } from 'zod'
import { operation } from '../contract.ts'
import { tablesOf } from '../pages/tables.ts'
import { asksSql } from '../rights.ts'
import { count, flag, standing, text, textOrNull } from '../shapes.ts'

const table = z.object({
  name: text,
  kind: z.enum(['table', 'view']),
  title: textOrNull.describe('Of a view; `doc` begins with it.'),
  doc: text,
  logs: z.boolean().describe('Whether it holds the rows of a log type.'),
  rows: count.nullable().describe('Null for a view, and for readers who do not see all rows.'),
  files: count.nullable().describe('Data files; null where `rows` is.'),
  bytes: count.nullable().describe('Of its data files; null where `rows` is.'),
  columns: z.array(z.object({ name: text, type: text, doc: text })),
})

export type Table = z.output<typeof table>

export const tables = operation({
  name: 'tables',
  doc: 'Lists the tables and views with their columns, and the functions that SQL may name.',
  kind: 'read',
  queue: 'page',
  scope: 'query',
  input: z.object({
    name: text.max(200).optional().describe('Only this table or view.'),
    brief: flag.describe('Without columns and functions, which take longer.'),
  }),
  output: z.object({
    ...standing,
    tables: z.array(table),
    functions: z.array(text),
  }),
  may: asksSql,
  run: tablesOf,
})
