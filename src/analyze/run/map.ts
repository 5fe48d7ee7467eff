import { counted } from '../../lib/terminal.ts'
import { checkedAnswer } from '../map/checked.ts'
import type { Item } from '../map/items.ts'
import { ANSWER_TOKENS, answerSchema, SYSTEM, userText } from '../map/prompt.ts'
import { howOf } from '../plan.ts'
import { askMany, type Called } from './ask.ts'
import { type Book, detailOf, type ItemRow, write } from './book.ts'
import { type Deps, StopHere } from './deps.ts'
import { finishJob, wantJob } from './jobs.ts'
import { checkBudget, spentSoFar } from './spent.ts'
import { faultPoint } from './steps.ts'

/** Calls whose answers are kept in one commit: after a process died, at most this many are asked again. */
const KEPT_TOGETHER = 20

/** Makes the calls of all waiting items, in batches or on demand. */
export async function mapStage(deps: Deps, book: Book): Promise<void> {
  for (;;) {
    const open = openJob(book)
    if (open) {
      await finishJob(deps, book, open)
      continue
    }
    const waiting = itemsWaiting(book)
    if (waiting.length === 0) return
    deps.signal.throwIfAborted()
    const how = await howNext(deps, book, waiting.length)
    if (how === 'batch') await wantJob(deps, book, waiting)
    else if (how === 'on-demand') await askSome(deps, book, waiting)
    else await giveUp(deps, book, waiting, how.why)
  }
}

/** The last wanted job, if its answers are not in the lake yet. */
function openJob(book: Book): string | undefined {
  const last = book.steps.findLast(({ kind }) => kind === 'job_wanted')
  if (!last?.job) return undefined
  return book.steps.some(({ kind, job }) => kind === 'job_read' && job === last.job) ? undefined : last.job
}

function itemsWaiting(book: Book): ItemRow[] {
  return [...book.items.values()].filter(({ kind, state }) => kind === 'map' && state === 'waiting')
}

async function howNext(
  deps: Deps,
  book: Book,
  items: number,
): Promise<'batch' | 'on-demand' | { why: string }> {
  const { batch, model } = deps
  const wanted = detailOf<{ how: 'batch' | 'on-demand' }>(book, 'begun')?.how
  if (!batch || wanted === 'on-demand') {
    if (model) return 'on-demand'
    throw new StopHere('no model is set up: name one under `model` in loglake.yaml')
  }
  // Bedrock refused a job for too few records, contrary to the quotas.
  const refused = book.steps.some(
    ({ kind, detail }) => kind === 'job_read' && detail !== null && JSON.parse(detail).tooFew === true,
  )
  const limits = await batch.limits()
  const how = howOf(items, { limits, below: 'on-demand', hasModel: model !== undefined })
  if (how.kind === 'batch' && !refused) return 'batch'
  return model ? 'on-demand' : { why: how.kind === 'batch' ? 'a batch job needs more records' : how.why }
}

/** Makes some of the waiting calls on demand, and keeps their answers. */
async function askSome(deps: Deps, book: Book, waiting: readonly ItemRow[]): Promise<void> {
  const { model, settings, signal, say } = deps
  if (!model) throw new StopHere('no model is set up: name one under `model` in loglake.yaml')
  const rows = waiting.slice(0, Math.max(KEPT_TOGETHER, settings.concurrency))
  const items = rows.map(itemOf)
  const input = items.reduce((sum, { tokens }) => sum + tokens, 0)
  checkBudget(
    book,
    deps,
    { input, output: rows.length * ANSWER_TOKENS },
    'on-demand',
    counted(rows.length, 'call'),
  )
  const calls = items.map((item) => callOf(book.run, item))
  const answers = await askMany(model, calls, settings.concurrency, signal)
  faultPoint('calls-answered')
  const states = rows.map((row, at) => stateAfter(row, answers[at] as Called, settings.attempts))
  await write(deps, book, { kind: 'asked', detail: { calls: rows.length } }, states)
  faultPoint('calls-kept')
  const failed = states.filter(({ state }) => state !== 'done')
  const why = failed.length === 0 ? '' : `; ${failed.length} without a usable answer: ${failed[0]?.error}`
  say(`${counted(itemsWaiting(book).length, 'call')} of the model left${spentSoFar(book, deps)}${why}`)
}

function stateAfter(row: ItemRow, called: Called, attempts: number): ItemRow {
  const tokens = {
    input_tokens: (row.input_tokens ?? 0) + (called.usage?.input ?? 0),
    output_tokens: (row.output_tokens ?? 0) + (called.usage?.output ?? 0),
  }
  const next = { ...row, ...tokens, version: row.version + 1, attempt: row.attempt + 1, job: null }
  if (called.kind === 'answer' && checkedAnswer(itemOf(row), called.text))
    return { ...next, state: 'done', output: called.text, error: null }
  const error = called.kind === 'failed' ? called.why : 'the answer is not of the form that was asked for'
  return { ...next, state: next.attempt >= attempts ? 'not_analysed' : 'waiting', error }
}

async function giveUp(deps: Deps, book: Book, rows: readonly ItemRow[], why: string): Promise<void> {
  const states = rows.map(
    (row): ItemRow => ({ ...row, version: row.version + 1, state: 'not_analysed', error: row.error ?? why }),
  )
  await write(deps, book, { kind: 'asked', detail: { calls: 0, why } }, states)
}

function callOf(run: string, item: Item) {
  return {
    id: item.id,
    system: SYSTEM,
    text: userText(run, item),
    schema: answerSchema,
    maxTokens: ANSWER_TOKENS,
  }
}

export function itemOf(row: ItemRow): Item {
  return JSON.parse(row.input ?? '{}') as Item
}
