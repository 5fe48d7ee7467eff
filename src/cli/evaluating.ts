import type { AskAnswer, Line } from '../agent/contract.ts'
import { readCases } from '../agent/eval/cases.ts'
import { type Evaluation, evaluate, KINDS } from '../agent/eval/evaluate.ts'
import type { Table } from '../agent/eval/same.ts'
import { UserError } from '../lib/errors.ts'
import { progressLine, visible } from '../lib/terminal.ts'
import { type AsOptions, asking, type Caller } from './asking.ts'
import { paint, print } from './show/output.ts'

interface EvaluateOptions {
  model: 'auto' | 'off'
  maxUsd: number | undefined
  json: boolean | undefined
  only: string | undefined
}

/** Number of events in the sample logs: the expected answers hold only for their lake. */
const SAMPLE_EVENTS = 4015

/** Runs the evaluation set, and prints the number of right answers. */
export async function evaluateAsking(options: AsOptions, how: EvaluateOptions): Promise<void> {
  const { json, only } = how
  const cases = readCases()
  const known = [...KINDS, ...KINDS.flatMap((kind) => cases[kind].map(({ id }) => id))]
  if (only !== undefined && !known.includes(only))
    throw new UserError(`--only ${only}: one of ${KINDS.join(', ')} is wanted, or the id of a question`)
  const progress = progressLine(process.stderr)
  const models = new Set<string>()
  let usd = 0
  const evaluation = await asking(options, 'operator', async (caller) => {
    await refuseOtherLake(caller)
    let asked = 0
    const made = await evaluate(
      {
        async ask(question) {
          progress.show(visible(`${++asked}: ${question}`))
          const answer = await answerOf(caller, question, how)
          if (answer.cost.model !== null) models.add(answer.cost.model)
          usd += answer.cost.usd ?? 0
          return answer
        },
        rows: (sql) => caller.json<Table>('query', { sql, limit: 1000 }),
        fingerprint: () => fingerprintOf(caller),
      },
      { cases, ...(only === undefined ? {} : { only }) },
    )
    progress.clear()
    return made
  })
  const model = models.size === 0 ? 'no model' : [...models].join(', ')
  if (json) await print(`${JSON.stringify({ model, usd, ...evaluation }, null, 2)}\n`)
  else await printEvaluation(evaluation, model, usd)
}

async function answerOf(
  caller: Caller,
  question: string,
  { model, maxUsd }: EvaluateOptions,
): Promise<AskAnswer> {
  const given = { question, model, ...(maxUsd === undefined ? {} : { max_usd: maxUsd }) }
  for await (const line of caller.lines('ask', given) as AsyncGenerator<Line>) {
    if (line.kind === 'error') throw new UserError(line.detail)
    if (line.kind === 'answer') return line.answer
  }
  throw new UserError('there was no answer')
}

async function refuseOtherLake(caller: Caller): Promise<void> {
  const { rows } = await caller.json<Table>('query', { sql: 'select count(*) from cloudtrail', limit: 1 })
  if (rows[0]?.[0] === SAMPLE_EVENTS) return
  throw new UserError(
    'the questions are about the sample logs: `loglake demo --no-serve`, `loglake follow --once --lake ./demo-lake`, and then `loglake ask --eval --lake ./demo-lake`',
  )
}

/** Tables to which a question adds rows. */
const OWN = ['access_log', 'agent_run', 'agent_step']

async function fingerprintOf(caller: Caller): Promise<string> {
  const { tables } = await caller.json<{ tables: { name: string; rows: number | null }[] }>('tables', {})
  return tables
    .filter(({ name }) => !OWN.includes(name))
    .map(({ name, rows }) => `${name} ${rows}`)
    .join('\n')
}

async function printEvaluation({ graded, counts }: Evaluation, model: string, usd: number): Promise<void> {
  const { bold, dim, red } = paint(process.stdout)
  await print(`${bold(`${model}${usd > 0 ? `, $${usd.toFixed(2)}` : ''}`)}\n`)
  for (const kind of KINDS) {
    const { right, of } = counts[kind]
    if (of > 0) await print(`  ${kind.padEnd(13)} ${String(right).padStart(3)} of ${of} right\n`)
  }
  for (const { kind, id, question, right, why } of graded)
    if (!right) await print(`\n${red(`${kind} ${id}`)} ${visible(question)}\n  ${dim(visible(why))}\n`)
}
