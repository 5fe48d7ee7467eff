import { z } from 'zod'
import { names, oneOf, section, text, textLike, whole, yesNo } from '../lib/settings.ts'
import { type BatchSection, batchSection } from '../model/batch-settings.ts'

const SPAN = /^\d{1,4}[mhdw]$/
const span = (doc: string) => textLike(SPAN, 'a span is wanted, as in 24h or 7d', doc)

function selected() {
  return {
    accounts: names('Only these accounts.').default([]),
    regions: names('Only these Regions.').default([]),
    services: names('Only these services, as in `iam`.').default([]),
    principals: names(
      'Only these principals, as the column `actor` has them; `*` stands for anything.',
    ).default([]),
  }
}

function scheduled() {
  return section(
    {
      does: oneOf(['digest', 'analyze'], 'What is made: a digest without a model, or an analysis.').default(
        'digest',
      ),
      every: span('How often, as in 24h: at times that are a multiple of it since midnight UTC.').default(
        '24h',
      ),
      at: textLike(
        /^([01]\d|2[0-3]):[0-5]\d$/,
        'a time is wanted, as in 06:00',
        'How long after such a time, as hours and minutes: with `every: 24h`, the time of day in UTC.',
      ).default('00:00'),
      window: span('How far back it looks; by default as long as `every`.').optional(),
      to: names('Names under `destinations` that it is sent to.').default([]),
      format: oneOf(['markdown', 'html', 'json'], 'What is sent.').default('markdown'),
      ...selected(),
    },
    'What is made, when, and where it goes.',
  )
}

/** `analyze` in loglake.yaml. */
export function analyzeSection() {
  const dollars = 'US dollars are wanted, a number above 0'
  return section(
    {
      window: span('How far back a digest or an analysis looks.').default('24h'),
      days: whole(1, 'Days before the window that it is held against.').default(14),
      own_roles: names(
        'ARNs of roles that loglake works as: what they do of its work is left out, and counted.',
      ).default([]),
      by: oneOf(['principal', 'service', 'region'], 'What one call of the model is about.').default(
        'principal',
      ),
      item_tokens: whole(1000, 'Most tokens that one call of the model reads.').default(8000),
      concurrency: whole(1, 'Calls of the model at once, on demand.').default(4),
      attempts: whole(1, 'How often a call is made that fails or has no answer.').default(3),
      below: oneOf(
        ['on-demand', 'wait'],
        'What is done with fewer calls than a batch job must have: they are made on demand, or not yet.',
      ).default('on-demand'),
      max_usd: z.number(dollars).positive(dollars).describe('Most US dollars for one analysis.').optional(),
      findings: yesNo('Whether what it finds becomes rows of `finding`.').default(true),
      link: text(
        'Where a report can be read that is too long to be sent; `{run}` stands for its name.',
      ).optional(),
      batch: batchSection().optional(),
      schedule: z
        .record(
          z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'a name of small letters, digits and - is wanted'),
          scheduled(),
          'names with their schedules are wanted',
        )
        .describe('Digests and analyses that `loglake run` makes by itself.')
        .default({}),
    },
    'Digests of what stands out, and analyses by a model.',
  )
}

export interface Schedule {
  does: 'digest' | 'analyze'
  every: string
  at: string
  window?: string | undefined
  to: readonly string[]
  format: 'markdown' | 'html' | 'json'
  accounts: readonly string[]
  regions: readonly string[]
  services: readonly string[]
  principals: readonly string[]
}

export interface AnalyzeSettings {
  window: string
  days: number
  own_roles: readonly string[]
  by: 'principal' | 'service' | 'region'
  item_tokens: number
  concurrency: number
  attempts: number
  below: 'on-demand' | 'wait'
  max_usd?: number | undefined
  findings: boolean
  link?: string | undefined
  batch?: BatchSection | undefined
  schedule: Readonly<Record<string, Schedule>>
}

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }

/** `24h` → 86,400,000 */
export function spanMs(text: string): number {
  return Number(text.slice(0, -1)) * (UNITS[text.slice(-1)] ?? 0)
}

export const analyzeDefaults: AnalyzeSettings = analyzeSection().parse({})
