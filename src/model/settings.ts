import { z } from 'zod'
import { type Identity, identitySection } from '../aws/identity.ts'
import { oneOf, section, text, textLike, whole } from '../lib/settings.ts'

/** The known providers; each is an entry of `providers.ts`. */
const providerNames = ['bedrock', 'anthropic', 'openai', 'openai-compatible', 'google', 'ollama'] as const

export type ProviderName = (typeof providerNames)[number]

function dollars(doc: string) {
  const wanted = 'US dollars are wanted, a number of at least 0'
  return z.number(wanted).min(0, wanted).describe(doc)
}

/**
 * `model` in loglake.yaml: which model to use, its prices, its limits. Keys come from the environment only.
 */
export function modelSection() {
  return section(
    {
      provider: oneOf(
        providerNames,
        "The model's provider; without it there is no model, and loglake answers without one.",
      ).optional(),
      id: text(
        "The model's id as its provider writes it, as in anthropic.claude-sonnet-4-5-20250929-v1:0; on Bedrock also an inference profile.",
      ).optional(),
      base_url: textLike(
        /^https?:\/\/[^\s?#@]+$/,
        'an address is wanted, as in http://127.0.0.1:11434',
        "Address of the provider, in place of its own; needed for openai-compatible. On Bedrock, that of the service's runtime.",
      ).optional(),
      key_variable: textLike(
        /^[A-Za-z_]\w*$/,
        'the name of a variable is wanted',
        "The variable of the environment that holds the key; by default the provider's own, as in ANTHROPIC_API_KEY. On Bedrock a bearer token, and without one the credentials of `identity`.",
      ).optional(),
      identity: identitySection('Who we are to Bedrock; by default who the AWS CLI would be.').prefault({}),
      prices: section(
        {
          input: dollars('US dollars for a million tokens that are read.'),
          output: dollars('US dollars for a million tokens that are written.'),
        },
        "The model's prices. Without them no cost is shown, and a limit in dollars cannot be kept.",
      ).optional(),
      limits: section(
        {
          turns: whole(1, 'Most calls of the model for one question.').default(8),
          statements: whole(0, 'Most statements of SQL for one question, the named ones among them.').default(
            6,
          ),
          rows: whole(1, 'Most rows of one result that are kept.').default(200),
          seconds: whole(1, 'Most seconds for one question.').default(60),
          tokens: whole(1, 'Most tokens for one question, read and written.').default(150_000),
          output_tokens: whole(1, 'Most tokens that one call of the model writes.').default(4000),
          context_tokens: whole(
            1,
            'Most tokens that one call of the model reads: earlier results become references beyond it.',
          ).default(50_000),
          usd: dollars('Most US dollars for one question; needs `prices`.').optional(),
        },
        'How far a question may go.',
      ).prefault({}),
      retries: whole(0, 'How often a call is made again that was throttled, cut off or not served.').default(
        3,
      ),
    },
    'The model that answers questions, if any.',
  )
}

export interface ModelSettings {
  provider?: ProviderName | undefined
  id?: string | undefined
  base_url?: string | undefined
  key_variable?: string | undefined
  identity: Identity
  prices?: Prices | undefined
  limits: ModelLimits
  retries: number
}

/** US dollars for a million tokens. */
export interface Prices {
  input: number
  output: number
}

export interface ModelLimits {
  turns: number
  statements: number
  rows: number
  seconds: number
  tokens: number
  output_tokens: number
  context_tokens: number
  usd?: number | undefined
}

export const modelDefaults: ModelSettings = modelSection().parse({})
