import { z } from 'zod'
import { type Operation, operation } from '../api/contract.ts'
import { operations } from '../api/index.ts'
import { asksSql } from '../api/rights.ts'
import { sentence, UserError } from '../lib/errors.ts'
import { withoutSecrets } from '../lib/secrets.ts'
import { modelDefaults } from '../model/settings.ts'
import { type AgentServices, askLines } from './ask.ts'
import { type Line, lineShape } from './contract.ts'

/** Without a model. */
const withoutModel: AgentServices = {
  settings: modelDefaults,
  operations,
  open: () => Promise.reject(new UserError('no model is configured')),
}

/** Operations that the agent adds to those of the API. */
export function agentOperations(agent: AgentServices = withoutModel): readonly Operation[] {
  return [
    operation({
      name: 'ask',
      doc: 'Answers a question in words: a line of JSON for each step, and the answer with its evidence at last.',
      kind: 'write',
      onlyAsks: true,
      queue: 'question',
      scope: 'query',
      answers: 'lines',
      input: z.object({
        question: z.string().trim().min(3).max(4000),
        model: z
          .enum(['auto', 'off'])
          .default('auto')
          .describe('`off` answers without a model, whatever is configured.'),
        max_usd: z
          .number()
          .min(0)
          .optional()
          .describe(
            'Most US dollars that the model may cost for it, if that is less than the configured limit.',
          ),
      }),
      output: lineShape,
      may: asksSql,
      async run(input, context) {
        return {
          kind: 'download',
          contentType: 'application/x-ndjson; charset=utf-8',
          fileName: 'answer.ndjson',
          pieces: linesOf(input, context),
          seen: {},
        }
      },
    }),
  ]

  async function* linesOf(
    input: Parameters<typeof askLines>[0],
    context: Parameters<typeof askLines>[1],
  ): AsyncGenerator<string> {
    try {
      for await (const line of askLines(input, context, agent)) yield `${JSON.stringify(line)}\n`
    } catch (thrown) {
      agent.onFailure?.(thrown)
      // The status of HTTP is sent already: the last line tells.
      const detail = withoutSecrets(sentence(thrown).split('\n')[0] ?? '')
      yield `${JSON.stringify({ kind: 'error', detail } satisfies Line)}\n`
    }
  }
}
