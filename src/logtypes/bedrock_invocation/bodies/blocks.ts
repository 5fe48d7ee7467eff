import type { JsonObject, JsonValue } from '../../../json/values.ts'
import { firstText, joined, objectOf, objectsOf, textOf } from '../json.ts'
import type { Message, ToolCall, ToolResult } from './contract.ts'

/**
 * Reads the content of a message: a text, or blocks as Anthropic (`{"type":"tool_use",…}`), Converse
 * (`{"toolUse":{…}}`) or OpenAI (`{"type":"image_url",…}`) write them. Blocks are recognized by their shape;
 * unknown ones count as empty.
 *
 * @param between the separator between the texts of two blocks
 */
export function readBlocks(content: JsonValue | undefined, between: string): Omit<Message, 'role'> {
  if (typeof content === 'string') return { text: content, calls: [], results: [] }
  const texts: string[] = []
  const thoughts: string[] = []
  const calls: ToolCall[] = []
  const results: ToolResult[] = []
  for (const block of Array.isArray(content) ? content : []) {
    if (typeof block === 'string') texts.push(block)
    const object = objectOf(block)
    if (!object) continue
    const call = callOf(object)
    const result = call ? undefined : resultOf(object)
    const thought = call || result ? undefined : thoughtOf(object)
    if (call) calls.push(call)
    else if (result) results.push(result)
    else if (thought !== undefined) thoughts.push(thought)
    else for (const text of textsOf(object)) texts.push(text)
  }
  return { text: joined(texts, between), reasoning: joined(thoughts, '\n'), calls, results }
}

function textsOf(block: JsonObject): string[] {
  if (typeof block.text === 'string') return [block.text]
  const guarded = objectOf(objectOf(block.guardContent)?.text)?.text
  if (typeof guarded === 'string') return [guarded]
  return objectsOf(objectOf(block.citationsContent)?.content).flatMap(({ text }) => textOf(text) ?? [])
}

function thoughtOf(block: JsonObject): string | undefined {
  if (block.type === 'thinking') {
    // Mistral writes blocks of text where Anthropic writes one text.
    return (
      textOf(block.thinking) ??
      joined(
        objectsOf(block.thinking).map(({ text }) => textOf(text)),
        '',
      )
    )
  }
  return textOf(objectOf(objectOf(block.reasoningContent)?.reasoningText)?.text)
}

function callOf(block: JsonObject): ToolCall | undefined {
  const converse = objectOf(block.toolUse)
  if (converse) return call(converse.toolUseId, converse, converse.type === 'server_tool_use')
  if (typeof block.type !== 'string' || !block.type.endsWith('tool_use')) return undefined
  return call(block.id, block, block.type !== 'tool_use')
}

function call(id: JsonValue | undefined, { name, input }: JsonObject, server: boolean): ToolCall {
  return { id: textOf(id), name: textOf(name), input, ...(server ? { server } : {}) }
}

function resultOf(block: JsonObject): ToolResult | undefined {
  const converse = objectOf(block.toolResult)
  if (converse) {
    const { toolUseId, status, content } = converse
    return { id: textOf(toolUseId), status: textOf(status), content: plainContent(content) }
  }
  if (typeof block.type !== 'string' || !block.type.endsWith('tool_result')) return undefined
  const failed = block.is_error === true || isError(objectOf(block.content))
  return {
    id: textOf(block.tool_use_id),
    status: failed ? 'error' : 'success',
    content: plainContent(block.content),
  }
}

/** Whether a tool that ran at the provider failed, as in `web_search_tool_result_error`. */
function isError(content: JsonObject | undefined): boolean {
  return firstText(content?.type)?.endsWith('_error') === true
}

/**
 * Blocks of text only become one text, and a single JSON block its value. Others stay as they are, without
 * the bytes of images and videos: a history repeats a screenshot with each call, and the body has it.
 */
export function plainContent(content: JsonValue | undefined): JsonValue | undefined {
  if (!Array.isArray(content)) return content
  const texts = content.flatMap((block) => textOf(objectOf(block)?.text) ?? [])
  if (texts.length > 0 && texts.length === content.length) return texts.join('\n')
  const only = content.length === 1 ? objectOf(content[0]) : undefined
  return only && 'json' in only ? only.json : content.map(withoutBytes)
}

/**
 * `{"type":"image","source":{"data":"…"}}` as Anthropic writes it, `{"image":{"source":{"bytes":"…"}}}` as
 * Converse does.
 */
function withoutBytes(block: JsonValue): JsonValue {
  const object = objectOf(block)
  if (!object) return block
  const source = objectOf(object.source)
  if (source) return { ...object, source: emptied(source) }
  const kind = MEDIA.find((name) => objectOf(objectOf(object[name])?.source))
  return kind === undefined ? object : { ...object, [kind]: withoutBytes(object[kind] as JsonValue) }
}

const MEDIA = ['image', 'video', 'document', 'audio']

function emptied(source: JsonObject): JsonObject {
  const emptied = { ...source }
  for (const field of ['data', 'bytes']) {
    const bytes = source[field]
    if (typeof bytes === 'string' && bytes.length > 256)
      emptied[field] = `${bytes.length} characters left out`
  }
  return emptied
}

/**
 * A call's input that is JSON in a text, as OpenAI and streams write it; the text itself when it was cut off.
 */
export function inputOf(json: JsonValue | undefined): JsonValue | undefined {
  if (typeof json !== 'string') return json
  if (json === '') return {}
  try {
    return JSON.parse(json) as JsonValue
  } catch {
    return json
  }
}
