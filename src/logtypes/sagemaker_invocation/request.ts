import { isObject, type JsonObject, listOf, objectOf, textOf, type Value } from '../../json/values.ts'

/** A request to a model, as far as its payload contains it. */
export interface Request {
  /** The dialect, where the request alone shows it. */
  dialect?: 'openai-chat' | 'jumpstart' | 'sglang' | 'rerank'
  prompt?: string | undefined
  system?: string
  parameters?: JsonObject
  modelId?: string
  /** The turns of a conversation, including system messages. */
  messages?: readonly JsonObject[]
  /** The names of the tools that the model was offered. */
  tools?: string[]
}

/** Fields that are not parameters: the text to work on, tools, and the model's name. */
const CONTENT = new Set(
  'messages prompt input inputs text text_inputs system query documents texts tools functions model parameters sampling_params'.split(
    ' ',
  ),
)

export function readRequest(value: Value): Request {
  if (!isObject(value)) return {}
  const found = messagesIn(value) ?? textIn(value)
  if (!found) return {}
  const modelId = textOf(value.model)
  const parameters = parametersOf(value)
  const tools = [...listOf(value.tools), ...listOf(value.functions)].flatMap(
    (tool) => textOf(objectOf(objectOf(tool).function).name) ?? textOf(objectOf(tool).name) ?? [],
  )
  return {
    ...found,
    ...(modelId === undefined ? {} : { modelId }),
    ...(parameters ? { parameters } : {}),
    ...(tools.length > 0 ? { tools } : {}),
  }
}

function parametersOf(value: JsonObject): JsonObject | undefined {
  const others = Object.entries(value).filter(([key]) => !CONTENT.has(key))
  const own = { ...objectOf(value.parameters), ...objectOf(value.sampling_params) }
  const parameters = { ...Object.fromEntries(others), ...own }
  return Object.keys(parameters).length > 0 ? parameters : undefined
}

function messagesIn({ messages, inputs, input, system: above }: JsonObject): Request | undefined {
  if (isConversation(messages)) {
    const found = conversation(messages)
    const system = contentText(above)
    return { dialect: 'openai-chat', ...found, ...(system === undefined ? {} : { system }) }
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

function promptOf(value: Value): Request {
  return { prompt: textsOf(value)?.join('\n\n') ?? '' }
}

/** One text or several; undefined for any other value, such as numbers. */
function textsOf(value: Value): string[] | undefined {
  if (typeof value === 'string') return [value]
  const texts = listOf(value).filter((one) => typeof one === 'string')
  return texts.length > 0 && texts.length === listOf(value).length ? texts : undefined
}

function isConversation(value: Value): value is JsonObject[] {
  return Array.isArray(value) && value.length > 0 && value.every((one) => isObject(one) && 'role' in one)
}

/** The content of a conversation. It is sent again with every request, so the new part is at its end. */
function conversation(messages: readonly JsonObject[]): Request {
  const texts = (wanted: (role: Value) => boolean) =>
    messages.flatMap(({ role, content }) => (wanted(role) ? (contentText(content) ?? []) : []))
  const systems = texts((role) => role === 'system' || role === 'developer')
  const asked = texts((role) => role === 'user')
  return {
    messages,
    ...(asked.length > 0 ? { prompt: asked.at(-1) } : {}),
    ...(systems.length > 0 ? { system: systems.join('\n') } : {}),
  }
}

/** The text of a message: a text, or the text parts of a list. */
export function contentText(content: Value): string | undefined {
  if (typeof content === 'string') return content
  const texts = listOf(content).flatMap((part) => textOf(objectOf(part).text) ?? [])
  return texts.length > 0 ? texts.join('\n') : undefined
}
