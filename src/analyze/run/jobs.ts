import { createHash } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import { step } from '../../lib/steps.ts'
import { counted } from '../../lib/terminal.ts'
import { type Batch, type BatchJob, hasEnded } from '../../model/batch.ts'
import type { BatchAnswer, BatchResults } from '../../model/batch-results.ts'
import { checkedAnswer } from '../map/checked.ts'
import type { Item } from '../map/items.ts'
import { ANSWER_TOKENS, answerSchema, SYSTEM, userText } from '../map/prompt.ts'
import { type Book, type ItemRow, write } from './book.ts'
import { type Deps, StopHere } from './deps.ts'
import { checkBudget } from './spent.ts'

/** What the step `job_wanted` says. */
interface Wanted {
  token: string
  items: string[]
}

/** So long a pause between two looks at a job that we could not look at. */
const FAILED_LOOK_MS = 5_000
/** So often in a row. */
const FAILED_LOOKS = 20

/** Writes down that a job is wanted, under a name and a token that are its own: it is started after that, and only once. */
export async function wantJob(deps: Deps, book: Book, waiting: readonly ItemRow[]): Promise<void> {
  const { mostInJob, mostInFile } = await batchOf(deps).limits()
  const most = Math.min(mostInJob, mostInFile)
  // As even as can be: the last of several must not have too few.
  const size = Math.ceil(waiting.length / Math.ceil(waiting.length / most))
  const rows = waiting.slice(0, size)
  const input = rows.reduce((sum, row) => sum + itemIn(row).tokens, 0)
  const output = rows.length * ANSWER_TOKENS
  checkBudget(book, deps, { input, output }, 'batch', `a batch of ${counted(rows.length, 'record')}`)
  const number = book.steps.filter(({ kind }) => kind === 'job_wanted').length + 1
  const job = `${deps.own.jobs}${book.run}-${number}`
  const token = createHash('sha256').update(job).digest('hex')
  await write(deps, book, { kind: 'job_wanted', job, detail: { token, items: rows.map(({ item }) => item) } })
  step('batch-wanted')
}

/** Starts the job that is wanted, or takes up one that was started, waits for its end, and keeps what it has answered. */
export async function finishJob(deps: Deps, book: Book, name: string): Promise<void> {
  const batch = batchOf(deps)
  const wanted = wantedOf(book, name)
  const arn = startedOf(book, name) ?? (await startJob(deps, book, name, wanted))
  const job = { ...(await ended(deps, batch, arn)), name }
  step('batch-ended')
  const results = await batch.results(job, deps.signal)
  step('batch-results-read')
  await keepAnswers(deps, book, job, wanted, results)
  step('batch-read')
}

async function startJob(deps: Deps, book: Book, name: string, { token, items }: Wanted): Promise<string> {
  const batch = batchOf(deps)
  // A process that died may have started it, before it could say so.
  const there = await batch.find(name)
  step('batch-looked-for')
  let arn = there?.arn
  if (arn === undefined) {
    const schema = schemaOf()
    const records = items.map((id) => {
      const item = itemIn(book.items.get(id) as ItemRow)
      return { id, system: SYSTEM, text: userText(book.run, item), maxTokens: ANSWER_TOKENS, schema }
    })
    await batch.upload(name, records, deps.signal)
    step('batch-uploaded')
    arn = await batch.start(name, token)
    step('batch-accepted')
  } else deps.say(`the batch job ${name} is there already: it is taken up`)
  await write(deps, book, { kind: 'job_started', job: name, detail: { arn, adopted: there !== undefined } })
  step('batch-started')
  deps.say(`batch job ${name}: ${counted(items.length, 'record')}, ${arn}`)
  return arn
}

/** Looks at a job until it has ended; every state is either an end or none. */
async function ended(deps: Deps, batch: Batch, arn: string): Promise<BatchJob> {
  const pauseMs = (deps.settings.batch?.poll_seconds ?? 60) * 1000
  let before = ''
  for (let failed = 0; ; ) {
    deps.signal.throwIfAborted()
    let pause = pauseMs
    try {
      const job = await batch.look(arn)
      failed = 0
      if (hasEnded(job.state)) return job
      if (job.state !== before) deps.say(`batch job: ${job.state}`)
      before = job.state
    } catch (thrown) {
      if (++failed > FAILED_LOOKS || deps.signal.aborted) throw thrown
      pause = Math.min(pauseMs, FAILED_LOOK_MS)
    }
    await pauseOrTold(deps, pause)
  }
}

