import { z } from 'zod'
import { operation } from '../contract.ts'
import { accessLogOf } from '../pages/access.ts'
import { audits } from '../rights.ts'
import { after, count, iso, limit, span, standing, text, textOrNull, where } from '../shapes.ts'

export const accessLog = operation({
  name: 'access-log',
  doc: 'Lists who was shown what, newest first.',
  kind: 'read',
  queue: 'page',
  scope: 'admin',
  input: z.object({ ...span, where, after, limit: limit(2000, 200) }),
  output: z.object({
    ...standing,
    rows: z.array(
      z.object({
        id: text,
        time: iso,
        subject: text,
        name: text,
        role: text,
        signed_in: text,
        address: textOrNull,
        operation: text,
        about: textOrNull,
        input: text.describe('What was asked, as JSON.'),
        outcome: text.describe('`shown`, `refused`, `failed`.'),
        rows: count.nullable(),
        unmasked: z.boolean(),
        lake_version: count.nullable(),
      }),
    ),
    next: textOrNull,
    pending: count.describe('Lines that are written and not committed yet; they are in this list.'),
  }),
  may: audits,
  run: accessLogOf,
})
