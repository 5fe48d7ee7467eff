import {
  countOf,
  isObject,
  type JsonObject,
  type JsonValue,
  listOf,
  objectOf,
  textOf,
  type Value,
} from '../../json/values.ts'
import { contentText } from './request.ts'
import { hasChoices, isStream, putTogether } from './stream.ts'

/** A model's answer, as far as the payload contains it. */
export interface Answer {
  dialect?:
    | 'openai-chat'
    | 'openai-completions'
    | 'tgi'
    | 'lmi'
    | 'jumpstart'
    | 'vllm'
    | 'sglang'
    | 'embeddings'
    | 'rerank'
  completion?: string | undefined
  stopReason?: string | undefined
  /** Without those read from a cache. */
  inputTokens?: number | undefined
  outputTokens?: number | undefined
  cacheReadTokens?: number | undefined
  modelId?: string | undefined
  reasoning?: string | undefined
  toolCalls?: JsonObject[]
  errorCode?: string | undefined
  errorMessage?: string | undefined
}

/** @param values one for a JSON body; all of them for a stream or JSON Lines */
export function readAnswer(values: readonly JsonValue[]): Answer {
  const [first] = values
  if (values.length === 1 && !isStream(first)) return answerIn(first)
  if (values.some((value) => isStream(value) || hasChoices(value)))
    return answerIn(putTogether(values.filter(isObject)))
  const answers = values.map(answerIn)
  return answers.some(({ dialect }) => dialect !== undefined) ? together(answers) : {}
}

function answerIn(value: Value): Answer {
  if (Array.isArray(value)) return answerOfList(value)
  if (!isObject(value)) return {}
  // A batch transform that joins input and output has the output in this field.
  const { SageMakerOutput: joined } = value
  if (joined !== undefined)
    return Array.isArray(joined) ? answerOfList(joined) : answerOfObject(objectOf(joined))
  return answerOfObject(value)
}

function answerOfObject(value: JsonObject): Answer {
  return openAi(value) ?? generated(value, 'lmi') ?? vectors(value) ?? failure(value) ?? {}
}

function answerOfList(list: readonly JsonValue[]): Answer {
  const [first] = list
  if (Array.isArray(first)) {
    if (typeof first[0] === 'number' || typeof listOf(first[0])[0] === 'number')
      return { dialect: 'embeddings' }
  }
  // A batch of one is a list in a list.
  const answers = Array.isArray(first) ? first : list
  const texts = answers.filter(isObject).flatMap((one) => generated(one, 'tgi') ?? [])
  if (texts.length > 0) return together(texts)
  const isRanking = isObject(first) && 'index' in first && 'score' in first
  return isRanking ? { dialect: 'rerank' } : {}
}

/** Several answers to several prompts: their texts joined by line feeds, their tokens added up. */
function together(answers: readonly Answer[]): Answer {
  const [first = {}] = answers
  if (answers.length === 1) return first
  const texts = answers.flatMap(({ completion }) => completion ?? [])
  return {
    ...first,
    completion: texts.length > 0 ? texts.join('\n\n') : undefined,
    inputTokens: sum(answers.map(({ inputTokens }) => inputTokens)),
    outputTokens: sum(answers.map(({ outputTokens }) => outputTokens)),
  }
}

function sum(counts: readonly (number | undefined)[]): number | undefined {
  return counts.reduce((all, one) => (all === undefined || one === undefined ? undefined : all + one), 0)
}

/** OpenAI's chat and completions, as LMI, vLLM, SGLang and NIM write them. */
function openAi({ choices, usage, model, object }: JsonObject): Answer | undefined {
  if (!Array.isArray(choices)) return undefined
  const all = choices.map(objectOf)
  const isChat = all.some(({ message }) => isObject(message)) || /^chat\./.test(textOf(object) ?? '')
  const texts = all.flatMap(
    ({ message, text }) => contentText(objectOf(message).content) ?? textOf(text) ?? [],
  )
  const reasoning = all.flatMap(({ message }) => {
    const { reasoning_content, reasoning } = objectOf(message)
    return textOf(reasoning_content) ?? textOf(reasoning) ?? []
  })
  const toolCalls = all.flatMap(({ message }) => callsOf(objectOf(message)))
  const { prompt_tokens, completion_tokens, prompt_tokens_details } = objectOf(usage)
  return {
    dialect: isChat ? 'openai-chat' : 'openai-completions',
    ...(texts.length > 0 ? { completion: texts.join('\n\n') } : {}),
    stopReason: textOf(all[0]?.finish_reason),
    ...(reasoning.length > 0 ? { reasoning: reasoning.join('\n\n') } : {}),
    ...readTokens(prompt_tokens, objectOf(prompt_tokens_details).cached_tokens),
    outputTokens: countOf(completion_tokens),
    modelId: textOf(model),
    ...(toolCalls.length > 0 ? { toolCalls } : {}),
  }
}

