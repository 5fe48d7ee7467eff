import { randomUUID } from 'node:crypto'
import type { Context } from '../api/context.ts'
import type { Operation } from '../api/contract.ts'
import { seesEverything } from '../api/rights.ts'
import { sentence, UserError } from '../lib/errors.ts'
import type { Model } from '../model/contract.ts'
import { ModelError } from '../model/errors.ts'
import type { ModelSettings } from '../model/settings.ts'
import { noUsage } from '../model/tokens.ts'
import type { AskAnswer, Claim, Line, Progress } from './contract.ts'
import { answerOffline, type Offline } from './offline/answer.ts'
import { nowOf } from './offline/clock.ts'
import type { Planned } from './planner/contract.ts'
import { plan } from './planner/plan.ts'
import { type AgentQueries, agentQueriesOf } from './queries.ts'
import { sealsOf } from './seal.ts'
import { type Spending, Spent, spendingOf } from './spending.ts'
import type { Bench } from './tools.ts'
import { type Recorded, writeRun } from './transcript.ts'
import { vocabularyOf } from './vocabulary.ts'

/** What answers besides the lake. */
export interface AgentServices {
  settings: ModelSettings
  /** Opens the model of the settings, when a question needs it. */
  open(settings: ModelSettings): Promise<Model>
  /** Operations of the API that its tools call. */
  operations: readonly Operation[]
  /** Called when a transcript could not be written. */
  onFailure?(thrown: unknown): void
}

export interface AskInput {
  question: string
  /** `auto`: with a model when one is configured. */
  model: 'auto' | 'off'
  max_usd?: number | undefined
}

/** Rows of a result that the planning model sees at once. */
const SHOWN_ROWS = 30

/** Answers a question, line by line: progress, and at last the answer. */
export async function* askLines(
  input: AskInput,
  context: Context,
  agent: AgentServices,
): AsyncGenerator<Line> {
  const waiting: Line[] = []
  let wake: () => void = () => undefined
  const tell = (line: Line) => {
    waiting.push(line)
    wake()
  }
  const work = ask(input, context, agent, (progress) => tell({ kind: 'progress', ...progress }))
  let done = false
  let failed: unknown
  const finished = work.then(
    (answer) => tell({ kind: 'answer', answer }),
    (thrown) => {
      failed = thrown
    },
  )
  void finished.finally(() => {
    done = true
    wake()
  })
  for (;;) {
    const line = waiting.shift()
    if (line) yield line
    else if (done) break
    else
      await new Promise<void>((resolve) => {
        wake = resolve
      })
  }
  if (failed !== undefined) throw failed
}

/**
 * Answers a question about the lake, as the reader of the context may. Without a model it answers from the
 * named queries.
 */
