import type { JsonObject } from '../../../json/values.ts'
import { joined, objectsOf, textOf } from '../json.ts'
import type { Answer, Dialect } from './contract.ts'

/** Mistral's text completions: `outputs`, complete or in chunks. Its chats use OpenAI's form. */
export const mistral: Dialect = {
  name: 'mistral',
  answer: (body) => (isOurs(body) ? together([body]) : undefined),
  chunks: (chunks) => (chunks.some(isOurs) ? together(chunks) : undefined),
}

function isOurs(body: JsonObject): boolean {
  return objectsOf(body.outputs).some(({ text }) => typeof text === 'string')
}

function together(chunks: readonly JsonObject[]): Answer {
  const outputs = chunks.flatMap((chunk) => objectsOf(chunk.outputs))
  return {
    text: joined(
      outputs.map(({ text }) => textOf(text)),
      '',
    ),
    stopReason: textOf(outputs.findLast(({ stop_reason }) => typeof stop_reason === 'string')?.stop_reason),
  }
}