/** The calls in a message, as `{id, name, input}`. */
export function callsOf({ tool_calls, function_call }: JsonObject): JsonObject[] {
  const calls = [
    ...listOf(tool_calls).map(objectOf),
    ...(isObject(function_call) ? [{ function: function_call }] : []),
  ]
  return calls.map((call: JsonObject) => {
    const { name, arguments: input } = objectOf(call.function)
    return { id: call.id ?? null, name: name ?? null, input: argumentsOf(input) }
  })
}

/** Arguments are JSON in a text; a model may have written invalid JSON. */
function argumentsOf(input: Value): JsonValue {
  if (typeof input !== 'string') return input ?? null
  try {
    return JSON.parse(input) as JsonValue
  } catch {
    return input
  }
}

/** The forms of TGI, LMI, JumpStart, and the native servers of vLLM and SGLang. */
function generated(value: JsonObject, dialect: 'lmi' | 'tgi'): Answer | undefined {
  const { generated_text, generated_texts, generation, details, text, meta_info } = value
  if (typeof generated_text === 'string')
    return { dialect, completion: generated_text, ...detailsOf(details) }
  if (Array.isArray(generated_texts)) return { dialect: 'jumpstart', completion: textsIn(generated_texts) }
  if (typeof generation === 'string') return { dialect: 'jumpstart', completion: generation }
  if (isObject(generation)) return { dialect: 'jumpstart', completion: contentText(generation.content) }
  if (isObject(meta_info)) return { dialect: 'sglang', completion: textOf(text), ...metaOf(meta_info) }
  return Array.isArray(text) ? { dialect: 'vllm', completion: textsIn(text) } : undefined
}

function textsIn(list: readonly JsonValue[]): string {
  return list.filter((one) => typeof one === 'string').join('\n\n')
}

/** LMI's documentation once writes `finish reason`. */
function detailsOf(value: Value): Answer {
  const { finish_reason, 'finish reason': spaced, generated_tokens, prefill, input_length } = objectOf(value)
  const prefilled = listOf(prefill).length
  return {
    stopReason: textOf(finish_reason) ?? textOf(spaced),
    inputTokens: countOf(input_length) ?? (prefilled > 0 ? prefilled : undefined),
    outputTokens: countOf(generated_tokens),
  }
}

function metaOf({ finish_reason, prompt_tokens, completion_tokens, cached_tokens }: JsonObject): Answer {
  return {
    stopReason: textOf(finish_reason) ?? textOf(objectOf(finish_reason).type),
    ...readTokens(prompt_tokens, cached_tokens),
    outputTokens: countOf(completion_tokens),
  }
}

/** A prompt's token count includes tokens read from the cache. */
function readTokens(prompt: Value, cached: Value): Answer {
  const all = countOf(prompt)
  const cacheReadTokens = countOf(cached)
  return {
    inputTokens: all === undefined ? undefined : countOf(all - (cacheReadTokens ?? 0)),
    cacheReadTokens,
  }
}

function vectors({ embedding, data, usage, results, model }: JsonObject): Answer | undefined {
  if (Array.isArray(embedding)) return { dialect: 'embeddings' }
  if (listOf(data).some((one) => 'embedding' in objectOf(one))) {
    const { prompt_tokens } = objectOf(usage)
    return { dialect: 'embeddings', inputTokens: countOf(prompt_tokens), modelId: textOf(model) }
  }
  const ranked = listOf(results).some((one) => 'relevance_score' in objectOf(one))
  return ranked ? { dialect: 'rerank' } : undefined
}

/** The error that a container returns instead of an answer. */
function failure({ error, message, code, type, ErrorCode, Message, object }: JsonObject): Answer | undefined {
  if (isObject(error)) return failureOf(error.message, error.code ?? error.type)
  if (typeof error === 'string') return failureOf(error, code ?? type)
  if (object === 'error') return failureOf(message, code ?? type)
  return ErrorCode === undefined ? undefined : failureOf(Message, ErrorCode)
}

function failureOf(message: Value, code: Value): Answer {
  const isCode = typeof code === 'string' || typeof code === 'number'
  return { errorMessage: textOf(message), errorCode: isCode ? String(code) : undefined }
}
