import type { JsonObject, JsonValue } from '../../../json/values.ts'
import { joined, numberOf, objectOf, textOf } from '../json.ts'
import { inputOf, readBlocks } from './blocks.ts'
import type { Answer, Dialect, Usage } from './contract.ts'

/** Anthropic's messages and events, and the older text completions: `completion`. */
export const anthropic: Dialect = {
  name: 'anthropic',
  answer(body) {
    if (typeof body.completion === 'string') return completions([body])
    if (body.type !== 'message' && !('stop_reason' in body && Array.isArray(body.content))) return undefined
    return { ...messageOf(body.content as JsonValue), ...headOf(body), usage: usageOf(objectOf(body.usage)) }
  },
  chunks(chunks) {
    if (chunks.some(({ completion }) => typeof completion === 'string')) return completions(chunks)
    if (!chunks.some(({ type }) => typeof type === 'string' && EVENTS.has(type))) return undefined
    return ofEvents(chunks)
  },
}

const EVENTS = new Set([
  'message_start',
  'content_block_start',
  'content_block_delta',
  'content_block_stop',
  'message_delta',
  'message_stop',
])

function messageOf(content: JsonValue | undefined): Answer {
  return readBlocks(content, '')
}

function headOf(message: JsonObject): Answer {
  return {
    role: textOf(message.role),
    model: textOf(message.model),
    stopReason: textOf(message.stop_reason),
  }
}

function usageOf(usage: JsonObject | undefined): Usage | undefined {
  return (
    usage && {
      input: numberOf(usage.input_tokens),
      output: numberOf(usage.output_tokens),
      cacheRead: numberOf(usage.cache_read_input_tokens),
      cacheWrite: numberOf(usage.cache_creation_input_tokens),
      cacheWriteHour: numberOf(objectOf(usage.cache_creation)?.ephemeral_1h_input_tokens),
    }
  )
}

function completions(chunks: readonly JsonObject[]): Answer {
  const stop = chunks.findLast(({ stop_reason }) => typeof stop_reason === 'string')
  return {
    text: joined(
      chunks.map(({ completion }) => textOf(completion)),
      '',
    ),
    stopReason: textOf(stop?.stop_reason),
  }
}

/**
 * Combines events into their message. The start event counts the input, with a placeholder for the output;
 * the last `message_delta` has the output's count. A stream that was cut off has neither that nor the ends of
 * blocks.
 */
function ofEvents(events: readonly JsonObject[]): Answer {
  const blocks = new Map<number, JsonObject>()
  const pieces = new Map<number, string[]>()
  let start: JsonObject = {}
  let stopReason: string | undefined
  let usage: JsonObject = {}
  for (const event of events) {
    const index = numberOf(event.index) ?? 0
    if (event.type === 'message_start') {
      start = objectOf(event.message) ?? {}
      const { output_tokens: _, ...counted } = objectOf(start.usage) ?? {}
      usage = { ...counted, ...usage }
    } else if (event.type === 'content_block_start') {
      blocks.set(index, { ...objectOf(event.content_block) })
    } else if (event.type === 'content_block_delta') {
      const block = blocks.get(index) ?? {}
      blocks.set(index, block)
      addDelta(block, objectOf(event.delta) ?? {}, (field) => piecesOf(pieces, block, index, field))
    } else if (event.type === 'message_delta') {
      stopReason = textOf(objectOf(event.delta)?.stop_reason) ?? stopReason
      usage = { ...usage, ...objectOf(event.usage) }
    }
  }
  const content = [...blocks]
    .sort(([one], [other]) => one - other)
    .map(([index, block]) => finished(block, pieces, index))
  return {
    ...messageOf(content),
    ...headOf(start),
    stopReason: stopReason ?? textOf(start.stop_reason),
    usage: usageOf(usage),
    content,
  }
}

/** The field of a block that each kind of delta extends, and the delta's own field with the text. */
const DELTAS = new Map([
  ['text_delta', { field: 'text', from: 'text', type: 'text' }],
  ['input_json_delta', { field: 'input', from: 'partial_json', type: 'tool_use' }],
  ['thinking_delta', { field: 'thinking', from: 'thinking', type: 'thinking' }],
  ['signature_delta', { field: 'signature', from: 'signature', type: 'thinking' }],
])

function addDelta(block: JsonObject, delta: JsonObject, piecesOfField: (field: string) => string[]): void {
  const known = DELTAS.get(textOf(delta.type) ?? '')
  if (known) {
    block.type ??= known.type
    piecesOfField(known.field).push(textOf(delta[known.from]) ?? '')
  } else if (delta.type === 'citations_delta') {
    block.citations = [...(Array.isArray(block.citations) ? block.citations : []), delta.citation ?? null]
  }
}

/** Pieces are collected and joined once, since there may be ten thousand of them. */
function piecesOf(pieces: Map<number, string[]>, block: JsonObject, index: number, field: string): string[] {
  const key = index * 4 + FIELDS.indexOf(field)
  let found = pieces.get(key)
  if (!found) {
    found = field === 'input' ? [] : [textOf(block[field]) ?? '']
    pieces.set(key, found)
  }
  return found
}

const FIELDS = ['text', 'input', 'thinking', 'signature']

function finished(block: JsonObject, pieces: Map<number, string[]>, index: number): JsonObject {
  for (const [at, field] of FIELDS.entries()) {
    const text = pieces.get(index * 4 + at)?.join('')
    if (text !== undefined) block[field] = field === 'input' ? (inputOf(text) as JsonValue) : text
  }
  return block
}
