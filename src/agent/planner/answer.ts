import { z } from 'zod'
import type { Message, Reply, ToolCall } from '../../model/contract.ts'
import { plainText } from '../../model/fence.ts'
import type { claimChecker } from '../check/claims.ts'
import type { Claim } from '../contract.ts'
import { faultsIn } from './call.ts'
import type { Planned, Run } from './contract.ts'

const answerInput = z.object({
  claims: z
    .array(
      z.object({
        text: z.string().max(2000).describe('One sentence. Values that are sealed stand as their handles.'),
        evidence: z
          .array(
            z.object({
              result: z.string().max(20),
              rows: z.array(z.number().int()).max(200).optional().describe('Rows from 1; all when left out.'),
            }),
          )
          .max(10),
      }),
    )
    .max(30),
  suggestions: z.array(z.string().max(300)).max(5).optional().describe('What could be asked next.'),
  missing: z.string().max(500).optional().describe('What the lake cannot tell, when it cannot.'),
})

export const answerTool = {
  name: 'answer',
  description:
    'Ends with an answer of claims. A program recomputes each number, time and name of a claim from the rows that it cites: it must be in them, or be their number, sum or mean; what a claim says of somebody must be in one row with them. Numbers and texts that SQL makes up prove nothing. Keep to short, plain sentences. What fails is struck out.',
  input: answerInput,
}

type Check = Awaited<ReturnType<typeof claimChecker>>

/** The answer with its claims checked; or the text for the model, when claims fail or the form is wrong. */
type Checked = { planned: Planned; wrong: undefined } | { planned: Planned | undefined; wrong: string }

export async function checkedAnswer(call: ToolCall, check: Check, { bench, onStep }: Run): Promise<Checked> {
  const parsed = answerInput.safeParse(call.input)
  if (call.fault !== undefined || !parsed.success) {
    const why = call.fault ?? (parsed.error ? faultsIn(parsed.error) : '')
    return { planned: undefined, wrong: `The answer has not the form that is asked for: ${why}.` }
  }
  bench.tell({ step: 'checking', text: 'holding every claim against its rows' })
  const { claims, suggestions = [], missing } = parsed.data
  const made = await check(claims, bench)
  const failed = made.filter(({ verdict }) => verdict === 'struck out')
  onStep({
    ...{ kind: 'answer', tool: answerTool.name, input: JSON.stringify(call.input).slice(0, 8000) },
    outcome: failed.length > 0 ? 'refused' : 'done',
    said: made
      .map(({ verdict, why }) => `${verdict}: ${why}`)
      .join('\n')
      .slice(0, 4000),
  })
  const planned: Planned = {
    claims: made,
    suggestions: suggestions.filter((text) => isPlainSentence(text)).map((text) => plainText(text)),
    notes:
      missing !== undefined && isPlainSentence(missing)
        ? [`The model says that this is missing: ${plainText(missing)}`]
        : [],
    ended: 'answered',
  }
  if (failed.length === 0) return { planned, wrong: undefined }
  const why = failed.map((claim) => `${JSON.stringify(claim.template.slice(0, 200))}: ${claim.why}.`)
  return {
    planned,
    wrong: `Some claims do not hold:\n${why.join('\n')}\nCorrect them, or leave them out, and answer again.`,
  }
}

/** A text without claims is struck out whole: nothing in it was checked. */
export function unchecked(text: string): Planned {
  const shown = plainText(text).replace(/[⟦⟧]/g, '').slice(0, 2000)
  const claim: Claim = {
    ...{ text: shown, template: shown, evidence: [], verdict: 'struck out' },
    why: 'it is no answer of claims: it cites no rows',
  }
  return {
    claims: shown.trim() === '' ? [] : [claim],
    suggestions: [],
    notes: [],
    ended: 'no answer of claims',
  }
}

/** Text outside claims cites no rows, so it must not have numbers, handles or links. */
function isPlainSentence(text: string): boolean {
  return (
    !/[⟦⟧<>[\]`]|:\/\/|\bwww\.|\S{60}/.test(text) && !/\d{3}/.test(text.replace(/\b\d{4}-\d\d-\d\d\b/g, ''))
  )
}

/** Every call needs a result, including those made together with an answer. */
export function toCorrect({ toolCalls }: Reply, answer: ToolCall, text: string): Message {
  return {
    role: 'tool',
    results: toolCalls.map(({ id, name }) => ({
      id,
      name,
      text: id === answer.id ? text : 'Not run: answer ends it.',
    })),
  }
}
