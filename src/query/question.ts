import { type DuckDBResult, type DuckDBValue, StatementType } from '@duckdb/node-api'
import type { Predicate } from '../lake/iceberg/index.ts'
import type { Lake } from '../lake/lake.ts'
import { readParquet } from '../lake/parquet.ts'
import { SQL_TYPE, type TableDefinition } from '../lake/table.ts'
import type { LakeVersion, TableVersion } from '../lake/version.ts'
import { type Engine, type EngineLimits, openEngine } from '../lib/duckdb.ts'
import { UserError } from '../lib/errors.ts'
import { identifier, list } from '../lib/sql.ts'
import { plannedScans } from './plan.ts'

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

/** Asks one question in SQL of one version of the lake. Close the answer when done with it. */
export async function ask(
  lake: Lake,
  question: string,
  { values, limits, version }: { values?: DuckDBValue[]; limits?: EngineLimits; version?: LakeVersion } = {},
): Promise<Answer> {
  const base = version ?? (await lake.newest())
  const scans = await planQuestion(lake, question, values !== undefined)
  const engine = await openEngine(limits)
  try {
    const files = await createTables(engine, lake, base, scans)
    await lockDown(engine, files.local)
    const result = await engine.stream(question, values).catch(blameQuestion)
    return {
      columns: result.deduplicatedColumnNames(),
      rows: () => rowsOf(result),
      files: { read: files.local.length, all: files.all },
      version: base.number,
      close: () => engine.close(),
    }
  } catch (thrown) {
    engine.close()
    throw thrown
  }
}

/** What of each table a question can need; undefined when that is not known before its parameters are. */
async function planQuestion(lake: Lake, question: string, parameters: boolean): Promise<Scans | undefined> {
  const engine = await openEngine({ threads: 1 })
  try {
    for (const table of lake.tables.values()) await engine.run(emptyTable(table))
    // The optimiser must not conclude from empty tables that nothing is asked for.
    await engine.run("set disabled_optimizers = 'statistics_propagation'")
    await lockDown(engine, [])
    await checkStatement(engine, question)
    return parameters ? undefined : await plannedScans(engine, question).catch(blameQuestion)
  } finally {
    engine.close()
  }
}

type Scans = Map<string, Predicate[][]>

function emptyTable({ name, columns }: TableDefinition): string {
  const fields = columns.map((column) => `${identifier(column.name)} ${SQL_TYPE[column.type]}`)
  return `create table ${identifier(name)} (${fields.join(', ')})`
}

/** One statement that only reads: everything else is refused before it runs. */
async function checkStatement({ connection }: Engine, question: string): Promise<void> {
  const statements = await connection.extractStatements(question).catch(blameQuestion)
  if (statements.count !== 1)
    throw new UserError(`one statement at a time, please: these are ${statements.count}`)
  const { statementType } = await statements.prepare(0).catch(blameQuestion)
  if (statementType !== StatementType.SELECT && statementType !== StatementType.EXPLAIN) {
    const hint = /^\s*(pivot|unpivot)\b/i.test(question) ? ' (write PIVOT as: from (pivot …))' : ''
    throw new UserError(
      `the lake is only read here: a SELECT is wanted, not ${StatementType[statementType]}${hint}`,
    )
  }
}

function blameQuestion(thrown: unknown): never {
  throw new UserError((thrown as Error).message, { cause: thrown })
}

/** Each table becomes a view over the files that the question needs, or an empty table. */
async function createTables(
  engine: Engine,
  lake: Lake,
  base: LakeVersion,
  scans: Scans | undefined,
): Promise<{ local: string[]; all: number }> {
  const local: string[] = []
  let all = 0
  for (const definition of lake.tables.values()) {
    const table = await base.table(definition.name)
    const needed = new Set<string>()
    if (table) {
      const asked = scans ? (scans.get(definition.name) ?? []) : [[]]
      for (const predicates of asked) {
        for (const file of await table.files(predicates))
          needed.add(await lake.storage.local(table.keyOf(file.path)))
      }
      if (asked.length > 0) all += await fileCount(table)
    }
    if (!table || needed.size === 0) {
      await engine.run(emptyTable(definition))
      continue
    }
    local.push(...needed)
    const known = new Set(table.schema.fields.map(({ name }) => name))
    const columns = definition.columns.map(({ name, type }) =>
      known.has(name) ? identifier(name) : `null::${SQL_TYPE[type]} as ${identifier(name)}`,
    )
    const files = readParquet([...needed], table.schema, definition)
    await engine.run(
      `create view ${identifier(definition.name)} as select ${columns.join(', ')} from ${files}`,
    )
  }
  return { local, all }
}

async function fileCount(table: TableVersion): Promise<number> {
  const manifests = await table.manifests()
  return manifests.reduce((sum, { addedFiles, existingFiles }) => sum + addedFiles + existingFiles, 0)
}

/** From here on the engine sees the files of the answer and nothing else, and stays so. */
async function lockDown(engine: Engine, files: readonly string[]): Promise<void> {
  await engine.run(`set allowed_paths = ${list(files)}`)
  await engine.run('set enable_external_access = false')
  await engine.run('set lock_configuration = true')
}

async function* rowsOf(result: DuckDBResult): AsyncGenerator<DuckDBValue[]> {
  for (
    let chunk = await result.fetchChunk();
    chunk && chunk.rowCount > 0;
    chunk = await result.fetchChunk()
  ) {
    yield* chunk.getRows()
  }
}
