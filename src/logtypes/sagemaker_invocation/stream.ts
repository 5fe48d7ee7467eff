import { isObject, type JsonObject, type JsonValue, listOf, objectOf, textOf } from '../../json/values.ts'

/** Whether a value is a piece of a streamed answer: a token of TGI or LMI, or a chunk of OpenAI's form. */
export function isStream(value: JsonValue | undefined): boolean {
  if (!isObject(value)) return false
  if (isObject(value.token)) return true
  if (value.object === 'chat.completion.chunk') return true
  return listOf(value.choices).some((choice) => isObject(objectOf(choice).delta))
}

/** The answer as it would be without streaming, in the form of its dialect. */
export function putTogether(chunks: readonly JsonObject[]): JsonValue {
  const failed = chunks.find(({ error }) => error !== undefined && error !== null)
  const whole = chunks.some(hasChoices) ? ofDeltas(chunks) : ofTokens(chunks)
  if (failed && isEmpty(whole)) return failed
  // TGI answers with a list, and marks special tokens; LMI does neither.
  return chunks.some(({ token }) => 'special' in objectOf(token)) ? [whole] : whole
}

/** Whether a value has `choices`: chunks of OpenAI's completions look like complete answers. */
export function hasChoices(value: JsonValue | undefined): boolean {
  return Array.isArray(objectOf(value).choices)
}

function isEmpty({ generated_text, choices }: JsonObject): boolean {
  return generated_text === '' || (generated_text === undefined && listOf(choices).length === 0)
}

/** The last chunk of TGI and LMI has the whole text; a stream that was cut off has only tokens. */
function ofTokens(chunks: readonly JsonObject[]): JsonObject {
  const last = chunks.findLast(({ generated_text }) => typeof generated_text === 'string')
  const details = chunks.findLast((chunk) => isObject(chunk.details))?.details ?? null
  if (last) return { generated_text: last.generated_text as string, details }
  const tokens = chunks.map(({ token }) => objectOf(token)).filter(({ special }) => special !== true)
  return { generated_text: tokens.map(({ text }) => textOf(text) ?? '').join(''), details }
}

interface Choice {
  content: string[]
  reasoning: string[]
  text: string[]
  toolCalls: Map<number, { id: JsonValue; name: string; arguments: string }>
  finishReason?: JsonValue
}

/**
 * Combines OpenAI's chunks: contents by choice, arguments of tool calls by their index. The usage comes last,
 * if at all.
 */
function ofDeltas(chunks: readonly JsonObject[]): JsonObject {
  const choices = new Map<number, Choice>()
  let usage: JsonValue = null
  let model: JsonValue = null
  for (const chunk of chunks) {
    if (isObject(chunk.usage)) usage = chunk.usage
    model ??= chunk.model ?? null
    for (const piece of listOf(chunk.choices).map(objectOf)) addTo(choices, piece)
  }
  const isChat = chunks.some(isStream)
  const whole = [...choices.values()].map(({ content, reasoning, text, toolCalls, finishReason = null }) => ({
    finish_reason: finishReason,
    ...(isChat
      ? {
          message: {
            role: 'assistant',
            content: content.length > 0 ? content.join('') : null,
            reasoning_content: reasoning.length > 0 ? reasoning.join('') : null,
            tool_calls: [...toolCalls.values()].map(({ id, ...called }) => ({ id, function: called })),
          },
        }
      : { text: text.join('') }),
  }))
  return { object: isChat ? 'chat.completion' : 'text_completion', choices: whole, usage, model }
}

function addTo(choices: Map<number, Choice>, { index, delta, text, finish_reason }: JsonObject): void {
  const number = typeof index === 'number' ? index : 0
  const choice: Choice = choices.get(number) ?? { content: [], reasoning: [], text: [], toolCalls: new Map() }
  choices.set(number, choice)
  const { content, reasoning_content, tool_calls } = objectOf(delta)
  if (typeof content === 'string' && content !== '') choice.content.push(content)
  if (typeof reasoning_content === 'string') choice.reasoning.push(reasoning_content)
  if (typeof text === 'string') choice.text.push(text)
  if (typeof finish_reason === 'string') choice.finishReason = finish_reason
  for (const [place, call] of listOf(tool_calls).map(objectOf).entries()) {
    const at = typeof call.index === 'number' ? call.index : place
    const known = choice.toolCalls.get(at) ?? { id: null, name: '', arguments: '' }
    const called = objectOf(call.function)
    choice.toolCalls.set(at, {
      id: known.id ?? call.id ?? null,
      name: known.name + (textOf(called.name) ?? ''),
      arguments: known.arguments + (textOf(called.arguments) ?? ''),
    })
  }
}
