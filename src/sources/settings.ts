import { z } from 'zod'
import { whyNoExpression } from '../lib/expressions.ts'
import { section, size, text, textLike, whole } from '../lib/settings.ts'

/** When what has come is committed; the same for every source that objects keep coming from. */
export function commitSection() {
  return section(
    {
      bytes: size('A commit is made at this many unzipped bytes of logs.').prefault('64MiB'),
      seconds: whole(1, 'Or when the first object has waited so long.').default(10),
      objects: whole(1, 'Or at this many objects.').default(2000),
    },
    'When what has come is committed, whichever comes first.',
  ).prefault({})
}

/** What of a place is read; the same for every source of objects on S3. */
export function filterSection() {
  return section(
    {
      include: texts('Only objects with one of these at the beginning of their key, as in ["AWSLogs/"].'),
      exclude: texts('No objects with one of these at the beginning of their key.'),
      accounts: z
        .array(textLike(/^\d{12}$/, 'an account is wanted: 12 digits', 'An account.'))
        .describe('Only objects of these accounts, as far as the key names one.')
        .default([]),
      regions: texts('Only objects of these Regions, as far as the key names one.'),
      match: regularExpression(
        'Only objects whose key this regular expression finds something in.',
      ).optional(),
      reject: regularExpression(
        'No objects whose key this regular expression finds something in.',
      ).optional(),
    },
    'Which objects are read. What is left out is acknowledged, and is in the ledger with the reason.',
  ).prefault({})
}

export type Filter = z.output<ReturnType<typeof filterSection>>

function texts(doc: string) {
  const wanted = 'a list of texts is wanted'
  return z.array(z.string(wanted).min(1, wanted), wanted).describe(doc).default([])
}

function regularExpression(doc: string) {
  return text(doc).superRefine((given, context) => {
    const why = given === '' ? undefined : whyNoExpression(given)
    if (why !== undefined)
      context.addIssue({
        code: 'custom',
        message: `a regular expression is wanted, as in CloudTrail/(eu|us)-: ${why}`,
      })
  })
}
