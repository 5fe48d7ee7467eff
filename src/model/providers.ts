import type { LanguageModel } from 'ai'
import { credentialsOf } from '../aws/credentials.ts'
import { regionOf } from '../aws/identity.ts'
import { UserError } from '../lib/errors.ts'
import { keepSecret } from '../lib/secrets.ts'
import { boundedFetch } from './bounded.ts'
import type { ModelSettings, ProviderName } from './settings.ts'

/** The input of a provider that opens one of its models. */
export interface Opening {
  id: string
  settings: ModelSettings
  /** The key from the environment; '' where there is none. */
  key: string
}

interface Provider {
  /** The environment variable of its key. */
  variable: string
  /** Whether it requires a key. */
  needsKey: boolean
  open(opening: Opening): Promise<LanguageModel>
}

const base = ({ settings }: Opening) => ({
  fetch: boundedFetch,
  ...(settings.base_url === undefined ? {} : { baseURL: settings.base_url }),
})

const providers: Record<ProviderName, Provider> = {
  bedrock: {
    variable: 'AWS_BEARER_TOKEN_BEDROCK',
    needsKey: false,
    async open(opening) {
      const { createAmazonBedrock } = await import('@ai-sdk/amazon-bedrock')
      const { identity } = opening.settings
      const region = regionOf(identity) ?? process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION
      if (region === undefined)
        throw new UserError('model.identity.region says no Region for Bedrock, nor does AWS_REGION')
      const endpoint = opening.settings.base_url ?? identity.endpoint
      const credentials = credentialsOf(identity)
      const who = opening.key
        ? { apiKey: opening.key }
        : {
            apiKey: '',
            credentialProvider: async () => {
              const { accessKeyId, secretAccessKey, sessionToken } = await credentials()
              return { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) }
            },
          }
      const place = { region, ...base(opening), ...(endpoint ? { baseURL: endpoint } : {}) }
      return createAmazonBedrock({ ...place, ...who })(opening.id)
    },
  },
  anthropic: {
    variable: 'ANTHROPIC_API_KEY',
    needsKey: true,
    async open(opening) {
      const { createAnthropic } = await import('@ai-sdk/anthropic')
      return createAnthropic({ ...base(opening), apiKey: opening.key })(opening.id)
    },
  },
  openai: {
    variable: 'OPENAI_API_KEY',
    needsKey: true,
    async open(opening) {
      const { createOpenAI } = await import('@ai-sdk/openai')
      return createOpenAI({ ...base(opening), apiKey: opening.key }).chat(opening.id)
    },
  },
  'openai-compatible': {
    variable: 'OPENAI_COMPATIBLE_API_KEY',
    needsKey: false,
    async open(opening) {
      const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible')
      const baseURL = opening.settings.base_url
      if (baseURL === undefined)
        throw new UserError(
          'model.base_url is missing: openai-compatible needs an address, as in http://127.0.0.1:8000/v1',
        )
      return createOpenAICompatible({
        ...base(opening),
        name: 'openai-compatible',
        baseURL,
        includeUsage: true,
        supportsStructuredOutputs: true,
        ...(opening.key ? { apiKey: opening.key } : {}),
      })(opening.id)
    },
  },
  google: {
    variable: 'GOOGLE_GENERATIVE_AI_API_KEY',
    needsKey: true,
    async open(opening) {
      const { createGoogleGenerativeAI } = await import('@ai-sdk/google')
      return createGoogleGenerativeAI({ ...base(opening), apiKey: opening.key })(opening.id)
    },
  },
  ollama: {
    variable: 'OLLAMA_API_KEY',
    needsKey: false,
    async open(opening) {
      const { createOllama } = await import('ollama-ai-provider-v2')
      const headers = opening.key ? { headers: { authorization: `Bearer ${opening.key}` } } : {}
      return createOllama({ ...base(opening), ...headers })(opening.id)
    },
  },
}

/**
 * Opens the AI SDK's model for the settings.
 *
 * @throws UserError when a setting or a key is missing
 */
export async function providerModel(
  settings: ModelSettings,
): Promise<{ name: string; model: LanguageModel }> {
  const { provider: named, id } = settings
  if (named === undefined || id === undefined)
    throw new UserError(
      `model.${named === undefined ? 'provider' : 'id'} is missing in loglake.yaml: docs/ask.md has examples`,
    )
  const provider = providers[named]
  const variable = settings.key_variable ?? provider.variable
  const key = process.env[variable] ?? ''
  if (key) keepSecret(key)
  else if (provider.needsKey || settings.key_variable !== undefined)
    throw new UserError(
      `the variable ${variable} of the environment is not set: it holds the key for ${named}`,
    )
  return { name: `${named}/${id}`, model: await provider.open({ id, settings, key }) }
}
