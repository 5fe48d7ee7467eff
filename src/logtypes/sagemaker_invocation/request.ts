import type { JsonObject, JsonValue } from '../contract.ts'
import { isObject, listOf, objectOf, textOf } from '../values.ts'

/** What a request asks of a model, as far as its payload tells. */
export interface Request {
  /** How the caller speaks, where the request alone tells. */
  dialect?: 'openai-chat' | 'jumpstart' | 'sglang' | 'rerank'
  prompt?: string | undefined
  systemPrompt?: string
  parameters?: JsonObject
  modelId?: string
  toolResults?: JsonValue[]
}

/** The text to work on, tools and the model's name are no parameters. */
const CONTENT = new Set(
  'messages prompt input inputs text text_inputs system query documents texts tools functions model parameters sampling_params'.split(
    ' ',
  ),
)

export function readRequest(value: JsonValue | undefined): Request {
  if (!isObject(value)) return {}
  const found = messagesIn(value) ?? textIn(value)
  if (!found) return {}
  const modelId = textOf(value.model)
  const parameters = parametersOf(value)
  return { ...found, ...(modelId === undefined ? {} : { modelId }), ...(parameters ? { parameters } : {}) }
}

function parametersOf(value: JsonObject): JsonObject | undefined {
  const others = Object.entries(value).filter(([key]) => !CONTENT.has(key))
  const own = { ...objectOf(value.parameters), ...objectOf(value.sampling_params) }
  const parameters = { ...Object.fromEntries(others), ...own }
  return Object.keys(parameters).length > 0 ? parameters : undefined
}

function messagesIn({ messages, inputs, input, system }: JsonObject): Request | undefined {
  if (isConversation(messages)) {
    const found = conversation(messages)
    const above = contentText(system)
    return { dialect: 'openai-chat', ...found, ...(above === undefined ? {} : { systemPrompt: above }) }
  }
  // JumpStart's first Llama 2 containers took a list of conversations.
  const [first] = listOf(inputs)
  if (isConversation(first)) return { dialect: 'jumpstart', ...conversation(first) }
  if (isConversation(inputs)) return { dialect: 'jumpstart', ...conversation(inputs) }
  return isConversation(input) ? conversation(input) : undefined
}

function textIn(value: JsonObject): Request | undefined {
  const { prompt, inputs, input, text, text_inputs, query, documents, texts } = value
  if (typeof query === 'string' && (Array.isArray(documents) || Array.isArray(texts)))
    return { dialect: 'rerank', prompt: query }
  if (textsOf(text_inputs)) return promptOf(text_inputs)
  if (textsOf(inputs)) return promptOf(inputs)
  if (textsOf(prompt)) return promptOf(prompt)
  if (textsOf(text) && isObject(value.sampling_params)) return { dialect: 'sglang', ...promptOf(text) }
  return textsOf(input) ? promptOf(input) : undefined
}

function promptOf(value: JsonValue | undefined): Request {
  return { prompt: textsOf(value)?.join('\n\n') ?? '' }
}

/** One text or several; undefined for anything else, like numbers. */
function textsOf(value: JsonValue | undefined): string[] | undefined {
  if (typeof value === 'string') return [value]
  const texts = listOf(value).filter((one) => typeof one === 'string')
  return texts.length > 0 && texts.length === listOf(value).length ? texts : undefined
}

function isConversation(value: JsonValue | undefined): value is JsonObject[] {
  return Array.isArray(value) && value.length > 0 && value.every((one) => isObject(one) && 'role' in one)
}

/**
 * What the request adds to its conversation, which is sent again with every turn: the text behind the model's last
 * answer, and the results of the tools that the answer called.
 */
function conversation(messages: readonly JsonObject[]): Request {
  const systems = messages.filter(({ role }) => role === 'system' || role === 'developer')
  const added = messages.slice(messages.findLastIndex(({ role }) => role === 'assistant') + 1)
  const asked = added.filter(({ role }) => role === 'user')
  const results = added.flatMap((message) =>
    message.role === 'tool' || message.role === 'function'
      ? [{ id: message.tool_call_id ?? message.name ?? null, content: message.content ?? null }]
      : [],
  )
  const prompt = joined(asked)
  const systemPrompt = joined(systems)
  return {
    ...(prompt === undefined ? {} : { prompt }),
    ...(systemPrompt === undefined ? {} : { systemPrompt }),
    ...(results.length > 0 ? { toolResults: results } : {}),
  }
}

function joined(messages: readonly JsonObject[]): string | undefined {
  const texts = messages.flatMap(({ content }) => contentText(content) ?? [])
  return texts.length > 0 ? texts.join('\n\n') : undefined
}

/** The text of a message: a text, or parts of which some are text. */
export function contentText(content: JsonValue | undefined): string | undefined {
  if (typeof content === 'string') return content
  const texts = listOf(content).flatMap((part) => textOf(objectOf(part).text) ?? [])
  return texts.length > 0 ? texts.join('\n') : undefined
}
