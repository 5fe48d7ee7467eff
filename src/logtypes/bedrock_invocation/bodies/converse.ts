import type { JsonObject, JsonValue } from '../../../json/values.ts'
import { hourOfDetails } from '../cache.ts'
import { firstNumber, firstText, numberOf, objectOf, textOf } from '../json.ts'
import { inputOf, readBlocks } from './blocks.ts'
import type { Answer, Dialect, Usage } from './contract.ts'

/** Converse's answers, combined by Bedrock or as events, and Nova's own, which have the same form. */
export const converse: Dialect = {
  name: 'converse',
  answer(body) {
    const message = objectOf(objectOf(body.output)?.message)
    if (!message) return undefined
    return {
      ...readBlocks(message.content, ''),
      role: textOf(message.role),
      stopReason: textOf(body.stopReason),
      ...measured(body),
    }
  },
  chunks(chunks) {
    if (!chunks.some((chunk) => EVENTS.some((event) => event in chunk))) return undefined
    return ofEvents(chunks)
  },
}

const EVENTS = ['messageStart', 'contentBlockStart', 'contentBlockDelta', 'messageStop', 'metadata']

function measured(body: JsonObject): Answer {
  const trace = objectOf(body.trace)
  return {
    usage: usageOf(objectOf(body.usage)),
    latencyMs: numberOf(objectOf(body.metrics)?.latencyMs),
    // Set when a prompt router chose the model.
    model: textOf(objectOf(trace?.promptRouter)?.invokedModelId),
  }
}

function usageOf(usage: JsonObject | undefined): Usage | undefined {
  return (
    usage && {
      input: numberOf(usage.inputTokens),
      output: numberOf(usage.outputTokens),
      cacheRead: firstNumber(usage.cacheReadInputTokens, usage.cacheReadInputTokenCount),
      cacheWrite: firstNumber(usage.cacheWriteInputTokens, usage.cacheWriteInputTokenCount),
      cacheWriteHour: hourOfDetails(usage.cacheDetails),
    }
  )
}

interface Block {
  texts: string[]
  thoughts: string[]
  signature?: string | undefined
  call?: JsonObject | undefined
  json: string[]
  /** Blocks that are complete at their start, as results of tools that ran at the provider. */
  others: JsonObject[]
}

/** Combines events into their message. Blocks of text may have no start event. */
function ofEvents(events: readonly JsonObject[]): Answer {
  const blocks = new Map<number, Block>()
  const blockAt = (index: number): Block => {
    const block = blocks.get(index) ?? { texts: [], thoughts: [], json: [], others: [] }
    blocks.set(index, block)
    return block
  }
  let role: string | undefined
  let stopReason: string | undefined
  let answer: Answer = {}
  for (const event of events) {
    const started = objectOf(event.contentBlockStart)
    const changed = objectOf(event.contentBlockDelta)
    role ??= textOf(objectOf(event.messageStart)?.role)
    stopReason = textOf(objectOf(event.messageStop)?.stopReason) ?? stopReason
    if (started) start(blockAt(numberOf(started.contentBlockIndex) ?? 0), objectOf(started.start) ?? {})
    if (changed) addDelta(blockAt(numberOf(changed.contentBlockIndex) ?? 0), objectOf(changed.delta) ?? {})
    const metadata = objectOf(event.metadata)
    if (metadata) answer = measured(metadata)
  }
  const content = [...blocks].sort(([one], [other]) => one - other).flatMap(([, block]) => finished(block))
  return { ...answer, ...readBlocks(content, ''), role, stopReason, content }
}

function start(block: Block, started: JsonObject): void {
  const call = objectOf(started.toolUse)
  if (call) block.call = call
  else if (Object.keys(started).length > 0) block.others.push(started)
}

function addDelta(block: Block, delta: JsonObject): void {
  const thought = objectOf(delta.reasoningContent)
  const text = textOf(delta.text)
  if (text !== undefined) block.texts.push(text)
  block.json.push(firstText(objectOf(delta.toolUse)?.input) ?? '')
  block.thoughts.push(firstText(thought?.text) ?? '')
  block.signature ??= textOf(thought?.signature)
}

function finished({ texts, thoughts, signature, call, json, others }: Block): JsonValue[] {
  const thought = thoughts.join('')
  const content: JsonValue[] = [...others]
  if (thought !== '' || signature !== undefined) {
    const reasoningText = { text: thought, ...(signature === undefined ? {} : { signature }) }
    content.push({ reasoningContent: { reasoningText } })
  }
  if (texts.length > 0) content.push({ text: texts.join('') })
  if (call) content.push({ toolUse: { ...call, input: inputOf(json.join('')) as JsonValue } })
  return content
}
