import { append, type NewRow } from '../../lake/append.ts'
import type { Lake } from '../../lake/lake.ts'
import type { TableDefinition } from '../../lake/table.ts'
import { UserError } from '../../lib/errors.ts'
import { literal, sql } from '../../lib/sql.ts'
import type { QueryEngine } from '../../query/question.ts'
import { type Read, readOf } from '../read.ts'
import { analysis, analysisItem } from '../tables.ts'

/** A step of an analysis, as the table `analysis` has it. */
export interface Step {
  run: string
  seq: number
  kind: StepKind
  time: string
  lake_version: number | null
  job: string | null
  detail: string | null
}

export type StepKind =
  | 'begun'
  | 'job_wanted'
  | 'job_started'
  | 'job_read'
  | 'asked'
  | 'reduced'
  | 'reported'
  | 'sent'
  | 'stopped'
  | 'finished'

/** A call of the model in its newest state, as the table `analysis_item` has it. */
export interface ItemRow {
  item: string
  version: number
  kind: 'map' | 'reduce'
  state: 'waiting' | 'done' | 'not_analysed'
  about: string | null
  account: string | null
  events: number
  attempt: number
  input: string | null
  output: string | null
  input_tokens: number | null
  output_tokens: number | null
  job: string | null
  error: string | null
}

/** The state of an analysis in the lake, updated with each commit of this process. */
export interface Book {
  run: string
  steps: Step[]
  items: Map<string, ItemRow>
}

export interface NewStep {
  kind: StepKind
  job?: string
  lakeVersion?: number
  detail?: unknown
}

const url = (name: string) => new URL(`../sql/${name}.sql`, import.meta.url)

/** @throws UserError when there is no such analysis */
export async function openBook(lake: Lake, queryEngine: QueryEngine, run: string): Promise<Book> {
  const read = readOf(queryEngine, await lake.newest())
  const steps = await read<Step>(sql(url('steps'), { which: `run = ${literal(run)}`, detail: 'detail' }))
  if (steps.length === 0)
    throw new UserError(`there is no analysis "${run}" (\`loglake analyze list\` lists them)`)
  const rows = await read<ItemRow>(sql(url('items'), { run: literal(run) }))
  return { run, steps, items: new Map(rows.map((row) => [row.item, row])) }
}

/** The book of an analysis without any step. */
export function newBook(run: string): Book {
  return { run, steps: [], items: new Map() }
}

/** The steps of all analyses, without their long parts. */
export async function allSteps(read: Read): Promise<Step[]> {
  const short = "case when kind in ('begun', 'stopped', 'sent') then detail end"
  return await read<Step>(sql(url('steps'), { which: 'true', detail: short }))
}

/**
 * Adds a step, the new states of calls, and rows of other tables, in one commit.
 *
 * @throws UserError when another process has continued the same analysis meanwhile; then nothing is added
 */
export async function write(
  { lake, queryEngine }: { lake: Lake; queryEngine: QueryEngine },
  book: Book,
  step: NewStep,
  items: readonly ItemRow[] = [],
  others: readonly { table: TableDefinition; rows: readonly NewRow[] }[] = [],
): Promise<void> {
  const row: Step = {
    run: book.run,
    seq: (book.steps.at(-1)?.seq ?? 0) + 1,
    kind: step.kind,
    time: new Date().toISOString(),
    lake_version: step.lakeVersion ?? null,
    job: step.job ?? null,
    detail: step.detail === undefined ? null : JSON.stringify(step.detail),
  }
  await append(lake, 'analyze', async (base) => {
    const [head] = await readOf(
      queryEngine,
      base,
    )<{ seq: number }>(sql(url('head'), { run: literal(book.run) }))
    if ((head?.seq ?? 0) !== row.seq - 1)
      throw new UserError(
        `another process goes on with the analysis ${book.run}: nothing was added here, and nothing is lost`,
      )
    return {
      rows: [
        { table: analysis, rows: [{ ...row }] },
        { table: analysisItem, rows: items.map((item) => ({ run: book.run, ...item })) },
        ...others,
      ],
    }
  })
  book.steps.push(row)
  for (const item of items) book.items.set(item.item, item)
}

/** The detail of the newest step of a kind. */
export function detailOf<Detail>(book: Book, kind: StepKind): Detail | undefined {
  const found = book.steps.findLast((step) => step.kind === kind)
  return found?.detail == null ? undefined : (JSON.parse(found.detail) as Detail)
}
