import type { Passage, Scorer } from '../scan/contract.ts'
import { post } from './http.ts'

/**
 * Amazon Bedrock's ApplyGuardrail as a scorer: the confidence of a guardrail's filter of prompt attacks.
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ApplyGuardrail.html
 */
export interface GuardrailOptions {
  /** `https://bedrock-runtime.<region>.amazonaws.com`. */
  endpoint: string
  guardrail: string
  guardrailVersion: string
  /** The headers that authorise a request: a Bedrock API key as `authorization: Bearer …`, or a signature. */
  headers(request: { url: string; body: object }): Promise<Readonly<Record<string, string>>>
}

/** Scores for its levels of confidence: it returns no numbers. */
const CONFIDENCE: Readonly<Record<string, number>> = { NONE: 0, LOW: 0.4, MEDIUM: 0.7, HIGH: 0.95 }

export function guardrailScorer({
  endpoint,
  guardrail,
  guardrailVersion,
  headers,
}: GuardrailOptions): Scorer {
  const url = `${endpoint}/guardrail/${encodeURIComponent(guardrail)}/version/${encodeURIComponent(guardrailVersion)}/apply`
  return {
    name: 'guardrail',
    version: `${guardrail}-${guardrailVersion}`,
    async score(passages, signal) {
      const scores: number[] = []
      // One request per passage, because it judges a request's content as a whole.
      for (const passage of passages) {
        const body = bodyOf(passage)
        const answer = await post('guardrail', url, await headers({ url, body }), body, signal)
        scores.push(confidenceOf(answer))
      }
      return scores
    },
  }
}

function bodyOf({ role, text }: Passage): object {
  return {
    source: role === 'answer' ? 'OUTPUT' : 'INPUT',
    content: [{ text: { text, qualifiers: [role === 'system' ? 'grounding_source' : 'guard_content'] } }],
  }
}

interface Answer {
  action?: string
  assessments?: { contentPolicy?: { filters?: { type?: string; confidence?: string }[] } }[]
}

function confidenceOf(answer: unknown): number {
  const { assessments = [] } = answer as Answer
  const filters = assessments.flatMap(({ contentPolicy }) => contentPolicy?.filters ?? [])
  const attacks = filters.filter(({ type }) => type === 'PROMPT_ATTACK')
  return Math.max(0, ...attacks.map(({ confidence }) => CONFIDENCE[confidence ?? ''] ?? 0))
}
