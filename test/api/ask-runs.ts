import type { AskAnswer } from '../../src/agent/contract.ts'
import { type Recorded, writeRun } from '../../src/agent/transcript.ts'
import type { Lake } from '../../src/lake/lake.ts'
import type { Reader } from '../../src/query/reader.ts'

/** The run that `writeAskRuns` writes for a question that a model answered. */
export const ASK_RUN = 'run-with-model'

const BEGUN = '2026-01-09T10:00:00Z'

const cost = {
  ...{ model: 'bedrock/scripted', turns: 3, statements: 1, input_tokens: 900, output_tokens: 80 },
  ...{ estimated: false, usd: 0.01, seconds: 12, ended: 'answered' },
}
const answer = {
  ...{ run: ASK_RUN, question: 'What did goran@example.com do?', mode: 'model', version: 1 },
  claims: [
    {
      ...{
        text: 'He did 3 things.',
        template: 'He did 3 things.',
        verdict: 'struck out',
        why: '3 is not there',
      },
      evidence: [{ result: 'r1', rows: [1] }],
    },
  ],
  results: [{ id: 'r1', sql: 'select 1', rows: [[1]] }],
  cost,
} as unknown as AskAnswer
const step: Recorded = {
  ...{ kind: 'tool', tool: 'run_sql', input: '{"sql":"select 1"}', outcome: 'refused', said: 'No.' },
  ...{ time: BEGUN, result: 'r1' },
}

/** Writes two questions of goran@example.com, as loglake's own agent does: one that a model answered, and one without a model. */
export async function writeAskRuns(lake: Lake): Promise<void> {
  const reader = { name: 'goran@example.com', role: 'analyst' } as Reader
  const named = { ...answer, run: 'run-without-model', cost: { ...cost, model: null, turns: 0 } } as AskAnswer
  await writeRun({ lake, reader }, answer, BEGUN, [step])
  await writeRun({ lake, reader }, named, BEGUN, [])
}
