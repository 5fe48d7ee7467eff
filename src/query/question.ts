import type { DataFile } from '../lake/iceberg/index.ts'
import type { Lake } from '../lake/lake.ts'
import { readingFiles } from '../lake/parquet.ts'
import type { LakeVersion } from '../lake/version.ts'
import { BrokenOff, type Engine, type EngineLimits, openEngine, type Values } from '../lib/duckdb.ts'
import { sentence, UserError } from '../lib/errors.ts'
import { identifier, list } from '../lib/sql.ts'
import { type Answer, chunksOf, rowsOf } from './answer.ts'
import { type AskedNames, askedNames, asksForAll } from './asked.ts'
import { boundsOf, TooMuchMemory } from './bounds.ts'
import { failingAs } from './failing-as.ts'
import { checkReads, type Readable } from './guard.ts'
import { usualMemory, watchMemory } from './memory-watch.ts'
import { namedIn, neededTables } from './needed.ts'
import { createWords, needsWords, ownFunctions } from './own-functions.ts'
import { ownViews } from './own-views.ts'
import { plannedScans } from './plan.ts'
import { createTables } from './question-tables.ts'
import { remembered } from './remembered.ts'
import { EngineLost, isLost, renewable } from './renewable.ts'
import type { Scope } from './scope.ts'
import { readStatement, serialized } from './statement.ts'
import { inOwnWords } from './trino.ts'
import { type View, viewName } from './view.ts'
import { createViews } from './view-engine.ts'

/** What goes with a question. */
export interface AskOptions {
  /** Values for the question's parameters. */
  values?: Values
  /** The version of the lake that is asked; the newest by default. */
  version?: LakeVersion
  /** The rows that it is limited to, in every table and view. */
  scope?: Scope
  /** Whether it may be an EXPLAIN, which shows files and counts of rows from before any limit; true by default. */
  explain?: boolean
  /** The only files of tables that are opened; limits on rows are as ever. Without it, its conditions say which are needed. */
  files?: ReadonlyMap<string, readonly DataFile[]>
  /**
   * Whether its conditions are looked at for the files that they leave out; true by default. A question to few files of a span that
   * `scope` gives is answered before it is planned.
   */
  planned?: boolean
  /** Cancels the question, while it is worked on and while its rows are read. */
  signal?: AbortSignal
}

export interface QuestionLimits extends EngineLimits {
  seconds?: number | undefined
}

/** How questions are answered. */
export interface DeskOptions {
  /** Of an engine's, and how many seconds a question may take. */
  limits?: QuestionLimits
  /** What can be asked beside tables; loglake's own views by default. */
  views?: readonly View[]
  /**
   * Whether questions may name any function and table that DuckDB has, for an operator who wants more. The configuration
   * stays locked and files stay closed; but functions of DuckDB's write below the lake's folder. False by default.
   */
  unguarded?: boolean
  /** The only tables and views that can be named; all by default. */
  only?: ReadonlySet<string>
}

/** Engines that stay open for many questions; any number may be under way at once. */
export interface Desk {
  /** Asks one question in SQL of one version of the lake. Close the answer when done with it. */
  ask(question: string, options?: AskOptions): Promise<Answer>
  /** Everything that a question can name. */
  names(): Promise<AskedNames>
  close(): void
}

/** Asks one question. Close the answer when done with it. */
export async function ask(
  lake: Lake,
  question: string,
  { values, version, signal, scope, files, planned = true, ...options }: AskOptions & DeskOptions = {},
): Promise<Answer> {
  const given: AskOptions = {
    ...(values ? { values } : {}),
    ...(version ? { version } : {}),
    ...(signal ? { signal } : {}),
    ...(scope ? { scope } : {}),
    ...(files ? { files } : {}),
    planned,
  }
  const once = async (only?: DeskOptions['only']): Promise<Answer> => {
    const desk = await openDesk(lake, only ? { ...options, only } : options)
    try {
      const answer = await desk.ask(question, given)
      const close = () => {
        answer.close()
        desk.close()
      }
      return { ...answer, close }
    } catch (thrown) {
      desk.close()
      throw thrown
    }
  }
  const only = namedIn(question, lake.tables.keys(), options.views ?? ownViews())
  if (!only) return await once()
  try {
    return await once(only)
  } catch (thrown) {
    // An error may say what else there is, or blame a view that was left out.
    if (thrown instanceof UserError && !signal?.aborted) return await once()
    throw thrown
  }
}

/** So many questions are read once. */
const QUESTIONS = 500

