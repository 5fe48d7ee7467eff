import { z } from 'zod'
import { operation } from '../contract.ts'
import { versionsOf } from '../pages/versions.ts'
import { seesEveryRow } from '../rights.ts'
import { count, limit, standing, text } from '../shapes.ts'

const change = z.object({
  table: text,
  added: count.nullable().describe("Rows; null where the table's own history does not reach back."),
  removed: count.nullable(),
  files: count.nullable().describe('Data files of the table after it.'),
})

const version = z.object({
  version: count,
  at: text.describe('The time of its commit; empty where its catalog cannot be read.'),
  by: text.describe('What committed it, as in `ingest`.'),
  changes: z.array(change),
  readable: z.boolean().describe('Whether it can be queried: all of its tables are still there.'),
})

export type Versions = Pick<z.output<typeof output>, 'versions' | 'more' | 'given_up'>

const output = z.object({
  ...standing,
  versions: z.array(version).describe('The newest first.'),
  more: count.describe('Versions before these.'),
  given_up: count.describe('The last of the versions that `loglake vacuum` gave up.'),
})

export const versions = operation({
  name: 'versions',
  doc: 'Lists the versions of the lake, with what the commit of each changed.',
  kind: 'read',
  noTool: true,
  queue: 'page',
  scope: 'status',
  // No `reads`: a vacuum gives versions up without a commit.
  input: z.object({
    before: z.coerce.number().int().min(1).optional().describe('Only versions before this one.'),
    limit: limit(500, 20),
  }),
  local: { input: z.object({ limit: z.number().int().min(1).optional() }), run: versionsOf },
  output,
  may: seesEveryRow,
  run: versionsOf,
})
