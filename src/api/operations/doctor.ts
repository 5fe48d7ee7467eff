import { z } from 'zod'
import { operation } from '../contract.ts'
import { runsIt } from '../rights.ts'
import { count, flag, iso, text, textOrNull } from '../shapes.ts'

export const doctor = operation({
  name: 'doctor',
  doc: 'Tells whether everything is set up as it must be, line by line, each with its fix as a command.',
  kind: 'read',
  queue: 'page',
  scope: 'admin',
  input: z.object({
    anew: flag.describe('Looks again, although the last answer is not five minutes old.'),
  }),
  output: z.object({
    at: iso,
    state: z.enum(['ok', 'not', 'unknown']),
    counts: z.object({ ok: count, not: count, unknown: count, none: count }),
    lines: z.array(
      z.object({
        check: text,
        group: text,
        title: text,
        state: z
          .enum(['ok', 'not', 'unknown', 'none'])
          .describe('none: there is nothing of the kind in this set-up.'),
        about: textOrNull.describe('What was looked at, where a check looks at several.'),
        says: text,
        permissions: z.array(text).describe('The least that the check needs.'),
        fix: z
          .object({
            does: text,
            commands: z.array(text),
            needs: z.array(text).describe('What whoever runs the commands must be allowed.'),
            ours: z.boolean().describe('Whether `loglake doctor --fix` does it.'),
            costs: textOrNull,
          })
          .nullable(),
        denied: z
          .object({
            action: textOrNull,
            resource: textOrNull,
            policy: text,
            explicit: z.boolean(),
            policy_arn: textOrNull,
          })
          .nullable(),
      }),
    ),
  }),
  may: runsIt,
  async run({ anew }, context) {
    const report = await context.doctor(anew)
    return { kind: 'json', value: report, seen: { rows: report.lines.length } }
  },
})
