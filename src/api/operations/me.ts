import { z } from 'zod'
import { operation } from '../contract.ts'
import { isoOrNull, standing, text } from '../shapes.ts'

export const me = operation({
  name: 'me',
  doc: 'Tells who is signed in, what they may do, and which lake they see.',
  kind: 'read',
  queue: 'page',
  scope: 'read',
  input: z.object({}),
  output: z.object({
    ...standing,
    subject: text,
    name: text,
    role: z.enum(['operator', 'analyst', 'manager', 'auditor', 'asked']),
    signed_in: z.enum(['none', 'oidc', 'token', 'header', 'alb', 'shell']),
    unmask: z.boolean().describe('Whether they may see text without masks.'),
    operations: z.array(text).describe('Names of the operations that they may call.'),
    lake: z.object({
      place: text.describe('The folder or bucket, by its last part.'),
      newest: isoOrNull.describe('When the newest version was committed.'),
    }),
    notice: text.nullable().describe('What every page is to say of how people sign in here, if anything.'),
    look_as: z
      .array(text)
      .nullable()
      .describe('Where nobody signs in: what the cookie `look-as` may be, as in `manager:ana@example.com`.'),
    program: text.describe('The version of loglake.'),
  }),
  may: () => true,
  async run(_, { reader, version, allowed, notice, lookAs, program, lake }) {
    const root = lake.storage.root.replace(/\/$/, '')
    return {
      kind: 'json',
      value: {
        version: version.number,
        subject: reader.subject,
        name: reader.name,
        role: reader.role,
        signed_in: reader.signedIn,
        unmask: reader.mayUnmask,
        operations: allowed,
        lake: { place: root.split('/').at(-1) ?? '', newest: version.catalog.at || null },
        notice: notice ?? null,
        look_as: lookAs(),
        program,
      },
    }
  },
})
