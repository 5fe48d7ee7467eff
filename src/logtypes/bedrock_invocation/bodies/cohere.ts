import type { JsonObject } from '../../../json/values.ts'
import { firstText, joined, numberOf, objectOf, objectsOf, textOf } from '../json.ts'
import { readBlocks } from './blocks.ts'
import type { Answer, Dialect, Message, ToolCall, ToolResult, Usage } from './contract.ts'
import { lastOfUser, toolsOf } from './messages.ts'
import { callsOf } from './openai.ts'

/**
 * Cohere: Command (`prompt`, `generations`), Command R (`message` and `chat_history`, `text`), its second
 * version (a `message` in the answer), and their chunks. Calls of Command R have no ids: their results repeat
 * the call.
 */
export const cohere: Dialect = {
  name: 'cohere',
  question(body) {
    if (typeof body.message !== 'string') return undefined
    const history = objectsOf(body.chat_history).map(messageOf)
    const now = messageOf({ ...body, role: 'USER' })
    const turns = [...history.filter(({ role }) => role !== 'system'), now]
    const system = history.filter(({ role }) => role === 'system').map(({ text }) => text)
    return {
      system: joined([textOf(body.preamble), ...system], '\n'),
      prompt: lastOfUser(turns),
      messages: turns,
      tools: toolsOf(body),
    }
  },
  answer(body) {
    const generations = objectsOf(body.generations).filter(({ text }) => typeof text === 'string')
    if (generations.length > 0) return generationsOf(generations, body)
    const message = objectOf(body.message)
    if (message && ('content' in message || 'tool_calls' in message)) return versionTwo(message, body)
    if (typeof body.text !== 'string' || !('finish_reason' in body || 'generation_id' in body))
      return undefined
    return {
      text: body.text,
      calls: callsOf(body),
      stopReason: textOf(body.finish_reason),
      usage: usageOf(body),
    }
  },
  chunks(chunks) {
    const end = chunks.findLast(({ event_type }) => event_type === 'stream-end')
    if (end || chunks.some(({ event_type }) => event_type === 'text-generation')) {
      return eventsOf(chunks, objectOf(end?.response) ?? {}, textOf(end?.finish_reason))
    }
    if (!chunks.some((chunk) => 'is_finished' in chunk)) return undefined
    return generationsOf(
      chunks.filter(({ text }) => typeof text === 'string'),
      chunks.findLast((chunk) => 'finish_reason' in chunk) ?? {},
    )
  },
}

function generationsOf(pieces: readonly JsonObject[], body: JsonObject): Answer {
  return {
    text: joined(
      pieces.map(({ text }) => textOf(text)),
      '',
    ),
    stopReason: firstText(pieces[0]?.finish_reason, body.finish_reason),
    usage: usageOf(body),
  }
}

function versionTwo(message: JsonObject, body: JsonObject): Answer {
  const { text, reasoning, calls } = readBlocks(message.content, '')
  return {
    text,
    reasoning,
    calls: [...calls, ...callsOf(message)],
    stopReason: textOf(body.finish_reason),
    usage: usageOf(body),
  }
}

function eventsOf(
  events: readonly JsonObject[],
  response: JsonObject,
  stopReason: string | undefined,
): Answer {
  const pieces = events.filter(({ event_type }) => event_type === 'text-generation')
  return {
    text:
      textOf(response.text) ??
      joined(
        pieces.map(({ text }) => textOf(text)),
        '',
      ),
    calls: callsOf(response),
    stopReason: stopReason ?? textOf(response.finish_reason),
    usage: usageOf(response),
  }
}

function usageOf(body: JsonObject): Usage | undefined {
  const usage = objectOf(body.usage) ?? objectOf(body.meta)
  const counts = objectOf(usage?.tokens) ?? objectOf(usage?.billed_units)
  return counts && { input: numberOf(counts.input_tokens), output: numberOf(counts.output_tokens) }
}

const ROLES = new Map([
  ['USER', 'user'],
  ['CHATBOT', 'assistant'],
  ['SYSTEM', 'system'],
  ['TOOL', 'tool'],
])

function messageOf(message: JsonObject): Message {
  const role = textOf(message.role) ?? ''
  const text = textOf(message.message)
  return {
    role: ROLES.get(role) ?? role,
    text: text === '' ? undefined : text,
    calls: role === 'CHATBOT' ? callsOf(message) : ([] as ToolCall[]),
    results: objectsOf(message.tool_results).map(resultOf),
  }
}

function resultOf(result: JsonObject): ToolResult {
  return { content: result.outputs }
}
