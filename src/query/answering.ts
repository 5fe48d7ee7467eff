import type { DataFile } from '../lake/iceberg/index.ts'
import type { Lake } from '../lake/lake.ts'
import type { TableDefinition } from '../lake/table.ts'
import type { LakeVersion } from '../lake/version.ts'
import { BrokenOff, type Engine, type Values } from '../lib/duckdb.ts'
import { type Answer, chunksOf, rowsOf } from './answer.ts'
import { blameFiles, blameQuestion } from './blame.ts'
import { type Bounds, boundsOf } from './bounds.ts'
import type { Engines } from './engines.ts'
import type { MemoryWatch } from './memory-watch.ts'
import { needsWords } from './own-functions.ts'
import { plannedScans } from './plan.ts'
import { createTables } from './question-tables.ts'
import { type Scope, unlimitedBy } from './scope.ts'

/** Options of one question. */
export interface AskOptions {
  /** Values for the question's parameters. */
  values?: Values
  /** The lake's version to ask; the newest by default. */
  version?: LakeVersion
  /** The rows that the question is limited to, in every table and view. */
  scope?: Scope
  /**
   * Whether it may be an EXPLAIN, which shows files and row counts from before any limit; true by default.
   */
  explain?: boolean
  /**
   * The only files of each table that are opened; limits on rows apply all the same. Without it, the plan's
   * conditions choose the files.
   */
  files?: ReadonlyMap<string, readonly DataFile[]>
  /**
   * Whether the question is planned to skip files by its conditions; true by default. Over few files in the
   * span of `scope`, running the question takes less time than planning it.
   */
  planned?: boolean
  /** Cancels the question, while it runs and while its rows are read. */
  signal?: AbortSignal
}

/** A question as it was read: allowed, and in DuckDB's words. */
export interface ReadQuestion {
  text: string
  /** The SELECT that is run. */
  select: string
  /** What stands before it: `EXPLAIN `, or nothing. */
  explain: string
  /** The tables that it can reach. */
  wanted: Pick<ReadonlySet<string>, 'has'>
  /** Whether it asks for `*`. */
  everything: boolean
}

/** Where a question is answered. */
export interface Place {
  engines: Engines
  lake: Lake
  tables: readonly TableDefinition[]
  watch: MemoryWatch
  /** How long a question may take. */
  seconds: number | undefined
}

/** Plans a question, opens the files that it needs, and runs it. Close the answer when done with it. */
export async function answered(
  { engines, lake, tables, watch, seconds }: Place,
  question: ReadQuestion,
  base: LakeVersion,
  { values, signal, scope = {}, files, planned = true }: AskOptions,
): Promise<Answer> {
  const { text, select, explain, wanted, everything } = question
  if (needsWords(select)) await engines.addWords()
  const opened: Engine[] = []
  const local: string[] = []
  const interrupt = () => opened.at(-1)?.connection.interrupt()
  const bounds = boundsOf(interrupt, watch, { signal, seconds }, local)
  const beside = async (base: Engine) => {
    const engine = await base.beside()
    opened.push(engine)
    return engine
  }
  const plan = async (planner: Engine) => plannedScans(await beside(planner), select, values)
  const close = () =>
    bounds.end(() => {
      for (const engine of opened) engine.close()
      lake.storage.release(local)
    })
  try {
    // An EXPLAIN gets the plan over all files. Planning computes what is constant, which can take for ever.
    const scans =
      explain === '' && !files && planned
        ? await bounds
            .within(engines.inTurn((planner) => bounds.within(plan(planner))))
            .catch(blaming(bounds, (thrown) => blameQuestion(text, thrown)))
        : undefined
    const engine = await beside(await engines.answerer())
    bounds.check(signal?.reason)
    const all = await bounds
      .within(createTables(engine, lake, tables, base, { scans, scope, wanted, files }, local))
      .catch(blaming(bounds))
    bounds.check(signal?.reason)
    /** DuckDB reports an error in a row only when the row is fetched, and then only to who runs it again. */
    const toldAgain = (thrown: unknown) =>
      bounds.within(engine.run(explain + select, values)).then(
        () => thrown,
        (told) => told,
      )
    const blame = blaming(bounds, async (thrown) => {
      const why = thrown instanceof BrokenOff ? await toldAgain(thrown) : thrown
      bounds.check(why)
      return await blameFiles(engine, text, local, why)
    })
    const streamed = await bounds.within(engine.stream(explain + select, values)).catch(blame)
    const result = { ...streamed, chunks: () => bounds.itemsWithin(streamed.chunks()) }
    return {
      columns: result.names,
      types: result.types,
      everything,
      rows: () => rowsOf(result, blame),
      chunks: () => chunksOf(result, blame),
      files: { read: local.length, all },
      unlimited: tables
        .filter(({ name }) => wanted.has(name))
        .flatMap((table) => unlimitedBy(table, scope).map((kind) => `${table.name} has no ${kind}`)),
      version: base.number,
      close,
    }
  } catch (thrown) {
    close()
    throw thrown
  }
}

/** Throws why the question was ended, if it was; then what `blame` makes of the error. */
function blaming(bounds: Bounds, blame: (thrown: unknown) => Promise<never> | never = rethrow) {
  return async (thrown: unknown): Promise<never> => {
    bounds.check(thrown)
    return await blame(thrown)
  }
}

function rethrow(thrown: unknown): never {
  throw thrown
}