async function pauseOrTold({ signal, told }: Deps, ms: number): Promise<void> {
  const over = new AbortController()
  const both = AbortSignal.any([signal, over.signal])
  const pauses = [wait(ms, undefined, { signal: both }), ...(told ? [told(both)] : [])]
  await Promise.race(pauses.map((one) => one.catch(() => undefined)))
  over.abort()
}

/** Answers, errors and what is missing, in one commit: nothing of a job is read twice. */
async function keepAnswers(
  deps: Deps,
  book: Book,
  job: BatchJob,
  { items }: Wanted,
  results: BatchResults,
): Promise<void> {
  const { attempts } = deps.settings
  const tooFew =
    job.state === 'Failed' &&
    /minimum|at least|fewer than|too few/i.test(job.message) &&
    results.records.size === 0
  const states = items.flatMap((id) => {
    const row = book.items.get(id)
    if (row?.state !== 'waiting') return []
    return [stateAfter(row, results.records.get(id), { job, attempts, counts: !tooFew })]
  })
  const strangers = [...results.records.keys()].filter((id) => !items.includes(id)).length
  const done = states.filter(({ state }) => state === 'done').length
  const notes = [...results.notes, ...(strangers > 0 ? [`${strangers} records that were not asked for`] : [])]
  await write(
    deps,
    book,
    {
      kind: 'job_read',
      job: job.name,
      detail: {
        state: job.state,
        message: job.message,
        records: job.records,
        manifest: results.manifest,
        notes,
        tooFew,
      },
    },
    states,
  )
  const why = job.message === '' ? '' : ` (${job.message})`
  deps.say(`batch job ${job.state}${why}: ${done} of ${counted(items.length, 'record')} answered`)
}

function stateAfter(
  row: ItemRow,
  answer: BatchAnswer | undefined,
  { job, attempts, counts }: { job: BatchJob; attempts: number; counts: boolean },
): ItemRow {
  const attempt = row.attempt + (counts ? 1 : 0)
  const next = { ...row, version: row.version + 1, attempt }
  const again = (error: string, more: Partial<ItemRow> = {}): ItemRow => ({
    ...next,
    ...more,
    state: attempt >= attempts ? 'not_analysed' : 'waiting',
    error,
  })
  if (!answer) return again(`the batch job, which is ${job.state}, has no answer to it`)
  if (answer.kind === 'error') return again(`${answer.code}: ${answer.message}`.slice(0, 500))
  const tokens = {
    job: job.name,
    input_tokens: (row.input_tokens ?? 0) + answer.input,
    output_tokens: (row.output_tokens ?? 0) + answer.output,
  }
  if (answer.cut) return again('the answer was longer than it may be', tokens)
  if (!checkedAnswer(itemIn(row), answer.text))
    return again('the answer is not of the form that was asked for', tokens)
  return { ...next, ...tokens, state: 'done', output: answer.text, error: null }
}

function batchOf({ batch }: Deps): Batch {
  if (!batch)
    throw new StopHere('the analysis has a batch job, and analyze.batch is not set in loglake.yaml any more')
  return batch
}

function wantedOf(book: Book, name: string): Wanted {
  const found = book.steps.find(({ kind, job }) => kind === 'job_wanted' && job === name)
  return JSON.parse(found?.detail ?? '{"token":"","items":[]}') as Wanted
}

function startedOf(book: Book, name: string): string | undefined {
  const found = book.steps.find(({ kind, job }) => kind === 'job_started' && job === name)
  return found?.detail == null ? undefined : (JSON.parse(found.detail) as { arn: string }).arn
}

function itemIn(row: ItemRow): Item {
  return JSON.parse(row.input ?? '{}') as Item
}

/** The form of an answer as JSON Schema. */
function schemaOf(): object {
  const { $schema: _, ...schema } = z.toJSONSchema(answerSchema, { target: 'draft-7', io: 'input' })
  return schema
}
