import { z } from 'zod'
import { names, section, text, whole } from '../lib/settings.ts'
import type { LogType } from '../logtypes/contract.ts'

/** The section `detect` of the configuration. */
export function detectSection() {
  return section(
    {
      rules: text(
        "A folder with Sigma rules of one's own (.yaml, .yml), from the folder of this file on; folders below it are read, too.",
      ).optional(),
      off: names('Ids or names of rules and of filters that are off, as in ["root-model-call"].').default([]),
      on: names('Ids or names of rules that are on although they are shipped off.').default([]),
      history_days: whole(
        1,
        'Days of history that baselines need before they say that something is new or unusual.',
      ).default(7),
      tools: z
        .record(z.string(), z.array(z.string()), 'names of agents with lists of tools are wanted')
        .describe(
          'By the name of an agent (its role or user), the tools that it may use; an agent that is not named may use what its model is offered.',
        )
        .default({}),
    },
    'How detection works: which rules run, and what they go by.',
  ).prefault({})
}

export interface DetectSettings {
  /** A folder, or a single file. */
  rules?: string | undefined
  /** Only these, without the rules of the package. */
  alone?: boolean
  off: readonly string[]
  on: readonly string[]
  history_days: number
  tools: Readonly<Record<string, readonly string[]>>
  /** A CSV file with prices of models, beside ours. */
  prices?: string | undefined
  /** The user's own log types, which rules and scanners read beside ours. */
  own?: readonly LogType[]
}

export const detectDefaults: DetectSettings = { off: [], on: [], history_days: 7, tools: {} }
