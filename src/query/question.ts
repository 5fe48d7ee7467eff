import type { DuckDBDataChunk, DuckDBType, DuckDBValue } from '@duckdb/node-api'
import type { DataFile, Predicate } from '../lake/iceberg/index.ts'
import type { Lake } from '../lake/lake.ts'
import { readingFiles, readParquet } from '../lake/parquet.ts'
import { SQL_TYPE, type TableDefinition } from '../lake/table.ts'
import type { LakeVersion, TableVersion } from '../lake/version.ts'
import {
  BrokenOff,
  type Engine,
  type EngineLimits,
  openEngine,
  type Streamed,
  type Values,
} from '../lib/duckdb.ts'
import { sentence, UserError } from '../lib/errors.ts'
import { identifier, list } from '../lib/sql.ts'
import { type AskedNames, askedNames, asksForAll } from './asked.ts'
import { boundsOf, TooMuchMemory } from './bounds.ts'
import { failingAs } from './failing-as.ts'
import { checkReads, type Readable } from './guard.ts'
import { usualMemory, watchMemory } from './memory-watch.ts'
import { namedIn, neededTables } from './needed.ts'
import { createWords, needsWords, ownFunctions } from './own-functions.ts'
import { ownViews } from './own-views.ts'
import { plannedScans } from './plan.ts'
import { remembered } from './remembered.ts'
import { EngineLost, isLost, renewable } from './renewable.ts'
import { conditionOf, isPersonal, maskedColumn, newestOf, type RowLimit } from './rows-of.ts'
import { predicatesOf, type Scope, whereOf } from './scope.ts'
import { readStatement, serialized } from './statement.ts'
import { inOwnWords } from './trino.ts'
import { nameFields } from './unnamed.ts'
import { type View, viewName } from './view.ts'
import { createViews, emptyTable } from './view-engine.ts'

/** An answer on its way: column names at once, rows as they come. */
export interface Answer {
  columns: string[]
  types: DuckDBType[]
  /** The question asked for all columns of something. */
  everything: boolean
  rows(): AsyncGenerator<DuckDBValue[]>
  /** The same rows as DuckDB has them, for a writer that wants columns. */
  chunks(): AsyncGenerator<DuckDBDataChunk>
  /** Data files that the question needed, of how many its tables have. */
  files: { read: number; all: number }
  /** The catalog version that answered. */
  version: number
  close(): void
}

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
  let words: Promise<unknown> | undefined
  if (views.some((view) => needsWords(view.sql))) words = Promise.resolve()
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
    if (planning.renew(planner) && !views.some((view) => needsWords(view.sql))) words = undefined
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

type Scans = Map<string, Predicate[][]>

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

/**
 * Each table becomes a view over the files that the question needs, or an empty table.
 *
 * @param local is given the files' local paths
 * @returns how many files these tables have
 */
async function createTables(
  engine: Engine,
  lake: Lake,
  tables: readonly TableDefinition[],
  base: LakeVersion,
  {
    scans,
    scope,
    wanted,
    files,
  }: {
    scans: Scans | undefined
    scope: Scope
    wanted: Pick<ReadonlySet<string>, 'has'>
    files: AskOptions['files']
  },
  local: string[],
): Promise<number> {
  let all = 0
  for (const definition of tables) {
    if (!wanted.has(definition.name)) continue
    const limited = scope.limit && conditionOf(definition, scope.limit)
    const table = limited === 'nothing' ? undefined : await base.table(definition.name)
    const within = predicatesOf(definition, scope)
    const needed = new Map<string, number>()
    if (table) {
      const asked = scans ? (scans.get(definition.name) ?? []) : [[]]
      const given = files?.get(definition.name)
      for (const predicates of asked) {
        for (const file of given ?? (await table.files([...predicates, ...within])))
          needed.set(table.keyOf(file.path), file.bytes)
      }
      if (asked.length > 0) all += await fileCount(table)
    }
    if (!table || needed.size === 0) {
      await engine.run(`create temp table ${emptyTable(definition)}`)
      continue
    }
    const paths = await Promise.all(
      [...needed].map(async ([key, bytes]) => {
        const path = await lake.storage.local(key, bytes)
        local.push(path)
        return path
      }),
    )
    await engine.run(
      `create temp view ${identifier(definition.name)} as ${readable(paths, table, definition, scope.limit)}${whereOf(within)}`,
    )
  }
  return all
}

/** A table's rows as a reader may see them: limited first, so that nothing of the question comes to another row. */
function readable(
  paths: readonly string[],
  table: TableVersion,
  definition: TableDefinition,
  limit: RowLimit | undefined,
): string {
  const select = selectFrom(paths, table, definition)
  if (!limit) return `from (${select})`
  const condition = conditionOf(definition, limit)
  const newest = newestOf(definition)
  const rows = newest === undefined ? `(${select})` : `(from (${select}) ${newest})`
  const columns = definition.columns.map((column) =>
    limit.masked && isPersonal(definition, column) ? maskedColumn(column) : identifier(column.name),
  )
  const limited = `(select * from ${rows}${condition === undefined ? '' : ` where ${condition}`})`
  return `from (select ${columns.join(', ')} from ${limited})`
}

/** A table's rows out of some of its files: columns that are younger than a file are null in it. */
export function selectFrom(
  paths: readonly string[],
  { schema }: TableVersion,
  definition: TableDefinition,
): string {
  const known = new Set(schema.fields.map(({ name }) => name))
  const columns = definition.columns.map(({ name, type }) =>
    known.has(name) ? identifier(name) : `null::${SQL_TYPE[type]} as ${identifier(name)}`,
  )
  return `select ${columns.join(', ')} from ${readParquet(paths, schema, definition)}`
}

async function fileCount(table: TableVersion): Promise<number> {
  const manifests = await table.manifests()
  return manifests.reduce((sum, { addedFiles, existingFiles }) => sum + addedFiles + existingFiles, 0)
}

/** From here on the engine reads below one folder, or nothing, and stays so. */
async function lockDown(engine: Engine, folder?: string): Promise<void> {
  if (folder !== undefined) await engine.run(`set allowed_directories = ${list([folder])}`)
  await engine.run('set enable_external_access = false')
  await engine.run('set lock_configuration = true')
}

/** An answer of an engine that has no lake: as of one that does, of no file and no version. */
export async function answerFrom(engine: Engine, select: string, close: () => void): Promise<Answer> {
  const result = await engine.stream(select)
  const blame = (thrown: unknown): Promise<never> => Promise.reject(thrown)
  return {
    columns: result.names,
    types: result.types,
    everything: false,
    rows: () => rowsOf(result, blame),
    chunks: () => chunksOf(result, blame),
    files: { read: 0, all: 0 },
    version: 0,
    close,
  }
}

async function* chunksOf(
  result: Streamed,
  blame: (thrown: unknown) => Promise<never>,
): AsyncGenerator<DuckDBDataChunk> {
  const chunks = result.chunks()
  try {
    for (;;) {
      const { value: chunk, done } = await chunks.next().catch(blame)
      if (done) return
      nameFields(chunk)
      yield chunk
    }
  } finally {
    await chunks.return(undefined)
  }
}

async function* rowsOf(
  result: Streamed,
  blame: (thrown: unknown) => Promise<never>,
): AsyncGenerator<DuckDBValue[]> {
  for await (const chunk of chunksOf(result, blame)) yield* chunk.getRows()
}
