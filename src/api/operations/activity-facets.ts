import { z } from 'zod'
import { operation } from '../contract.ts'
import { activityFacetsOf } from '../pages/activity-facets.ts'
import { everybodyWithRows } from '../rights.ts'
import { behind, count, span, standing, text, textOrNull, where } from '../shapes.ts'

export const activityFacets = operation({
  name: 'activity-facets',
  doc: 'Counts the values of the usual fields among API calls that meet all conditions.',
  kind: 'read',
  queue: 'page',
  scope: 'read',
  reads: ['cloudtrail', 'activity_10min'],
  input: z.object({
    ...span,
    where,
    values: z.coerce.number().int().min(1).max(200).default(12).describe('The most values of a field.'),
  }),
  output: z.object({
    ...standing,
    behind,
    counted: z.enum(['summary', 'rows', 'no']),
    why: text.nullable(),
    facets: z.array(
      z.object({
        field: text,
        distinct: count.describe('How many values there are in all.'),
        values: z.array(z.object({ value: textOrNull, events: count })),
      }),
    ),
  }),
  may: everybodyWithRows,
  run: activityFacetsOf,
})
