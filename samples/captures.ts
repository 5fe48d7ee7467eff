// Turns the week's calls of SageMaker endpoints into the Data Capture files of the one with a language model:
// plain JSON lines, an object for each hour.
import { CHATS } from './conversations.ts'
import type { LogFile } from './firehose.ts'
import { isoTime, type JsonObject, named } from './organisation.ts'
import type { Random } from './random.ts'
import { type Entry, groupBy } from './record.ts'

const CAPTURED = 'support-llm'

export function endpointOf({ record }: Entry): string | undefined {
  if (record.eventName !== 'InvokeEndpoint' || record.errorCode) return undefined
  const [resource] = record.resources as JsonObject[]
  return String(resource?.ARN).split('/').at(-1)
}

export function captures(entries: Entry[]): LogFile[] {
  const calls = entries.filter((each) => endpointOf(each) === CAPTURED)
  const hours = groupBy(
    calls,
    (each) => `${CAPTURED}/AllTraffic/${isoTime(each.at).slice(0, 13).replaceAll(/[-T]/g, '/')}`,
  )
  return [...hours.keys()].sort().map((folder) => {
    const group = hours.get(folder) ?? []
    const random = named('capture', folder)
    const opened = isoTime(group[0]?.at ?? 0)
    const name = `${opened.slice(14, 16)}-${opened.slice(17, 19)}-${random.between(100, 999)}-${random.uuid()}.jsonl`
    const text = group.map((each) => `${JSON.stringify(captureOf(each, random))}\n`).join('')
    return { key: `endpoint-captures/${folder}/${name}`, bytes: Buffer.from(text) }
  })
}

function captureOf(entry: Entry, random: Random): JsonObject {
  const { input, output } = chat(random, entry.at)
  const side = (mode: string, data: string) => ({
    observedContentType: 'application/json',
    mode,
    data,
    encoding: 'JSON',
  })
  return {
    captureData: { endpointInput: side('INPUT', input), endpointOutput: side('OUTPUT', output) },
    eventMetadata: { eventId: random.uuid(), inferenceTime: isoTime(entry.at) },
    eventVersion: '0',
  }
}

function chat(random: Random, at: number) {
  const [question, answer] = random.pick(CHATS)
  const tokens = { prompt_tokens: 40 + question.length, completion_tokens: Math.ceil(answer.length / 3) }
  const messages = [
    { role: 'system', content: 'You help the support team.' },
    { role: 'user', content: question },
  ]
  const message = { role: 'assistant', content: answer }
  return {
    input: JSON.stringify({ messages, max_tokens: 256, temperature: 0.2 }),
    output: JSON.stringify({
      id: `chatcmpl-${random.hex(12)}`,
      object: 'chat.completion',
      created: at,
      model: 'support-llm-8b',
      choices: [{ index: 0, message, finish_reason: 'stop' }],
      usage: { ...tokens, total_tokens: tokens.prompt_tokens + tokens.completion_tokens },
    }),
  }
}
