import { hash } from 'node:crypto'
import type { JsonObject, JsonValue } from '../../json/values.ts'
import type { Row } from '../contract.ts'
import type { Answer, Message, Question, ToolCall, ToolResult } from './bodies/index.ts'
import { jsonText } from './text.ts'

/**
 * The position of a call in its conversation, and the model's tool calls and their results. A conversation
 * sends its history again with each call, so the same tool call is in the answer of one call and in the input
 * of all later ones: `seen` says which, `turn` is the message's index in the conversation, and `key` is the
 * same in all copies. There is no `key` when the id alone is unique.
 *
 * @param who the account and the identity
 */
export function conversationOf(question: Question, answer: Answer, who: string): Row {
  const messages = question.messages ?? []
  const id = messages.length > 0 ? idOf(messages, who) : undefined
  const { calls = [], results = [] } = answer
  const output = { calls, results, seen: 'output' as const, turn: question.messages?.length }
  const history = messages.map(({ calls, results }, turn) => ({
    calls,
    results,
    seen: 'input' as const,
    turn,
  }))
  const tools = toolsOf([...history, output], id)
  return {
    conversation_id: id,
    message_count: question.messages?.length,
    tool_uses: listText(tools.uses),
    tool_results: listText(tools.results),
  }
}

/** An entry that is nested too deeply to be written is omitted, so that it does not hide other calls. */
function listText(entries: readonly JsonObject[]): string | undefined {
  if (entries.length === 0) return undefined
  const texts = entries.map((entry) => {
    const { input: _, content: __, ...rest } = entry
    return jsonText(entry) ?? jsonText(rest)
  })
  return `[${texts.join(',')}]`
}

/** Made of texts only, since cache markers move from message to message. */
function idOf(messages: readonly Message[], who: string): string {
  const first = messages.find(({ role }) => role === 'user') ?? messages[0]
  return hash('sha256', `${who}\n${first?.text ?? ''}`).slice(0, 32)
}

interface Turn {
  calls: readonly ToolCall[]
  results: readonly ToolResult[]
  seen: 'input' | 'output'
  turn: number | undefined
}

/** The tool calls of a conversation, with their results. */
function toolsOf(turns: readonly Turn[], conversation: string | undefined) {
  const uses: JsonObject[] = []
  const results: JsonObject[] = []
  /** The key of the last call with an id. */
  const keys = new Map<string, string | undefined>()
  /** Keys of calls without an id that have no result yet. */
  const open: (string | undefined)[] = []
  for (const { calls, results: found, seen, turn } of turns) {
    for (const [index, call] of calls.entries()) {
      const key = keyOf(call, conversation, turn, index)
      if (call.id === undefined) open.push(key)
      else keys.set(call.id, key)
      uses.push(without({ ...call, key, seen, turn }))
    }
    for (const result of found) {
      const key = result.id === undefined ? open.shift() : keys.get(result.id)
      results.push(without({ ...result, key, seen, turn }))
    }
  }
  return { uses, results }
}

function keyOf(
  { id }: ToolCall,
  conversation: string | undefined,
  turn: number | undefined,
  index: number,
): string | undefined {
  if (id !== undefined && UNIQUE.test(id)) return undefined
  if (conversation === undefined || turn === undefined) return undefined
  return `${conversation}/${turn}/${id ?? index}`
}

/**
 * Random ids. Some models count instead, as in `functions.search:0`, and start again in each conversation.
 */
const UNIQUE =
  /^(?:(?:tooluse|toolu|srvtoolu|call|chatcmpl-tool)[_-][\w-]{16,}|[\da-f]{8}-[\da-f-]{27}|(?=.*\d)[a-zA-Z\d]{9})$/

function without(entry: { [field: string]: JsonValue | undefined }): JsonObject {
  const there: JsonObject = {}
  for (const field in entry) if (entry[field] !== undefined) there[field] = entry[field] as JsonValue
  return there
}
