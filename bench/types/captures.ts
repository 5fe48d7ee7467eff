import type { Random } from '../../samples/random.ts'
import type { MadeFile } from './made.ts'
import { hourPath, iso, prose } from './words.ts'

const ENDPOINTS = ['llm-chat', 'churn-score', 'doc-summary'] as const

/** Data Capture of endpoints: chats with a language model, and rows of numbers for a classical one. */
export function captureFile(random: Random, at: number): MadeFile {
  const endpoint = random.pick(ENDPOINTS)
  const lines = Array.from({ length: 200 }, (_, index) => {
    const time = iso(at + index)
    const sides =
      endpoint === 'churn-score' ? score(random) : endpoint === 'llm-chat' ? chat(random) : summary(random)
    return JSON.stringify({
      captureData: sides,
      eventMetadata: { eventId: random.uuid(), inferenceTime: time },
      eventVersion: '0',
    })
  })
  const text = `${lines.join('\n')}\n`
  const name = `${iso(at).slice(14, 19).replace(':', '-')}-${String(random.below(1000)).padStart(3, '0')}-${random.uuid()}.jsonl`
  const key = `captures/${endpoint}/AllTraffic/${hourPath(at)}/${name}`
  return { key, bytes: Buffer.from(text), expanded: Buffer.byteLength(text) }
}

function sides(type: string, encoding: string, asked: string, answered: string): object {
  const side = (mode: string, data: string) => ({ observedContentType: type, mode, data, encoding })
  return { endpointInput: side('INPUT', asked), endpointOutput: side('OUTPUT', answered) }
}

function chat(random: Random): object {
  const asked = {
    messages: [
      { role: 'system', content: prose(random, 300) },
      { role: 'user', content: prose(random, random.between(100, 1500)) },
    ],
    max_tokens: 512,
    temperature: 0.7,
  }
  const content = prose(random, random.between(100, 1800))
  const answered = {
    id: `chatcmpl-${random.hex(12)}`,
    object: 'chat.completion',
    created: 1767825000,
    model: 'lmi-model',
    choices: [{ index: 0, message: { role: 'assistant', content }, logprobs: null, finish_reason: 'stop' }],
    usage: {
      prompt_tokens: 120,
      completion_tokens: content.length >> 2,
      total_tokens: 120 + (content.length >> 2),
    },
  }
  return sides('application/json', 'JSON', JSON.stringify(asked), JSON.stringify(answered))
}

function summary(random: Random): object {
  const asked = { inputs: prose(random, random.between(500, 3000)), parameters: { max_new_tokens: 200 } }
  const details = { finish_reason: 'eos_token', generated_tokens: random.below(200) }
  const answered = [{ generated_text: prose(random, 400), details }]
  return sides('application/json', 'JSON', JSON.stringify(asked), JSON.stringify(answered))
}

function score(random: Random): object {
  const numbers = Array.from({ length: 40 }, () => (random.below(100000) / 1000).toFixed(3)).join(',')
  return sides('text/csv', 'CSV', numbers, `0.${random.below(1e9)}`)
}
