import type { Context } from '../api/context.ts'
import { append, type NewRow } from '../lake/append.ts'
import { withoutSecrets } from '../lib/secrets.ts'
import type { AskAnswer, Result } from './contract.ts'
import type { PlannerStep } from './planner/contract.ts'
import { agentRunTable, agentStepTable } from './tables.ts'

/** A step with the result that came of it, if any. */
export interface Recorded extends Omit<PlannerStep, 'kind'> {
  kind: PlannerStep['kind'] | 'named'
  time: string
  result: string | null
}

/** Writes a run and its steps into the lake, in one commit. */
export async function writeRun(
  { lake, reader }: Pick<Context, 'lake' | 'reader'>,
  answer: AskAnswer,
  begun: string,
  steps: readonly Recorded[],
): Promise<void> {
  const { cost, claims } = answer
  const run: NewRow = {
    run: answer.run,
    time: begun,
    asked_by: reader.name,
    role: reader.role,
    question: withoutSecrets(answer.question),
    mode: answer.mode,
    model: cost.model,
    ended: cost.ended,
    turns: cost.turns,
    statements: cost.statements,
    refused: steps.filter(({ outcome }) => outcome === 'refused').length,
    input_tokens: cost.input_tokens,
    output_tokens: cost.output_tokens,
    usd: cost.usd,
    seconds: cost.seconds,
    claims: claims.length,
    struck_out: claims.filter(({ verdict }) => verdict === 'struck out').length,
    // Without the values: what they are, the lake has where they came from.
    answer: JSON.stringify(
      claims.map(({ template, evidence, verdict, why }) => ({ template, evidence, verdict, why })),
    ),
    lake_version: answer.version,
  }
  const rows = steps.map((step, at): NewRow => {
    const result = answer.results.find(({ id }) => id === step.result)
    return {
      run: answer.run,
      seq: at + 1,
      time: step.time,
      kind: step.kind,
      tool: step.tool,
      input: asJson(step.input),
      outcome: step.outcome,
      said: withoutSecrets(step.said),
      result: step.result,
      sql: result?.sql ?? null,
      asked: result === undefined ? null : askedWith(result),
      rows: result?.rows.length ?? null,
    }
  })
  await append(lake, 'ask', async () => ({
    rows: [
      { table: agentRunTable, rows: [run] },
      { table: agentStepTable, rows },
    ],
  }))
}

/** What it takes to ask a result's SQL again; a model may answer otherwise each time that it reads. */
function askedWith({ kind, name, parameters, since, until }: Result): string | null {
  if (kind === 'reading') return null
  return JSON.stringify({ question: kind === 'named' ? name : null, values: parameters, since, until })
}

/** What a model wrote may be cut in its middle: then it is a text of JSON. */
function asJson(text: string): string | null {
  if (text === '') return null
  const safe = withoutSecrets(text)
  try {
    JSON.parse(safe)
    return safe
  } catch {
    return JSON.stringify(safe)
  }
}
