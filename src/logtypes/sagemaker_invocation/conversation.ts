import { createHash } from 'node:crypto'
import { type JsonObject, jsonOf } from '../../json/values.ts'
import type { Row } from '../contract.ts'
import { type Answer, callsOf } from './answer.ts'
import { contentText, type Request } from './request.ts'

/**
 * The position of a request in its conversation, and its tool calls. The history is sent again with each
 * request, so one call is in the answer of one request and in the input of all later ones: `seen` says which,
 * `turn` is the index of its message.
 *
 * @param endpoint the endpoint of the conversation, if known
 */
export function conversationOf(
  { messages = [], tools }: Request,
  { toolCalls = [] }: Answer,
  endpoint: string | undefined,
): Row {
  const uses = [
    ...messages.flatMap((message, turn) =>
      callsOf(message).map((call) => ({ ...call, seen: 'input', turn })),
    ),
    ...toolCalls.map((call) => ({ ...call, seen: 'output', turn: messages.length })),
  ]
  const results = messages.flatMap((message, turn) =>
    resultsOf(message).map((one) => ({ ...one, seen: 'input', turn })),
  )
  return {
    conversation_id: messages.length > 0 ? idOf(messages, endpoint) : undefined,
    message_count: messages.length > 0 ? messages.length : undefined,
    tools: jsonOf(tools),
    tool_uses: uses.length > 0 ? jsonOf(uses) : undefined,
    tool_results: results.length > 0 ? jsonOf(results) : undefined,
  }
}

function resultsOf({ role, tool_call_id, name, content }: JsonObject): JsonObject[] {
  if (role !== 'tool' && role !== 'function') return []
  return [{ id: tool_call_id ?? name ?? null, content: content ?? null }]
}

/** Made of the endpoint and the first message: the capture does not contain the caller. */
function idOf(messages: readonly JsonObject[], endpoint = ''): string {
  const first = messages.find(({ role }) => role === 'user') ?? messages[0]
  return createHash('sha256')
    .update(`${endpoint}\n${contentText(first?.content) ?? ''}`)
    .digest('hex')
    .slice(0, 32)
}
