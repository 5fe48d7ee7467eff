/**
 * Messages of a model's request and answer in three dialects: Anthropic's Messages (`content` is a text, or
 * blocks with a `type`), Bedrock's Converse (each block of `content` has one key, its kind), OpenAI's Chat
 * Completions (`tool_calls`, role `tool`).
 *
 * Sources: Anthropic Messages API reference; Amazon Bedrock API reference, `Message` and `ContentBlock`;
 * OpenAI Chat Completions.
 */

export interface ChatPart {
  kind: 'text' | 'reasoning' | 'tool_call' | 'tool_result' | 'image' | 'document' | 'other'
  text?: string
  tool?: { id: string | null; name: string | null; status: string | null }
}

export interface ChatMessage {
  role: string
  parts: ChatPart[]
}

type Fields = Record<string, unknown>

export function messageOf(given: unknown): ChatMessage {
  const message = fieldsOf(given)
  const role = textOf(message.role) ?? 'unknown'
  if (role === 'tool')
    return { role, parts: [resultPart(message.tool_call_id, undefined, contentText(message.content))] }
  const called = listOf(message.tool_calls).map((one) => {
    const { id, function: called } = fieldsOf(one)
    const { name, arguments: input } = fieldsOf(called)
    return callPart(id, name, input)
  })
  return { role, parts: [...partsOf(message.content), ...called] }
}

/** The answer as one message, from a body or from joined chunks. */
export function answerOf(body: unknown): ChatPart[] {
  const answer = fieldsOf(body)
  const converse = fieldsOf(fieldsOf(answer.output).message)
  if (converse.content !== undefined) return messageOf(converse).parts
  if (answer.content !== undefined) return messageOf({ role: 'assistant', ...answer }).parts
  const [choice] = listOf(answer.choices)
  if (choice !== undefined) {
    const { message, text } = fieldsOf(choice)
    if (message !== undefined) return messageOf(message).parts
    if (typeof text === 'string') return [{ kind: 'text', text }]
  }
  return []
}

function partsOf(content: unknown): ChatPart[] {
  if (typeof content === 'string') return content === '' ? [] : [{ kind: 'text', text: content }]
  return listOf(content).map((block) =>
    typeof block === 'string' ? { kind: 'text', text: block } : partOf(fieldsOf(block)),
  )
}

function partOf(block: Fields): ChatPart {
  if (typeof block.type === 'string') return typedPart(block.type, block)
  if (typeof block.text === 'string') return { kind: 'text', text: block.text }
  const { toolUse, toolResult, reasoningContent, image, document } = block
  if (toolUse !== undefined) {
    const { toolUseId, name, input } = fieldsOf(toolUse)
    return callPart(toolUseId, name, input)
  }
  if (toolResult !== undefined) {
    const { toolUseId, status, content } = fieldsOf(toolResult)
    return resultPart(toolUseId, status, contentText(content))
  }
  if (reasoningContent !== undefined) {
    const { reasoningText } = fieldsOf(reasoningContent)
    return { kind: 'reasoning', text: textOf(fieldsOf(reasoningText).text) ?? '' }
  }
  if (image !== undefined) return { kind: 'image' }
  if (document !== undefined) return { kind: 'document', text: textOf(fieldsOf(document).name) ?? '' }
  return { kind: 'other', text: JSON.stringify(block) }
}

function typedPart(type: string, block: Fields): ChatPart {
  if (type === 'text' || type === 'input_text' || type === 'output_text')
    return { kind: 'text', text: textOf(block.text) ?? '' }
  if (type === 'thinking') return { kind: 'reasoning', text: textOf(block.thinking) ?? '' }
  if (type.endsWith('tool_use')) return callPart(block.id, block.name, block.input)
  if (type.endsWith('tool_result')) {
    const status = block.is_error === true ? 'error' : 'success'
    return resultPart(block.tool_use_id, status, contentText(block.content))
  }
  if (type.includes('image')) return { kind: 'image' }
  if (type === 'document') return { kind: 'document', text: textOf(block.title) ?? '' }
  return { kind: 'other', text: JSON.stringify(block) }
}

function callPart(id: unknown, name: unknown, input: unknown): ChatPart {
  return {
    kind: 'tool_call',
    text: typeof input === 'string' ? input : JSON.stringify(input ?? {}),
    tool: { id: textOf(id), name: textOf(name), status: null },
  }
}

function resultPart(id: unknown, status: unknown, text: string): ChatPart {
  return { kind: 'tool_result', text, tool: { id: textOf(id), name: null, status: textOf(status) } }
}

/** The texts of a tool's result; other content is written as JSON. */
function contentText(content: unknown): string {
  if (typeof content === 'string') return content
  return listOf(content)
    .map((block) => {
      const { text, json } = fieldsOf(block)
      if (typeof text === 'string') return text
      return JSON.stringify(json ?? block)
    })
    .join('\n')
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {}
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}
