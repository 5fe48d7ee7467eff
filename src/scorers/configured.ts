import { UserError } from '../lib/errors.ts'
import type { Scorer } from '../scan/contract.ts'
import { batched } from './batched.ts'
import { commandScorer } from './command.ts'
import { guardrailScorer } from './guardrail.ts'
import { httpScorer } from './http.ts'

/** A scorer as a configuration describes it: the key of its kind is set, and others are not read. */
export interface ScorerSettings {
  kind: 'command' | 'http' | 'guardrail'
  /** A program and its arguments. */
  command?: readonly string[] | undefined
  url?: string | undefined
  guardrail?: { id: string; version: string; region: string } | undefined
  /** The environment variable with the token for `url` or `guardrail`. */
  key_variable?: string | undefined
  name: string
  version: string
  /** Seconds that a call may take. */
  seconds: number
}

/** The variable from which AWS's own clients take an API key of Bedrock. */
const BEDROCK_KEY = 'AWS_BEARER_TOKEN_BEDROCK'

/** @throws UserError when a variable that is named is not set */
export function configuredScorer(settings: ScorerSettings): Scorer {
  return batched(plainScorer(settings), { timeout: settings.seconds * 1000 })
}

function plainScorer(settings: ScorerSettings): Scorer {
  const { kind, command, url, guardrail, key_variable, name, version } = settings
  const [program, ...args] = command ?? []
  if (kind === 'command' && program !== undefined)
    return commandScorer({ name, version, command: [program, ...args] })
  if (kind === 'http' && url !== undefined) {
    const headers = key_variable === undefined ? {} : authorization(key_variable)
    return httpScorer({ name, version, url, headers })
  }
  if (kind !== 'guardrail' || guardrail === undefined)
    throw new UserError(`the scorer ${name} has no ${kind === 'http' ? 'url' : kind}`)
  const { id, version: guardrailVersion, region } = guardrail
  return guardrailScorer({
    endpoint: `https://bedrock-runtime.${region}.amazonaws.com`,
    guardrail: id,
    guardrailVersion,
    headers: async () => authorization(key_variable ?? BEDROCK_KEY),
  })
}

function authorization(variable: string): Record<string, string> {
  const key = process.env[variable]
  if (!key) throw new UserError(`the environment variable ${variable} is not set: the scorer needs its token`)
  return { authorization: `Bearer ${key}` }
}
