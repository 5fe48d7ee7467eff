import { createHash } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { counted } from '../../lib/terminal.ts'
import { type Batch, type BatchJob, hasEnded } from '../../model/batch.ts'
import type { BatchAnswer, BatchResults } from '../../model/batch-results.ts'
import { jsonSchemaOf } from '../../model/request-size.ts'
import { checkedAnswer } from '../map/checked.ts'
import type { Item } from '../map/items.ts'
import { ANSWER_TOKENS, answerSchema, SYSTEM, userText } from '../map/prompt.ts'
import { type Book, type ItemRow, write } from './book.ts'
import { type Deps, StopHere } from './deps.ts'
import { checkBudget, spentSoFar } from './spent.ts'
import { faultPoint } from './steps.ts'

/** The detail of the step `job_wanted`. */
interface Wanted {
  token: string
  items: string[]
}

/** Pause after a failed look at a job. */
const FAILED_LOOK_MS = 5_000
/** Failed looks in a row after which we give up. */
const FAILED_LOOKS = 20

/**
 * Records that a job is wanted, with a name and a token of its own, so that it is started only once
 * afterwards.
 */
export async function wantJob(deps: Deps, book: Book, waiting: readonly ItemRow[]): Promise<void> {
  const { maxInJob, maxInFile } = await batchOf(deps).limits()
  const max = Math.min(maxInJob, maxInFile)
  // Split evenly, so that the last of several jobs does not have too few records.
  const size = Math.ceil(waiting.length / Math.ceil(waiting.length / max))
  const rows = waiting.slice(0, size)
  const input = rows.reduce((sum, row) => sum + itemIn(row).tokens, 0)
  const output = rows.length * ANSWER_TOKENS
  checkBudget(book, deps, { input, output }, 'batch', `a batch of ${counted(rows.length, 'record')}`)
  const number = book.steps.filter(({ kind }) => kind === 'job_wanted').length + 1
  const job = `${deps.own.jobs}${book.run}-${number}`
  const token = createHash('sha256').update(job).digest('hex')
  await write(deps, book, { kind: 'job_wanted', job, detail: { token, items: rows.map(({ item }) => item) } })
  faultPoint('batch-wanted')
}

/**
 * Starts the wanted job, or finds it when it was started before, waits for its end, and keeps its answers.
 */
export async function finishJob(deps: Deps, book: Book, name: string): Promise<void> {
  const batch = batchOf(deps)
  const wanted = wantedOf(book, name)
  const arn = startedOf(book, name) ?? (await startJob(deps, book, name, wanted))
  const job = { ...(await ended(deps, batch, arn)), name }
  faultPoint('batch-ended')
  const results = await batch.results(job, deps.signal)
  faultPoint('batch-results-read')
  await keepAnswers(deps, book, job, wanted, results)
  faultPoint('batch-read')
}

async function startJob(deps: Deps, book: Book, name: string, { token, items }: Wanted): Promise<string> {
  const batch = batchOf(deps)
  // A process may have started it and died before it could record that.
  const there = await batch.find(name)
  faultPoint('batch-looked-for')
  let arn = there?.arn
  if (arn === undefined) {
    const schema = jsonSchemaOf(answerSchema)
    const records = items.map((id) => {
      const item = itemIn(book.items.get(id) as ItemRow)
      return { id, system: SYSTEM, text: userText(book.run, item), maxTokens: ANSWER_TOKENS, schema }
    })
    await batch.upload(name, records, deps.signal)
    faultPoint('batch-uploaded')
    arn = await batch.start(name, token)
    faultPoint('batch-accepted')
  } else deps.say(`the batch job ${name} is there already: it is taken up`)
  await write(deps, book, { kind: 'job_started', job: name, detail: { arn, adopted: there !== undefined } })
  faultPoint('batch-started')
  deps.say(`batch job ${name}: ${counted(items.length, 'record')}, ${arn}`)
  return arn
}

/** Checks a job until it has ended. Every state is either an end or not. */
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

async function pauseOrTold({ signal, jobChanged }: Deps, ms: number): Promise<void> {
  const over = new AbortController()
  const both = AbortSignal.any([signal, over.signal])
  const pauses = [wait(ms, undefined, { signal: both }), ...(jobChanged ? [jobChanged(both)] : [])]
  await Promise.race(pauses.map((one) => one.catch(() => undefined)))
  over.abort()
}

/** Keeps answers, errors and missing records in one commit, so that no result is read twice. */
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
  const tokens = {
    input: added(states.map((row) => [row.input_tokens, book.items.get(row.item)?.input_tokens])),
    output: added(states.map((row) => [row.output_tokens, book.items.get(row.item)?.output_tokens])),
  }
  const unasked = [...results.records.keys()].filter((id) => !items.includes(id)).length
  const done = states.filter(({ state }) => state === 'done').length
  const notes = [...results.notes, ...(unasked > 0 ? [`${unasked} records that were not asked for`] : [])]
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
        tokens,
        notes,
        tooFew,
      },
    },
    states,
  )
  const why = job.message === '' ? '' : ` (${job.message})`
  deps.say(
    `batch job ${job.state}${why}: ${done} of ${counted(items.length, 'record')} answered${spentSoFar(book, deps)}`,
  )
}

/** The sum of the differences of numbers to those before. */
function added(pairs: readonly (readonly [number | null, number | null | undefined])[]): number {
  return pairs.reduce((sum, [now, before]) => sum + (now ?? 0) - (before ?? 0), 0)
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
