import { z } from 'zod'
import { operation } from '../contract.ts'
import { routesOf } from '../pages/routes.ts'
import { seesEveryRow } from '../rights.ts'
import { count, standing, text, textOrNull } from '../shapes.ts'

const route = z.object({
  name: text,
  table: text.describe('The table or the view whose rows it sends.'),
  to: text.describe('The destination.'),
  state: z.enum(['following', 'done', 'let-go', 'paused', 'waits', 'not begun']),
  behind: z.object({ rows: count, ms: z.number() }).nullable().describe('What it has not sent.'),
  why: textOrNull.describe('Why it is paused, or waits.'),
})

export type RouteRow = z.output<typeof route>

export const routes = operation({
  name: 'routes',
  doc: 'Lists the routes to other systems, and how far each is.',
  kind: 'read',
  noTool: true,
  queue: 'page',
  scope: 'status',
  // No `reads`: a route that is paused or waits commits nothing.
  input: z.object({}),
  output: z.object({ ...standing, routes: z.array(route) }),
  may: seesEveryRow,
  run: routesOf,
})
