import type { Lake } from '../lake/lake.ts'
import type { Engine, EngineLimits } from '../lib/duckdb.ts'
import { sentence, UserError } from '../lib/errors.ts'
import type { Answer } from './answer.ts'
import { type AskOptions, answered, type ReadQuestion } from './answering.ts'
import { type AskedNames, askedNames, asksForAll } from './asked.ts'
import { openEngines } from './engines.ts'
import { failingAs } from './failing-as.ts'
import { checkReads, type Readable } from './guard.ts'
import { usualMemory, watchMemory } from './memory-watch.ts'
import { namedIn, neededTables } from './needed.ts'
import { ownFunctions } from './own-functions.ts'
import { ownViews } from './own-views.ts'
import { remembered } from './remembered.ts'
import { EngineLost } from './renewable.ts'
import { Refused, readStatement, serialized } from './statement.ts'
import { inOwnWords } from './trino.ts'
import { type View, viewName } from './view.ts'

export interface QuestionLimits extends EngineLimits {
  seconds?: number | undefined
}

/** Options of a query engine. */
export interface QueryEngineOptions {
  /** Limits of one engine, and the seconds that a question may take. */
  limits?: QuestionLimits
  /** Views that questions can name; loglake's own by default. */
  views?: readonly View[]
  /**
   * Whether questions may name any function and table of DuckDB, for an operator who needs more. The
   * configuration stays locked and files stay closed; but some of DuckDB's functions write below the lake's
   * folder. False by default.
   */
  unguarded?: boolean
  /** The only tables and views that can be named; all by default. */
  only?: ReadonlySet<string>
}

/** Engines that stay open for many questions; any number of questions may run at once. */
export interface QueryEngine {
  /** Asks one question in SQL of one version of the lake. Close the answer when done with it. */
  ask(question: string, options?: AskOptions): Promise<Answer>
  /** All names that a question can use. */
  names(): Promise<AskedNames>
  close(): void
}

/** Asks one question. Close the answer when done with it. */
export async function ask(
  lake: Lake,
  question: string,
  { values, version, signal, scope, files, planned = true, ...options }: AskOptions & QueryEngineOptions = {},
): Promise<Answer> {
  const given: AskOptions = {
    ...(values ? { values } : {}),
    ...(version ? { version } : {}),
    ...(signal ? { signal } : {}),
    ...(scope ? { scope } : {}),
    ...(files ? { files } : {}),
    planned,
  }
  const once = async (only?: QueryEngineOptions['only']): Promise<Answer> => {
    const queryEngine = await openQueryEngine(lake, only ? { ...options, only } : options)
    try {
      const answer = await queryEngine.ask(question, given)
      const close = () => {
        answer.close()
        queryEngine.close()
      }
      return { ...answer, close }
    } catch (thrown) {
      queryEngine.close()
      throw thrown
    }
  }
  const only = namedIn(question, lake.tables.keys(), options.views ?? ownViews())
  if (!only) return await once()
  try {
    return await once(only)
  } catch (thrown) {
    // Ask again over all tables: the error can then suggest other names, or blame a view that was skipped.
    const isOfNames = thrown instanceof UserError && !(thrown instanceof Refused)
    if (isOfNames && !signal?.aborted) return await once()
    throw thrown
  }
}

/** Opens an engine for each question, with only the tables and views that it names. */
export function engineForEach(lake: Lake, options: QueryEngineOptions): QueryEngine {
  return {
    ask: async (question, given) => await ask(lake, question, { ...given, ...options }),
    async names() {
      const queryEngine = await openQueryEngine(lake, options)
      try {
        return await queryEngine.names()
      } finally {
        queryEngine.close()
      }
    },
    close: () => undefined,
  }
}

/** Number of questions whose parsed form is cached. */
const QUESTIONS = 500

/** Opens the engines for a lake's questions: one plans over empty tables, the other answers. */
export async function openQueryEngine(
  lake: Lake,
  { limits, views: all = ownViews(), unguarded = false, only }: QueryEngineOptions = {},
): Promise<QueryEngine> {
  const views = all.filter((view) => only?.has(viewName(view)) ?? true)
  const tables = [...lake.tables.values()].filter(({ name }) => only?.has(name) ?? true)
  const memory = limits?.memory ?? usualMemory()
  const watch = watchMemory(memory)
  const engines = await openEngines({ lake, tables, views, limits: { ...limits, memory } })
  const readable: Readable = {
    tables: new Set([...tables.map(({ name }) => name), ...views.map(viewName)]),
    functions: ownFunctions(),
  }
  const planner = await engines.planner()
  if (!unguarded) await checkViews(planner, views, readable)
  const needs = await neededTables(planner, views)
  const read = remembered(QUESTIONS, (text) =>
    engines.inTurn(async (engine): Promise<ReadQuestion> => {
      const statement = await inOwnWords(engine, await readStatement(engine, text))
      if (!unguarded) checkReads(statement, readable)
      const { select, explain } = statement
      return { text, select, explain, wanted: needs.of(statement), everything: asksForAll(statement) }
    }),
  )
  const place = { engines, lake, tables, watch, seconds: limits?.seconds }
  const askOnce: QueryEngine['ask'] = (text, options = {}) =>
    engines.untilLost(async (told) => {
      const base = options.version ?? (await lake.newest())
      const question = await read(text)
      if (options.explain === false && question.explain !== '')
        throw new UserError('EXPLAIN is for operators')
      const answer = await answered(place, question, base, options)
      return {
        ...answer,
        rows: () => failingAs(told, answer.rows()),
        chunks: () => failingAs(told, answer.chunks()),
      }
    })
  return {
    names: () => engines.inTurn(askedNames),
    async ask(text, options) {
      try {
        return await askOnce(text, options)
      } catch (thrown) {
        // A question that ends an engine ends those beside it, whose fault it is not.
        if (!(thrown instanceof EngineLost) || options?.signal?.aborted) throw thrown
        return await askOnce(text, options)
      }
    },
    close: engines.close,
  }
}

/** A user's views may name what a question may; ours may name more. */
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
