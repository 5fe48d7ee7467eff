import { z } from 'zod'
import { whyNoExpression } from '../lib/expressions.ts'
import { section, size, text, textLike, whole } from '../lib/settings.ts'

/** Settings for when a commit is made, shared by all continuous sources. */
export function commitSection() {
  return section(
    {
      bytes: size('A commit is made at this many unzipped bytes of logs.').prefault('64MiB'),
      seconds: whole(1, 'Or when the first object has waited this many seconds.').default(10),
      objects: whole(1, 'Or at this many objects.').default(2000),
    },
    'When a commit is made, by the first limit that is reached.',
  ).prefault({})
}

/** Settings of the filter, shared by all sources of objects on S3. */
export function filterSection() {
  return section(
    {
      include: texts('Only objects whose key begins with one of these, as in ["AWSLogs/"].'),
      exclude: texts('No objects whose key begins with one of these.'),
      accounts: z
        .array(textLike(/^\d{12}$/, 'an account is wanted: 12 digits', 'An account.'))
        .describe('Only objects of these accounts; a key without an account passes.')
        .default([]),
      regions: texts('Only objects of these Regions; a key without a Region passes.'),
      match: regularExpression('Only objects whose key matches this regular expression.').optional(),
      reject: regularExpression('No objects whose key matches this regular expression.').optional(),
    },
    'Which objects are read. Excluded ones are acknowledged, and are in the ledger with the reason.',
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
