import type { JsonObject, JsonValue } from '../../../json/values.ts'
import { hourOfDetails } from '../cache.ts'
import { numberOf, objectOf, objectsOf } from '../json.ts'
import { ai21 } from './ai21.ts'
import { anthropic } from './anthropic.ts'
import { cohere } from './cohere.ts'
import type { Answer, Dialect, Question, Usage } from './contract.ts'
import { converse } from './converse.ts'
import { embeddings } from './embeddings.ts'
import { generated } from './generated.ts'
import { images } from './images.ts'
import { llama } from './llama.ts'
import { messages } from './messages.ts'
import { mistral } from './mistral.ts'
import { openai } from './openai.ts'
import { titan } from './titan.ts'

export type { Answer, Message, Question, ToolCall, ToolResult } from './contract.ts'

/** Tried in this order; the first dialect that recognizes a body reads it. */
const DIALECTS: readonly Dialect[] = [
  messages,
  converse,
  anthropic,
  openai,
  cohere,
  titan,
  llama,
  mistral,
  ai21,
  images,
  embeddings,
  generated,
]

/** The question to a model; undefined when no dialect recognizes the body. */
export function questionOf(body: JsonValue | undefined): Question | undefined {
  if (typeof body === 'string') return { prompt: body }
  const object = objectOf(body)
  return object && first((dialect) => dialect.question?.(object))
}

/** A model's answer, complete or in chunks; undefined when no dialect recognizes the body. */
export function answerOf(body: JsonValue | undefined): Answer | undefined {
  if (typeof body === 'string') return { text: body }
  const chunks = Array.isArray(body) ? objectsOf(body) : undefined
  if (chunks?.length === 0) return undefined
  const object = objectOf(body) ?? (chunks?.length === 1 ? chunks[0] : undefined)
  const answer =
    (chunks && first((dialect) => dialect.chunks?.(chunks))) ??
    (object && first((dialect) => dialect.answer?.(object)))
  return withMetrics(answer, chunks ?? (object ? [object] : []))
}

function first<T>(ask: (dialect: Dialect) => T | undefined): T | undefined {
  for (const dialect of DIALECTS) {
    const found = ask(dialect)
    if (found !== undefined) return found
  }
  return undefined
}

/**
 * Bedrock's own measurements, which the last chunk has in every dialect. They override the model's counts.
 */
function withMetrics(answer: Answer | undefined, chunks: readonly JsonObject[]): Answer | undefined {
  const chunk = chunks.findLast((candidate) => METRICS in candidate)
  const metrics = objectOf(chunk?.[METRICS])
  if (!metrics) return answer
  const counted: Usage = {
    input: numberOf(metrics.inputTokenCount),
    output: numberOf(metrics.outputTokenCount),
    cacheRead: numberOf(metrics.cacheReadInputTokenCount),
    cacheWrite: numberOf(metrics.cacheWriteInputTokenCount),
    cacheWriteHour: hourOfDetails(metrics.cacheDetails),
  }
  const usage: Usage = { ...answer?.usage }
  for (const [name, count] of Object.entries(counted)) {
    if (count !== undefined) usage[name as keyof Usage] = count
  }
  return {
    ...answer,
    usage,
    latencyMs: numberOf(metrics.invocationLatency) ?? answer?.latencyMs,
    firstByteMs: numberOf(metrics.firstByteLatency),
  }
}

const METRICS = 'amazon-bedrock-invocationMetrics'
