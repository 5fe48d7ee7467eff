import { z } from 'zod'
import { operation } from '../contract.ts'
import { holdsOf } from '../pages/holds.ts'
import { seesEveryRow } from '../rights.ts'
import { standing, text } from '../shapes.ts'

const selector = z.discriminatedUnion('kind', [
  z.object({ kind: z.enum(['person', 'key', 'object']), value: text }),
  z.object({ kind: z.literal('days'), since: text.optional(), until: text.optional() }),
])

const hold = z.object({
  id: text,
  selector: selector.describe('The rows that it is on; of days, both ends are inclusive.'),
  by: text,
  reason: text,
  time: text,
})

export type Hold = z.output<typeof hold>

export const holds = operation({
  name: 'holds',
  doc: 'Lists the legal holds that are on: rows that no erasure and no retention removes.',
  kind: 'read',
  noTool: true,
  queue: 'page',
  scope: 'status',
  reads: ['hold'],
  input: z.object({}),
  output: z.object({ ...standing, holds: z.array(hold) }),
  may: seesEveryRow,
  run: holdsOf,
})