async function ask(
  { question, model: wanted, max_usd: maxUsd }: AskInput,
  context: Context,
  agent: AgentServices,
  tell: (progress: Omit<Progress, 'kind'>) => void = () => undefined,
): Promise<AskAnswer> {
  const began = performance.now()
  const begun = context.now().toISOString()
  const { settings } = agent
  const { limits } = settings
  const deadline = AbortSignal.timeout(limits.seconds * 1000)
  const signal = AbortSignal.any([context.signal, deadline])
  const queries = flagging(agentQueriesOf(context, agent.operations, { rows: limits.rows, signal }), context)
  const now = nowOf(await queries.newest(), context.now())
  const steps: Recorded[] = []
  const notes = now.note === '' ? [] : [now.note]
  const record = (step: Omit<Recorded, 'time' | 'result'>, result: string | null = null) =>
    steps.push({ ...step, result, time: context.now().toISOString() })

  let model: Model | undefined
  let spending: Spending | undefined
  let planned: Planned | undefined
  let fault: string | undefined
  if (wanted !== 'off' && settings.provider !== undefined) {
    try {
      model = await agent.open(settings)
      spending = spendingOf(model, {
        limits,
        prices: settings.prices,
        maxUsd,
        signal,
        onRetry: (said, seconds) =>
          tell({ step: 'waiting', text: `${said}: again in ${seconds.toFixed(1)} s` }),
      })
      const vocabulary = vocabularyOf(queries, question)
      const seals = sealsOf((text) => vocabulary.has(text))
      const bench: Bench = {
        queries,
        seals,
        vocabulary,
        spending,
        shownRows: SHOWN_ROWS,
        tell,
      }
      let seen = 0
      planned = await plan(question, now, bench, {
        contextTokens: limits.context_tokens,
        onStep(step) {
          const made = queries.results.length > seen ? (queries.results.at(-1)?.id ?? null) : null
          seen = queries.results.length
          record(step, made)
        },
      })
    } catch (thrown) {
      fault = faultOf(thrown, deadline, context.signal, limits.seconds)
    }
  }
  if (settings.provider === undefined && settings.id !== undefined)
    notes.push(
      'Answered without a model: model.id is set in loglake.yaml, and model.provider does not say whose it is.',
    )
  if (fault !== undefined) notes.push(`Answered without a model: ${fault}`)
  if (planned) notes.push(...planned.notes)

  const claims = planned?.claims ?? []
  const holds = claims.some(({ verdict }) => verdict !== 'struck out')
  let offline: Offline | undefined
  if (!holds) {
    // A run that reached its time limit is still answered from the named queries.
    const late = deadline.aborted
      ? flagging(
          agentQueriesOf(context, agent.operations, { rows: limits.rows, signal: context.signal }),
          context,
        )
      : queries
    offline = await answerOffline(question, late, now, tell)
    notes.push(...offline.notes)
    if (offline.result)
      record(
        {
          kind: 'named',
          tool: offline.result.name ?? '',
          input: JSON.stringify(offline.result.parameters),
          outcome: 'done',
          said: '',
        },
        offline.result.id,
      )
  }
  const results =
    offline?.result && !queries.results.includes(offline.result)
      ? [...queries.results, offline.result]
      : [...queries.results]
  const usage = spending?.usage ?? noUsage
  const answer: AskAnswer = {
    run: randomUUID(),
    question,
    mode: holds
      ? 'model'
      : offline?.result
        ? 'named'
        : (offline?.nearest.length ?? 0) > 0
          ? 'nearest'
          : 'nothing',
    trusted: isTrusted(claims, results, holds, offline),
    now,
    version: context.version.number,
    claims,
    results,
    nearest: offline?.nearest ?? [],
    suggestions: planned?.suggestions ?? [],
    notes,
    cost: {
      model: model?.name ?? null,
      turns: spending?.turns ?? 0,
      statements: results.length,
      input_tokens: usage.input,
      output_tokens: usage.output,
      estimated: usage.estimated,
      usd: spending?.usd ?? null,
      seconds: Math.round(performance.now() - began) / 1000,
      ended: planned?.ended ?? (fault === undefined ? 'answered' : 'fault of the model'),
    },
  }
  await writeRun(context, answer, begun, steps).catch((thrown) => agent.onFailure?.(thrown))
  return answer
}

function isTrusted(
  claims: readonly Claim[],
  results: readonly { id: string; kind: string }[],
  holds: boolean,
  offline: Offline | undefined,
): boolean {
  if (!holds) return offline?.result?.kind === 'named'
  const cited = new Set(
    claims
      .filter(({ verdict }) => verdict === 'holds')
      .flatMap(({ evidence }) => evidence.map(({ result }) => result)),
  )
  return cited.size > 0 && results.filter(({ id }) => cited.has(id)).every(({ kind }) => kind === 'named')
}

/** Why the model gave no answer, as a sentence. Rethrows every error that is not the model's. */
function faultOf(thrown: unknown, deadline: AbortSignal, given: AbortSignal, seconds: number): string {
  if (given.aborted) throw thrown
  if (deadline.aborted) return `it took more than ${seconds} seconds.`
  if (thrown instanceof ModelError || thrown instanceof Spent || thrown instanceof UserError)
    return `${sentence(thrown).split('\n')[0]}.`
  throw thrown
}

/** Marks rows that have a finding of prompt injection, for readers who may see findings. */
function flagging(queries: AgentQueries, { reader }: Context): AgentQueries {
  if (!seesEverything(reader)) return queries
  const flagged = async (result: Awaited<ReturnType<AgentQueries['sql']>>) => {
    const at = result.columns.findIndex(
      ({ name }) => name === 'eventid' || name === 'requestid' || name === 'id',
    )
    if (at < 0 || result.rows.length === 0) return result
    injected ??= queries
      .rows(
        "select distinct json_extract_string(one, '$.id') as id from (select unnest(json_extract(evidence, '$[*]')) as one from finding where detector = 'passages' and rule like '%injection%') limit 1000",
      )
      .then(
        (rows) => new Set(rows.map(([id]) => id)),
        () => new Set<unknown>(),
      )
    const ids = await injected
    for (const [index, row] of result.rows.entries()) if (ids.has(row[at])) result.flagged.push(index + 1)
    return result
  }
  let injected: Promise<Set<unknown>> | undefined
  return {
    ...queries,
    named: async (...given) => await flagged(await queries.named(...given)),
    view: async (...given) => await flagged(await queries.view(...given)),
    sql: async (...given) => await flagged(await queries.sql(...given)),
  }
}
