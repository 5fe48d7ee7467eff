import { z } from 'zod'
import { operation } from '../contract.ts'
import { agentRunOf } from '../pages/agent-run.ts'
import { everybodyWithRows } from '../rights.ts'
import { amount, count, flag, iso, standing, text, textOrNull } from '../shapes.ts'

export const agentRun = operation({
  name: 'agent-run',
  doc: "Gives a question that loglake's own agent answered: every step, what it was told, and each claim with its verdict.",
  kind: 'read',
  queue: 'page',
  scope: 'read',
  reads: ['agent_run', 'agent_step'],
  input: z.object({ id: text.max(200), unmask: flag }),
  output: z.object({
    ...standing,
    run: z.object({
      id: text,
      time: iso,
      asked_by: textOrNull,
      role: textOrNull,
      question: text.describe('Masked by default.'),
      mode: textOrNull,
      model: textOrNull,
      ended: textOrNull.describe('`answered`, or the bound or fault that ended it.'),
      turns: count,
      statements: count,
      refused: count,
      input_tokens: count,
      output_tokens: count,
      cost_usd: amount,
      seconds: z.number().nullable(),
      claims: count,
      struck_out: count,
      lake_version: count,
    }),
    claims: z.array(
      z.object({
        text: text.describe('As the model wrote it, with handles in place of values.'),
        verdict: text,
        why: text,
        evidence: z.array(z.object({ result: text, rows: z.array(count) })),
      }),
    ),
    steps: z.array(
      z.object({
        seq: count,
        time: iso,
        kind: textOrNull,
        tool: textOrNull,
        input: textOrNull,
        outcome: textOrNull,
        said: textOrNull.describe('What the model was told, with handles in place of values.'),
        result: textOrNull,
        sql: textOrNull,
        rows: count.nullable(),
      }),
    ),
  }),
  may: everybodyWithRows,
  run: agentRunOf,
})
