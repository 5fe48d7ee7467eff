import { z } from 'zod'
import { names, oneOf, section, text, whole } from '../lib/settings.ts'
import type { LogType } from '../logtypes/contract.ts'
import type { Scorer } from '../scan/contract.ts'
import type { ScorerSettings } from '../scorers/index.ts'

/** The section `detect` of the configuration. */
export function detectSection() {
  return section(
    {
      rules: text(
        "A folder with Sigma rules of one's own (.yaml, .yml), from the folder of this file on; folders below it are read, too.",
      ).optional(),
      off: names('Ids or names of rules and of filters that are off, as in ["root-model-call"].').default([]),
      on: names('Ids or names of rules that are on although they are shipped off.').default([]),
      placeholders: z
        .record(z.string(), z.array(z.string()), 'names with lists of values are wanted')
        .describe(
          'By the name of a placeholder, without percent signs, the values that `expand` puts in its place, as in {admins: ["*/alice", "*/bob"]}.',
        )
        .default({}),
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
      scorer: scorerSection().optional(),
    },
    'How detection works: which rules run, and what they go by.',
  ).prefault({})
}

function scorerSection() {
  return section(
    {
      kind: oneOf(
        ['command', 'http', 'guardrail'],
        'What is asked: a program (`command`), an endpoint (`url`) or a guardrail of Amazon Bedrock (`guardrail`).',
      ),
      command: names(
        'A program and its arguments. It reads a JSON line for each passage and writes a score from 0 to 1 for each.',
      ).optional(),
      url: text('An endpoint that answers POST {"passages": [...]} with {"scores": [...]}.').optional(),
      guardrail: section(
        {
          id: text('The id of the guardrail.'),
          version: text('Its version, as in "1" or "DRAFT".'),
          region: text('The Region of Bedrock that is asked.'),
        },
        'A guardrail of Amazon Bedrock, asked by ApplyGuardrail.',
      ).optional(),
      key_variable: text(
        'The environment variable with the token that is sent to the endpoint or to Bedrock; for a guardrail AWS_BEARER_TOKEN_BEDROCK by default.',
      ).optional(),
      name: text('Its name in findings.').default('scorer'),
      version: text('Its version in findings; raise it when its scores change.').default('1'),
      least: z
        .number('a number from 0 to 1 is wanted')
        .min(0, 'a number from 0 to 1 is wanted')
        .max(1, 'a number from 0 to 1 is wanted')
        .describe('The score from which a passage is a finding.')
        .default(0.9),
      seconds: whole(1, 'Seconds that a call may take.').default(30),
    },
    'A heavier scorer of prompt injection, asked about prompts, documents and results of tools in addition to ours.',
  ).refine(
    ({ kind, command, url, guardrail }) =>
      (kind === 'command' ? command?.[0] : kind === 'http' ? url : guardrail) !== undefined,
    'the kind wants a key of its own: `command` for command, `url` for http, `guardrail` for guardrail',
  )
}

/** A heavier scorer: as a configuration describes it, by its kind; or without a kind, as a function. */
export type HeavierScorer = (ScorerSettings | { kind?: undefined; scorer: Scorer }) & {
  /** The score from which a passage is a finding. */
  least: number
}

export interface DetectSettings {
  /** A folder, or a single file. */
  rules?: string | undefined
  /**
   * Files or folders with rules that are read before all others: one to be tried takes the place of the one
   * with its id.
   */
  files?: readonly string[]
  off: readonly string[]
  on: readonly string[]
  /** The values of placeholders. */
  placeholders?: Readonly<Record<string, readonly string[]>>
  history_days: number
  tools: Readonly<Record<string, readonly string[]>>
  /** A CSV file with prices of models, in addition to ours. */
  prices?: string | undefined
  /** Asked about passages in addition to our own scanners. */
  scorer?: HeavierScorer | undefined
  /** The user's own log types, which rules and scanners read in addition to ours. */
  own?: readonly LogType[]
}

export const detectDefaults: DetectSettings = { off: [], on: [], history_days: 7, tools: {} }
