import { z } from 'zod'
import { operation } from '../contract.ts'
import { delegateOf, delegationEndOf, delegationsOf } from '../pages/delegations.ts'
import { handsOver, seesStandIns } from '../rights.ts'
import { iso, isoOrNull, standing, text, textOrNull } from '../shapes.ts'

export const delegations = operation({
  name: 'delegations',
  doc: 'Lists who stands in for whom: of a manager those from and to them, else all.',
  kind: 'read',
  queue: 'page',
  scope: 'review',
  input: z.object({}),
  output: z.object({
    ...standing,
    rows: z.array(
      z.object({
        id: text,
        from: text.describe('Whose reviews they are.'),
        to: text.describe('Who stands in.'),
        begins: iso,
        ends: iso,
        state: z.enum(['coming', 'now', 'over']),
        reason: text,
        by: text,
        at: iso,
        ended_by: textOrNull.describe('Who ended it before its time.'),
        ended_at: isoOrNull,
        ended_why: textOrNull,
        may_end: z.boolean(),
      }),
    ),
  }),
  may: seesStandIns,
  run: delegationsOf,
})

export const delegate = operation({
  name: 'delegate',
  doc: "Gives one's reviews to a stand-in for a time, with a reason.",
  kind: 'write',
  queue: 'page',
  scope: 'review',
  input: z.object({
    to: text.trim().min(1).max(300).describe('The stand-in, by the name that they sign in with.'),
    from: iso.optional().describe('When it begins; now by default, and not earlier.'),
    until: iso.describe('When it ends, a year from its beginning at the latest.'),
    reason: text.trim().min(3).max(4000),
  }),
  output: z.object({ id: text, to: text, begins: iso, ends: iso }),
  may: handsOver,
  run: delegateOf,
})

export const delegationEnd = operation({
  name: 'delegation-end',
  doc: 'Ends a stand-in before its time, with a reason.',
  kind: 'write',
  queue: 'page',
  scope: 'review',
  input: z.object({ id: text.max(200), reason: text.trim().min(3).max(4000) }),
  output: z.object({ id: text, ended: z.boolean() }),
  may: seesStandIns,
  run: delegationEndOf,
})
