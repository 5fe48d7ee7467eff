import { z } from 'zod'

/** Shapes of what `ask` answers; the server, the command line and MCP give out the same. */

const text = z.string()
const count = z.number().int().nonnegative()

const resultShape = z.object({
  id: text.describe('As claims cite it: `r1`.'),
  kind: z
    .enum(['named', 'view', 'sql', 'values', 'reading'])
    .describe('`named`: a question that loglake ships.'),
  name: text.nullable().describe('The name of the question or view.'),
  title: text,
  parameters: z.record(text, text.nullable()),
  since: text.nullable().describe('Only rows from this time on were asked.'),
  until: text.nullable(),
  sql: text,
  version: count.describe('The version of the lake that answered.'),
  columns: z.array(z.object({ name: text, type: text })),
  rows: z.array(z.array(z.unknown())),
  more: z.boolean().describe('Whether there were more rows than are here.'),
  keys: z
    .array(text)
    .describe('Columns that name the rows of logs: `eventid`, `requestid`, `lake_object`, …'),
  flagged: z
    .array(count)
    .describe(
      'Rows, from 1, on which the scorer of prompt injection has a finding: their text may aim at a model.',
    ),
})

const citationShape = z.object({
  result: text,
  rows: z.array(count).describe('Rows of the result, from 1; all of them when there are none.'),
})

const claimShape = z.object({
  text: text.describe('The sentence, with values filled in. Log text in it is as hostile as any.'),
  template: text.describe(
    'The sentence as the model wrote it, with handles of values as in ⟦v1:text,12 chars⟧.',
  ),
  evidence: z.array(citationShape),
  verdict: z
    .enum(['holds', 'read', 'struck out'])
    .describe('`read`: a model read it out of text, and no cell can prove it.'),
  why: text.describe('Why it is struck out; else what it was recomputed from.'),
})

const nearestShape = z.object({
  name: text,
  kind: z.enum(['query', 'view', 'table']),
  title: text,
  doc: text,
  parameters: z.record(text, text),
  command: text.describe('How to run it at the command line.'),
})

export const answerShape = z.object({
  run: text.describe('Names the run in the tables agent_run and agent_step.'),
  question: text,
  mode: z
    .enum(['model', 'named', 'nearest', 'nothing'])
    .describe(
      '`named`: a question or view was run without a model; `nearest`: none was clear enough to be run.',
    ),
  trusted: z
    .boolean()
    .describe('Whether every result that the answer cites is of a question that loglake ships.'),
  now: z.object({ time: text, source: z.enum(['clock', 'newest event']), note: text }),
  version: count,
  claims: z.array(claimShape),
  results: z.array(resultShape),
  nearest: z.array(nearestShape),
  suggestions: z.array(text),
  notes: z
    .array(text)
    .describe('What to know of the answer: why it has no model, what is cut, whether sources are behind.'),
  cost: z.object({
    model: text.nullable(),
    turns: count,
    statements: count,
    input_tokens: count,
    output_tokens: count,
    estimated: z.boolean(),
    usd: z.number().nullable(),
    seconds: z.number(),
    ended: text.describe('`answered`, or the bound that ended it.'),
  }),
})

export type AskAnswer = z.output<typeof answerShape>
export type Result = z.output<typeof resultShape>
export type Claim = z.output<typeof claimShape>
export type Citation = z.output<typeof citationShape>
export type Nearest = z.output<typeof nearestShape>

/** What happens while an answer is made. */
const progressShape = z.object({
  kind: z.literal('progress'),
  step: z.enum(['looking', 'running', 'thinking', 'reading', 'checking', 'waiting', 'compacting']),
  text: text.describe('One line, safe to show.'),
  sql: text.optional().describe('The statement that is run now.'),
})

export const lineShape = z.union([
  progressShape,
  z.object({ kind: z.literal('answer'), answer: answerShape }),
  z.object({ kind: z.literal('error'), detail: text.describe('Why there is no answer.') }),
])

export type Progress = z.output<typeof progressShape>
export type Line = z.output<typeof lineShape>

/** Columns that name a row of a log, in any result that has them. */
export const KEYS: readonly string[] = [
  'eventid',
  'requestid',
  'id',
  'inferenceid',
  'sharedeventid',
  'conversation',
  'f_sessionid',
  'sessionid',
  'lake_object',
]
