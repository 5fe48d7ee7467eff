import { z } from 'zod'
import { operation } from '../contract.ts'
import { analysesOf } from '../pages/analyses.ts'
import { seesEveryRow } from '../rights.ts'
import { iso, standing, text } from '../shapes.ts'

export const analyses = operation({
  name: 'analyses',
  doc: 'Lists the analyses by a model, and where each stands.',
  kind: 'read',
  noTool: true,
  queue: 'page',
  scope: 'status',
  reads: ['analysis'],
  input: z.object({}),
  output: z.object({
    ...standing,
    analyses: z
      .array(
        z.object({
          run: text,
          begun: iso,
          state: text.describe('Its last step, as in `reported`.'),
          selection: text.describe('The span of the events; empty where it is not known.'),
          why: text.describe('Why it was stopped; else empty.'),
          to: z.array(text).describe('The destinations of its report.'),
          sent: z.array(text).describe('Those that have it.'),
        }),
      )
      .describe('In the order of their beginnings.'),
  }),
  may: seesEveryRow,
  run: analysesOf,
})
