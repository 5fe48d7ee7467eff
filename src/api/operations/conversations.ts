import { z } from 'zod'
import { operation } from '../contract.ts'
import { conversationsOf } from '../pages/conversations.ts'
import { everybodyWithRows } from '../rights.ts'
import { after, amount, behind, count, iso, limit, span, standing, text, textOrNull } from '../shapes.ts'

export const conversationRow = z.object({
  id: text,
  started: iso,
  ended: iso,
  who: textOrNull,
  role: textOrNull,
  arn: textOrNull,
  account: textOrNull,
  region: textOrNull,
  calls: count,
  failed: count,
  tool_calls: count,
  tools: z.array(text),
  models: z.array(text),
  stop_reason: textOrNull,
  guardrail_interventions: count,
  input_tokens: count,
  output_tokens: count,
  cache_read_tokens: count,
  cache_write_tokens: count,
  latency_ms: count.nullable(),
  cost_usd: amount,
  unpriced: z.boolean(),
  findings: count,
})

export const conversations = operation({
  name: 'conversations',
  doc: 'Lists runs of agents and conversations with models, newest first.',
  kind: 'read',
  queue: 'page',
  scope: 'read',
  reads: ['bedrock_invocation', 'conversation_summary', 'finding'],
  input: z.object({
    ...span,
    who: text.max(500).optional(),
    model: text.max(300).optional(),
    tool: text.max(300).optional(),
    only: z.enum(['all', 'tools', 'failed', 'guardrail', 'findings']).default('all'),
    after,
    limit: limit(1000, 100),
  }),
  output: z.object({ ...standing, behind, rows: z.array(conversationRow), total: count, next: textOrNull }),
  may: everybodyWithRows,
  run: conversationsOf,
})
