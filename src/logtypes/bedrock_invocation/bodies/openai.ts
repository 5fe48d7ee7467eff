import type { JsonObject, JsonValue } from '../../../json/values.ts'
import { firstNumber, firstText, joined, numberOf, objectOf, objectsOf, textOf } from '../json.ts'
import { inputOf, plainContent, readBlocks } from './blocks.ts'
import type { Answer, Dialect, ToolCall, ToolResult, Usage } from './contract.ts'

/**
 * `choices`, each with a `message` or a `text`: OpenAI's form, which Jamba, DeepSeek, Mistral, Qwen and
 * others use.
 */
export const openai: Dialect = {
  name: 'openai',
  answer(body) {
    if (!Array.isArray(body.choices)) return undefined
    const choices = objectsOf(body.choices)
    const read = choices.map(choiceOf)
    return {
      text: joined(
        read.map(({ text }) => text),
        '\n',
      ),
      reasoning: joined(
        read.map(({ reasoning }) => reasoning),
        '\n',
      ),
      calls: read.flatMap(({ calls = [] }) => calls),
      stopReason: firstText(choices[0]?.finish_reason, choices[0]?.stop_reason),
      model: textOf(body.model),
      usage: usageOf(body),
    }
  },
  chunks(chunks) {
    if (!chunks.some((chunk) => Array.isArray(chunk.choices))) return undefined
    // Only the first choice: the others are alternative answers.
    const choices = chunks.flatMap((chunk) => objectsOf(chunk.choices).filter(({ index }) => !index))
    const deltas = choices.map((choice) => objectOf(choice.delta) ?? objectOf(choice.message) ?? choice)
    const counted = chunks.findLast((chunk) => objectOf(chunk.usage))
    return {
      text: joined(
        deltas.map((delta) => readBlocks(delta.content, '').text ?? textOf(delta.text)),
        '',
      ),
      reasoning: joined(
        deltas.map((delta) => firstText(delta.reasoning_content, delta.reasoning)),
        '',
      ),
      calls: joinedCalls(deltas),
      stopReason: choices
        .map((choice) => firstText(choice.finish_reason, choice.stop_reason))
        .findLast((reason) => reason !== undefined),
      model: textOf(chunks.find(({ model }) => typeof model === 'string')?.model),
      usage: counted && usageOf(counted),
    }
  },
}

function choiceOf(choice: JsonObject): Answer {
  const message = objectOf(choice.message)
  if (!message) return { text: textOf(choice.text) }
  const { text, reasoning, calls } = readBlocks(message.content, '')
  return {
    text: text ?? textOf(message.refusal),
    reasoning: reasoning ?? firstText(message.reasoning_content, message.reasoning),
    calls: [...calls, ...callsOf(message)],
  }
}

/** `prompt_tokens` includes tokens that were read from the cache. */
function usageOf(body: JsonObject): Usage | undefined {
  const usage = objectOf(body.usage)
  if (!usage) return undefined
  const prompt = firstNumber(usage.prompt_tokens, usage.input_tokens)
  const cached = numberOf(objectOf(usage.prompt_tokens_details)?.cached_tokens)
  return {
    input: prompt === undefined ? undefined : Math.max(prompt - (cached ?? 0), 0),
    output: firstNumber(usage.completion_tokens, usage.output_tokens),
    cacheRead: cached,
  }
}

/** The calls in a message of the model: `tool_calls`, or the older `function_call`. */
export function callsOf(message: JsonObject): ToolCall[] {
  const calls = objectsOf(message.tool_calls).map((call) => ({ id: textOf(call.id), ...calledOf(call) }))
  const before = objectOf(message.function_call)
  return before ? [...calls, calledOf({ function: before })] : calls
}

function calledOf(call: JsonObject): ToolCall {
  const called = objectOf(call.function) ?? call
  return { name: textOf(called.name), input: inputOf(called.arguments ?? called.parameters) }
}

/** Messages with the result of a call: role `tool`, or the older `function`. */
export function toolMessage({ role, tool_call_id, content }: JsonObject): ToolResult | undefined {
  if (role !== 'tool' && role !== 'function') return undefined
  return { id: textOf(tool_call_id), content: plainContent(content as JsonValue) }
}

/** Calls whose arguments came in pieces, joined by their index. */
function joinedCalls(deltas: readonly JsonObject[]): ToolCall[] {
  const calls = new Map<number, { id?: string | undefined; name?: string | undefined; json: string }>()
  for (const piece of deltas.flatMap((delta) => objectsOf(delta.tool_calls))) {
    const index = numberOf(piece.index) ?? calls.size
    const call = calls.get(index) ?? { json: '' }
    const called = objectOf(piece.function) ?? {}
    call.id ??= textOf(piece.id)
    call.name ??= textOf(called.name)
    const { arguments: pieceOfJson } = called
    call.json += typeof pieceOfJson === 'object' ? JSON.stringify(pieceOfJson) : String(pieceOfJson ?? '')
    calls.set(index, call)
  }
  return [...calls.values()].map(({ id, name, json }) => ({ id, name, input: inputOf(json) }))
}
