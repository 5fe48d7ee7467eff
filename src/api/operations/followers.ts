import { z } from 'zod'
import { operation } from '../contract.ts'
import { followersOf } from '../pages/followers.ts'
import { seesEveryRow } from '../rights.ts'
import { count, iso, standing, text, textOrNull } from '../shapes.ts'

const behind = z
  .object({
    files: count,
    rows: count,
    bytes: count,
    versions: count.describe('Commits.'),
    ms: z.number().describe('How long the oldest of it has waited.'),
  })
  .describe('What it has not read.')

const follower = z.object({
  name: text,
  state: z.enum(['following', 'done', 'let-go']),
  replay: textOrNull.describe('Of a replay: the follower that it repeats, and the span.'),
  seen: iso.describe('When it last read, or found nothing new.'),
  behind,
  tables: z.array(z.object({ table: text, seen: iso, behind })),
})

export type Follower = z.output<typeof follower>

export const followers = operation({
  name: 'followers',
  doc: 'Lists the followers of the lake, and what each has not read yet.',
  kind: 'read',
  noTool: true,
  queue: 'page',
  scope: 'status',
  // No `reads`: what a follower has not read waits longer without a commit.
  input: z.object({}),
  output: z.object({ ...standing, followers: z.array(follower) }),
  may: seesEveryRow,
  run: followersOf,
})
