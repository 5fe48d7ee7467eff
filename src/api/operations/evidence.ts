import { z } from 'zod'
import { operation } from '../contract.ts'
import { BUNDLE_TYPE, evidenceOf } from '../pages/evidence.ts'
import { seesEverything, seesReports } from '../rights.ts'
import { flag, text } from '../shapes.ts'

export const evidence = operation({
  name: 'evidence',
  doc: 'Sends the evidence of a decision, a finding or an answer as a signed bundle: rows, object hashes, proofs of these, how to verify it.',
  kind: 'read',
  queue: 'question',
  answers: 'download',
  mediaTypes: [BUNDLE_TYPE],
  scope: 'review',
  input: z.object({
    review: text.max(200).optional(),
    finding: text.max(200).optional(),
    answer: text
      .max(200)
      .optional()
      .describe('A run of `loglake ask`: its claims, and the rows that they cite.'),
    sql: text.min(1).max(100_000).optional().describe('A question: the answer is the evidence.'),
    unmask: flag,
    objects: flag.describe(
      'With the log objects themselves, where they lie as they were read: for readers who see every row without masks.',
    ),
    records: flag.describe(
      "With the bytes of the rows' own records, and where they lie in their objects, in place of the objects: for the same readers.",
    ),
  }),
  output: z.unknown(),
  may: (reader) => seesReports(reader) || seesEverything(reader) || reader.role === 'manager',
  run: evidenceOf,
})