/** Opens the engines for questions to a lake: one that plans over empty tables, one that answers. */
export async function openDesk(
  lake: Lake,
  { limits, views: all = ownViews(), unguarded = false, only }: DeskOptions = {},
): Promise<Desk> {
  const views = all.filter((view) => only?.has(viewName(view)) ?? true)
  const tables = [...lake.tables.values()].filter(({ name }) => only?.has(name) ?? true)
  let ordered: readonly View[] | undefined
  const wordsAtFirst = views.some((view) => needsWords(view.sql)) ? Promise.resolve() : undefined
  /** Undefined as long as neither views nor questions needed words of ours. */
  let words: Promise<unknown> | undefined = wordsAtFirst
  const planning = await renewable(async () => {
    const engine = await openEngine({ threads: 1 })
    // The optimiser must not conclude from empty tables that nothing is asked for; nor may it look up the rows of a LIMIT a
    // second time in the whole table, as it does with tables of its own and not with files: no filter is pushed down there.
    await engine.run("set disabled_optimizers = 'statistics_propagation,late_materialization'")
    await lockDown(engine)
    ordered = await createViews(engine, tables, ordered ?? views, ordered !== undefined)
    return engine
  })
  const memory = limits?.memory ?? usualMemory()
  const watch = watchMemory(memory)
  const answering = await renewable(async () => {
    const engine = await openEngine({ ...limits, memory })
    await lockDown(engine, lake.storage.localFolder)
    await createViews(engine, tables, ordered ?? views, true)
    // Each question brings tables of its own, with the files that it needs.
    for (const { name } of tables) await engine.run(`drop table ${identifier(name)}`)
    return engine
  })
  const planner = await planning.get()
  const readable: Readable = {
    tables: new Set([...tables.map(({ name }) => name), ...views.map(viewName)]),
    functions: ownFunctions(),
  }
  if (!unguarded) await checkViews(planner, views, readable)
  const needs = await neededTables(planner, views)
  const read = remembered(QUESTIONS, async (question) => {
    const engine = await planning.get()
    const statement = await inOwnWords(engine, await readStatement(engine, question))
    if (!unguarded) checkReads(statement, readable)
    const { select, explain } = statement
    return { select, explain, wanted: needs.of(statement), everything: asksForAll(statement) }
  })
  /** What DuckDB gives up on is told as such, and the next question finds new engines. */
  const told = (thrown: unknown, [planner, answerer]: readonly [Engine, Engine]): unknown => {
    if (!isLost(thrown)) return thrown
    answering.renew(answerer)
    // As it was when the desk was opened.
    if (planning.renew(planner)) words = wordsAtFirst
    return new EngineLost(
      'DuckDB could not go on with this question, and was started anew: ask it in another way',
      {
        cause: thrown,
      },
    )
  }
  const asked: Desk['ask'] = async (
    question,
    { values, version, signal, scope = {}, explain = true, files, planned = true } = {},
  ) => {
    const base = version ?? (await lake.newest())
    const statement = await read(question)
    if (!explain && statement.explain !== '') throw new UserError('EXPLAIN is for operators')
    const { select, wanted, everything } = statement
    if (needsWords(select)) {
      words ??= Promise.all([await planning.get(), await answering.get()].map(createWords))
      await words
    }
    // An EXPLAIN is shown the plan over all files.
    const scans =
      statement.explain === '' && !files && planned
        ? await plannedScans(await planning.get(), select, values).catch(blameQuestion)
        : undefined
    const engine = await (await answering.get()).beside()
    const local: string[] = []
    const stops = { signal, seconds: limits?.seconds }
    const bounds = boundsOf(() => engine.connection.interrupt(), watch, stops, local)
    const close = () => {
      bounds.end()
      engine.close()
      lake.storage.release(local)
    }
    try {
      const all = await createTables(engine, lake, tables, base, { scans, scope, wanted, files }, local)
      const whole = `${statement.explain}${select}`
      const blame = async (thrown: unknown): Promise<never> => {
        bounds.check(thrown)
        // DuckDB tells what is wrong only of rows that nobody fetches.
        const why =
          thrown instanceof BrokenOff
            ? await engine.run(whole, values).then(
                () => thrown,
                (told) => told,
              )
            : thrown
        bounds.check(why)
        return await blameFiles(engine, local, why)
      }
      bounds.check(signal?.reason)
      const result = await engine.stream(whole, values).catch(blame)
      return {
        columns: result.names,
        types: result.types,
        everything,
        rows: () => rowsOf(result, blame),
        chunks: () => chunksOf(result, blame),
        files: { read: local.length, all },
        version: base.number,
        close,
      }
    } catch (thrown) {
      close()
      throw thrown
    }
  }
  return {
    names: async () => await askedNames(await planning.get()),
    async ask(question, options) {
      const engines = [await planning.get(), await answering.get()] as const
      const blame = (thrown: unknown) => told(thrown, engines)
      try {
        const answer = await asked(question, options)
        return {
          ...answer,
          rows: () => failingAs(blame, answer.rows()),
          chunks: () => failingAs(blame, answer.chunks()),
        }
      } catch (thrown) {
        throw blame(thrown)
      }
    },
    close() {
      planning.close()
      answering.close()
    },
  }
}

/** Views of a user ask what a question may, too; ours may ask more. */
async function checkViews(planner: Engine, views: readonly View[], readable: Readable): Promise<void> {
  const ours = new Set(ownViews())
  for (const view of views) {
    if (ours.has(view)) continue
    try {
      checkReads({ tree: await serialized(planner, view.sql), select: view.sql }, readable)
    } catch (thrown) {
      throw new UserError(`${view.file}: ${sentence(thrown)}`, { cause: thrown })
    }
  }
}

function blameQuestion(thrown: unknown): never {
  throw new UserError(sentence(thrown), { cause: thrown })
}

/** A question that fails on its way is the asker's mistake, unless a file cannot be read or memory is short. */
async function blameFiles(engine: Engine, files: readonly string[], thrown: unknown): Promise<never> {
  const text = sentence(thrown)
  if (/^Out of Memory Error/.test(text)) throw new TooMuchMemory(files, thrown)
  if (/^IO Error|parquet|zstd/i.test(text)) await readingFiles(engine, files, () => Promise.reject(thrown))
  return blameQuestion(thrown)
}

/** From here on the engine reads below one folder, or nothing, and stays so. */
async function lockDown(engine: Engine, folder?: string): Promise<void> {
  if (folder !== undefined) await engine.run(`set allowed_directories = ${list([folder])}`)
  await engine.run('set enable_external_access = false')
  await engine.run('set lock_configuration = true')
}
