import { type ModelSettings, modelSection } from '../../src/model/settings.ts'

interface Wire {
  name: string
  settings(url: string): ModelSettings
  /** Calls of tools are objects on it: their input cannot be broken JSON. */
  callsAreObjects?: true
  /** It has no guardrails that could stop an answer. */
  hasNoGuardrail?: true
}

/** How each provider is told to speak to a server of the test's own. */
export const wires: readonly Wire[] = [
  {
    name: 'bedrock',
    settings: (url) =>
      modelSection().parse({
        ...common,
        provider: 'bedrock',
        base_url: url,
        identity: { region: 'us-east-1' },
      }),
  },
  {
    name: 'anthropic',
    settings: (url) => modelSection().parse({ ...common, provider: 'anthropic', base_url: `${url}/v1` }),
  },
  {
    name: 'openai',
    settings: (url) => modelSection().parse({ ...common, provider: 'openai', base_url: `${url}/v1` }),
  },
  {
    name: 'openai-compatible',
    settings: (url) =>
      modelSection().parse({ ...common, provider: 'openai-compatible', base_url: `${url}/v1` }),
  },
  {
    name: 'google',
    settings: (url) => modelSection().parse({ ...common, provider: 'google', base_url: `${url}/v1beta` }),
    callsAreObjects: true,
  },
  {
    name: 'ollama',
    settings: (url) => modelSection().parse({ ...common, provider: 'ollama', base_url: `${url}/api` }),
    callsAreObjects: true,
    hasNoGuardrail: true,
  },
]

/** Nothing here is about time: no question ends because the machine is busy. */
const common = {
  ...{ id: 'scripted', prices: { input: 3, output: 15 }, retries: 2 },
  limits: { seconds: 100_000 },
}

/** What the providers take from the environment. */
export function setKeys(): void {
  process.env.AWS_ACCESS_KEY_ID = 'AKIAIOSFODNN7EXAMPLE'
  process.env.AWS_SECRET_ACCESS_KEY = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'
  process.env.ANTHROPIC_API_KEY = 'test-key-of-anthropic'
  process.env.OPENAI_API_KEY = 'test-key-of-openai'
  process.env.GOOGLE_GENERATIVE_AI_API_KEY = 'test-key-of-google'
  process.env.OPENAI_COMPATIBLE_API_KEY = 'test-key-of-compatible'
}
