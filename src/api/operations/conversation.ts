import { z } from 'zod'
import { operation } from '../contract.ts'
import { conversationOf } from '../pages/conversation.ts'
import { everybodyWithRows } from '../rights.ts'
import { after, amount, count, flag, iso, limit, standing, text, textOrNull } from '../shapes.ts'
import { conversationRow } from './conversations.ts'
import { masked } from './session-output.ts'

/** A text that may be long: its beginning, and how much there is. */
const passage = z.object({
  text: text.describe('Masked by default.'),
  length: count.describe('Characters in all; `conversation-text` gives the rest.'),
  masked,
  flags: z.array(z.object({ kind: text, from: count, to: count, score: z.number() })),
})

const part = z.object({
  kind: z.enum(['text', 'reasoning', 'tool_call', 'tool_result', 'image', 'document', 'other']),
  passage: passage.optional(),
  tool: z.object({ id: textOrNull, name: textOrNull, status: textOrNull }).optional(),
})

export const conversation = operation({
  name: 'conversation',
  doc: "Gives a run's model calls in order: what is new in each, with tools, tokens, cost and verdicts.",
  kind: 'read',
  queue: 'page',
  scope: 'read',
  reads: ['bedrock_invocation', 'cloudtrail', 'conversation_summary', 'finding'],
  input: z.object({ id: text.max(500), after, limit: limit(200, 50), unmask: flag }),
  output: z.object({
    ...standing,
    conversation: conversationRow,
    system: z.object({ passage }).nullable().describe('The system prompt of the first call.'),
    calls: z.array(
      z.object({
        call: count,
        requestid: text,
        eventid: textOrNull,
        time: iso,
        pause_s: z.number().nullable(),
        model: textOrNull,
        operation: textOrNull,
        errorcode: textOrNull,
        stop_reason: textOrNull,
        latency_ms: z.number().nullable(),
        input_tokens: z.number().nullable(),
        output_tokens: z.number().nullable(),
        cache_read_tokens: z.number().nullable(),
        cache_write_tokens: z.number().nullable(),
        cost_usd: amount,
        guardrail: textOrNull,
        identity_from: textOrNull,
        repeated: count.describe('Messages of the history that earlier calls showed already.'),
        messages: z.array(z.object({ role: text, index: count, parts: z.array(part) })),
        answer: z.array(part),
        body: text.describe('`inline`, `fetched`, `missing`, `binary`, or `not logged`.'),
      }),
    ),
    next: textOrNull,
  }),
  may: everybodyWithRows,
  run: conversationOf,
})
