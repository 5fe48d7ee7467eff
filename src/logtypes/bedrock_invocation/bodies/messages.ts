import type { JsonObject, JsonValue } from '../../../json/values.ts'
import { firstText, joined, objectOf, objectsOf, textOf } from '../json.ts'
import { readBlocks } from './blocks.ts'
import type { Dialect, Message, Question } from './contract.ts'
import { callsOf, toolMessage } from './openai.ts'

/**
 * Requests with `messages`: Anthropic, Converse, Nova, and all models that follow OpenAI (Mistral, Jamba,
 * DeepSeek, gpt-oss, Qwen). One reader serves all, since they differ only in their blocks.
 */
export const messages: Dialect = {
  name: 'messages',
  question(body) {
    if (!Array.isArray(body.messages)) return undefined
    const all = objectsOf(body.messages).map(messageOf)
    const turns = all.filter(({ role }) => !SYSTEM.has(role))
    const system = [
      systemOf(body.system),
      ...all.filter(({ role }) => SYSTEM.has(role)).map(({ text }) => text),
    ]
    return {
      system: joined(system, '\n'),
      prompt: lastOfUser(turns),
      messages: turns,
      tools: toolsOf(body),
    }
  },
}

const SYSTEM = new Set(['system', 'developer'])

function messageOf(message: JsonObject): Message {
  const role = textOf(message.role) ?? ''
  const result = toolMessage(message)
  if (result) return { role, calls: [], results: [result] }
  const { text, reasoning, calls, results } = readBlocks(message.content, '\n')
  return {
    role,
    text,
    reasoning: reasoning ?? firstText(message.reasoning_content, message.reasoning),
    calls: [...calls, ...callsOf(message)],
    results,
  }
}

function systemOf(system: JsonValue | undefined): string | undefined {
  return readBlocks(system, '\n').text
}

/** The user's last turn: consecutive messages of the user are one turn. */
export function lastOfUser(turns: readonly Message[]): string | undefined {
  const end = turns.findLastIndex(({ role, text }) => role === 'user' && text !== undefined)
  if (end < 0) return undefined
  let start = end
  while (start > 0 && turns[start - 1]?.role === 'user') start--
  return joined(
    turns.slice(start, end + 1).map(({ text }) => text),
    '\n',
  )
}

/** Tools as Anthropic (`name`), OpenAI (`function.name`) or Converse (`toolSpec.name`) declare them. */
export function toolsOf(body: JsonObject): Question['tools'] {
  const tools = objectsOf(body.tools ?? objectOf(body.toolConfig)?.tools)
  const names = tools.flatMap(
    (tool) => firstText(tool.name, objectOf(tool.function)?.name, objectOf(tool.toolSpec)?.name) ?? [],
  )
  return names.length > 0 ? names : undefined
}
