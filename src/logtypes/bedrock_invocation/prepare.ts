import type { Delivery } from '../../envelopes/contract.ts'
import { plainTime } from '../../json/time.ts'
import type { JsonValue } from '../../json/values.ts'
import type { OverflowBodies, Prepared, Row } from '../contract.ts'
import type { Usage } from './bodies/contract.ts'
import { type Answer, answerOf, type Question, questionOf } from './bodies/index.ts'
import { type Body, bodyOf } from './body.ts'
import { asksForHour } from './cache.ts'
import { conversationOf } from './conversation.ts'
import { delivered } from './delivered.ts'
import { guardrailOf } from './guardrail.ts'
import { identityOf } from './identity.ts'
import { countOf, objectOf, textOf } from './json.ts'
import { modelOf } from './model.ts'
import { jsonText, wellFormed } from './text.ts'

/** Makes a row of a record's own fields and the content of its two bodies. */
export function prepare({ bytes, record }: Delivery, overflowBodies: OverflowBodies): Prepared {
  const timestamp = timeOf(record?.timestamp)
  if (!record || timestamp === undefined)
    return { kind: 'rejected', reason: 'the field timestamp is missing or no time' }
  const fields = delivered(bytes, timestamp)
  if (fields.kind === 'rejected') return fields
  const { row } = fields
  const input = objectOf(record.input)
  const output = objectOf(record.output)
  const asked = bodyOf(input?.inputBodyJson, input?.inputBodyS3Path, overflowBodies)
  const answered = bodyOf(output?.outputBodyJson, output?.outputBodyS3Path, overflowBodies)
  const question = questionOf(asked.value) ?? {}
  const answer = answerOf(answered.value) ?? {}
  // One object is filled, since copying its sixty columns costs more than reading a small record.
  Object.assign(
    row,
    { input_body_state: asked.state, output_body_state: answered.state, unmapped: fields.unmapped },
    fetched('input_inputbodyjson', asked),
    fetched('output_outputbodyjson', answered),
    { model: modelOf(textOf(record.modelId), answer.model) },
    identityOf(row.identity_arn),
    saidBy(question, answer),
    tokensOf(row, answer, asked),
    guardrailOf(asked.value, answered.value, answer),
    conversationOf(question, answer, `${row.accountid}\n${row.identity_arn}`),
  )
  return { kind: 'row', row }
}

function timeOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? plainTime(value) : undefined
}

function fetched(column: string, { state, text }: Body): Row {
  return state === 'fetched' ? { [column]: text } : {}
}

function saidBy(question: Question, answer: Answer): Row {
  return {
    system: wellFormed(question.system),
    prompt: wellFormed(question.prompt),
    completion: wellFormed(answer.text),
    reasoning: wellFormed(answer.reasoning),
    output_message: answer.content && jsonText({ role: answer.role ?? 'assistant', content: answer.content }),
    stop_reason: wellFormed(answer.stopReason),
    tools: question.tools && jsonText([...question.tools]),
    latency_ms: countOf(answer.latencyMs),
    first_byte_latency_ms: countOf(answer.firstByteMs),
  }
}

/** The record's own counts, or else the body's: Bedrock counts cached tokens separately. */
function tokensOf(row: Row, { usage = {} }: Answer, asked: Body): Row {
  const written = row.input_cachewriteinputtokencount ?? countOf(usage.cacheWrite)
  return {
    input_tokens: row.input_inputtokencount ?? countOf(usage.input),
    output_tokens: row.output_outputtokencount ?? countOf(usage.output),
    cache_read_tokens: row.input_cachereadinputtokencount ?? countOf(usage.cacheRead),
    cache_write_tokens: written,
    ...(Number(written ?? 0) > 0 ? { cache_write_1h_tokens: forAnHour(written, usage, asked) } : {}),
  }
}

/**
 * Tokens written for an hour, as the answer says; when it does not, and the request asked for an hour, all of
 * them.
 */
function forAnHour(written: Row[string], { cacheWriteHour }: Usage, asked: Body): Row[string] {
  return countOf(cacheWriteHour) ?? (asksForHour(asked.value) ? written : undefined)
}
