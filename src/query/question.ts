import { type DuckDBResult, type DuckDBValue, StatementType } from '@duckdb/node-api'
import type { Predicate } from '../lake/iceberg/index.ts'
import type { Lake } from '../lake/lake.ts'
import { readingFiles, readParquet } from '../lake/parquet.ts'
import { SQL_TYPE } from '../lake/table.ts'
import type { LakeVersion, TableVersion } from '../lake/version.ts'
import { type Engine, type EngineLimits, openEngine, type Values } from '../lib/duckdb.ts'
import { LakeError, sentence, UserError } from '../lib/errors.ts'
import { identifier, list } from '../lib/sql.ts'
import { ownViews } from './own-views.ts'
import { plannedScans } from './plan.ts'
import type { View } from './view.ts'
import { createViews, emptyTable } from './view-engine.ts'

/** An answer on its way: column names at once, rows as they come. */
export interface Answer {
  columns: string[]
  rows(): AsyncGenerator<DuckDBValue[]>
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
}

/** How questions are answered. */
export interface DeskOptions {
  limits?: EngineLimits
  /** What can be asked beside tables; loglake's own views by default. */
  views?: readonly View[]
}

/** Engines that stay open for many questions; any number may be under way at once. */
export interface Desk {
  /** Asks one question in SQL of one version of the lake. Close the answer when done with it. */
  ask(question: string, options?: AskOptions): Promise<Answer>
  close(): void
}

/** Asks one question. Close the answer when done with it. */
export async function ask(
  lake: Lake,
  question: string,
  { values, version, ...options }: AskOptions & DeskOptions = {},
): Promise<Answer> {
  const desk = await openDesk(lake, options)
  try {
    const answer = await desk.ask(question, {
      ...(values ? { values } : {}),
      ...(version ? { version } : {}),
    })
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

/** Opens the engines for questions to a lake: one that plans over empty tables, one that answers. */
export async function openDesk(lake: Lake, { limits, views = ownViews() }: DeskOptions = {}): Promise<Desk> {
  const planner = await openEngine({ threads: 1 })
  // The optimiser must not conclude from empty tables that nothing is asked for.
  await planner.run("set disabled_optimizers = 'statistics_propagation'")
  await lockDown(planner)
  const ordered = await createViews(planner, lake.tables.values(), views)
  const answerer = await openEngine(limits)
  await lockDown(answerer, lake.storage.localFolder)
  await createViews(answerer, lake.tables.values(), ordered)
  // Each question brings tables of its own, with the files that it needs.
  for (const name of lake.tables.keys()) await answerer.run(`drop table ${identifier(name)}`)

  return {
    async ask(question, { values, version } = {}) {
      const base = version ?? (await lake.newest())
      const statement = await checkStatement(planner, question)
      // An EXPLAIN cannot be explained: it is shown the plan over all files.
      const scans =
        statement === StatementType.EXPLAIN
          ? undefined
          : await plannedScans(planner, question, values).catch(blameQuestion)
      const engine = await answerer.beside()
      const local: string[] = []
      const close = () => {
        engine.close()
        lake.storage.release(local)
      }
      try {
        const all = await createTables(engine, lake, base, scans, local)
        const blame = (thrown: unknown) => blameFiles(engine, local, thrown)
        const result = await engine.stream(question, values).catch(blame)
        return {
          columns: result.deduplicatedColumnNames(),
          rows: () => rowsOf(result, blame),
          files: { read: local.length, all },
          version: base.number,
          close,
        }
      } catch (thrown) {
        close()
        throw thrown
      }
    },
    close() {
      planner.close()
      answerer.close()
    },
  }
}

type Scans = Map<string, Predicate[][]>

/** One statement that only reads: everything else is refused before it runs. */
async function checkStatement({ connection }: Engine, question: string): Promise<StatementType> {
  const statements = await connection.extractStatements(question).catch((thrown) => {
    // DuckDB says no more of a question that is all white space and comments.
    if (sentence(thrown) === 'Error in native callback')
      throw new UserError('the question holds no statement')
    return blameQuestion(thrown)
  })
  // DuckDB makes two statements of a PIVOT.
  const hint = /^\s*(pivot|unpivot)\b/i.test(question) ? ' (write PIVOT as: from (pivot … on … in (…)))' : ''
  if (statements.count !== 1)
    throw new UserError(`one statement at a time, please: these are ${statements.count}${hint}`)
  const { statementType } = await statements.prepare(0).catch(blameQuestion)
  if (statementType !== StatementType.SELECT && statementType !== StatementType.EXPLAIN) {
    throw new UserError(
      `the lake is only read here: a SELECT is wanted, not ${StatementType[statementType]}${hint}`,
    )
  }
  return statementType
}

function blameQuestion(thrown: unknown): never {
  throw new UserError(sentence(thrown), { cause: thrown })
}

/** A question that fails on its way is the asker's mistake, unless a file cannot be read or memory is short. */
async function blameFiles(engine: Engine, files: readonly string[], thrown: unknown): Promise<never> {
  const text = sentence(thrown)
  if (/^Out of Memory Error/.test(text)) {
    throw new LakeError('the question needs more memory than it may have', {
      file: files[0] ?? 'none',
      remedy: 'ask for less at a time, or raise query.memory in loglake.yaml',
      cause: thrown,
    })
  }
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
  base: LakeVersion,
  scans: Scans | undefined,
  local: string[],
): Promise<number> {
  let all = 0
  for (const definition of lake.tables.values()) {
    const table = await base.table(definition.name)
    const needed = new Map<string, number>()
    if (table) {
      const asked = scans ? (scans.get(definition.name) ?? []) : [[]]
      for (const predicates of asked) {
        for (const file of await table.files(predicates)) needed.set(table.keyOf(file.path), file.bytes)
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
    const known = new Set(table.schema.fields.map(({ name }) => name))
    const columns = definition.columns.map(({ name, type }) =>
      known.has(name) ? identifier(name) : `null::${SQL_TYPE[type]} as ${identifier(name)}`,
    )
    const files = readParquet(paths, table.schema, definition)
    await engine.run(
      `create temp view ${identifier(definition.name)} as select ${columns.join(', ')} from ${files}`,
    )
  }
  return all
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

async function* rowsOf(
  result: DuckDBResult,
  blame: (thrown: unknown) => Promise<never>,
): AsyncGenerator<DuckDBValue[]> {
  const next = () => result.fetchChunk().catch(blame)
  for (let chunk = await next(); chunk && chunk.rowCount > 0; chunk = await next()) {
    yield* chunk.getRows()
  }
}
