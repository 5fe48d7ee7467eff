import type { JsonObject } from '../../../json/values.ts'
import { joined, numberOf, textOf } from '../json.ts'
import type { Answer, Dialect } from './contract.ts'

/** Meta Llama: `generation`, complete or in chunks. */
export const llama: Dialect = {
  name: 'llama',
  answer: (body) => (typeof body.generation === 'string' ? together([body]) : undefined),
  chunks: (chunks) =>
    chunks.some(({ generation }) => typeof generation === 'string') ? together(chunks) : undefined,
}

/** Chunks may repeat the counts: the first has the input's, the last the output's. */
function together(chunks: readonly JsonObject[]): Answer {
  const read = chunks.find(({ prompt_token_count: count }) => typeof count === 'number')
  const written = chunks.findLast(({ generation_token_count: count }) => typeof count === 'number')
  return {
    text: joined(
      chunks.map(({ generation }) => textOf(generation)),
      '',
    ),
    stopReason: textOf(chunks.findLast(({ stop_reason }) => typeof stop_reason === 'string')?.stop_reason),
    usage: {
      input: numberOf(read?.prompt_token_count),
      output: numberOf(written?.generation_token_count),
    },
  }
}
