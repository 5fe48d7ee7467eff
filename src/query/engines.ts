import type { Lake } from '../lake/lake.ts'
import { limit } from '../lake/storage/lanes.ts'
import type { TableDefinition } from '../lake/table.ts'
import { type Engine, type EngineLimits, openEngine } from '../lib/duckdb.ts'
import { identifier, list } from '../lib/sql.ts'
import { createWords, needsWords } from './own-functions.ts'
import { EngineLost, isLost, renewable } from './renewable.ts'
import type { View } from './view.ts'
import { createViews } from './view-engine.ts'

/** Two engines with the same views: one plans questions over empty tables, the other answers them. */
export interface Engines {
  /**
   * Works on the planning engine, one after the other, as on one connection: DuckDB was seen to end with an
   * internal error when several connections planned at once. A step that was given up ends its turn.
   */
  inTurn<T>(work: (planner: Engine) => Promise<T>): Promise<T>
  planner(): Promise<Engine>
  answerer(): Promise<Engine>
  /** Creates Athena's functions in both, unless they are there. */
  addWords(): Promise<void>
  /**
   * Runs `work` with the engines there are. A fault of DuckDB throws an EngineLost, and the next question
   * gets new engines.
   *
   * @param work is given what turns such a fault into an EngineLost, for rows that are read later
   */
  untilLost<T>(work: (told: (thrown: unknown) => unknown) => Promise<T>): Promise<T>
  close(): void
}

/** What both engines have. */
interface Contents {
  lake: Lake
  tables: readonly TableDefinition[]
  views: readonly View[]
  limits: EngineLimits
}

export async function openEngines({ lake, tables, views, limits }: Contents): Promise<Engines> {
  let ordered: readonly View[] | undefined
  const wordsAtFirst = views.some((view) => needsWords(view.sql)) ? Promise.resolve() : undefined
  /** Undefined until a view or a question needs Athena's functions. */
  let words: Promise<unknown> | undefined = wordsAtFirst
  const planning = await renewable(async () => {
    const engine = await openEngine({ threads: 1 })
    // Without these settings, the optimiser would conclude from empty tables that no rows are needed, and
    // would read the rows of a LIMIT in a second scan of the whole table, which it does for its own tables
    // and not for files: no filter would be pushed down there.
    await engine.run("set disabled_optimizers = 'statistics_propagation,late_materialization'")
    await lockDown(engine)
    ordered = await createViews(engine, tables, ordered ?? views, ordered !== undefined)
    return engine
  })
  const answering = await renewable(async () => {
    const engine = await openEngine(limits)
    await lockDown(engine, lake.storage.localFolder)
    await createViews(engine, tables, ordered ?? views, true)
    // Each question creates its own tables, over the files that it needs.
    for (const { name } of tables) await engine.run(`drop table ${identifier(name)}`)
    return engine
  })
  const turns = limit(1)
  const inTurn: Engines['inTurn'] = (work) => turns(async () => work(await planning.get()))
  return {
    inTurn,
    planner: () => planning.get(),
    answerer: () => answering.get(),
    async addWords() {
      words ??= inTurn(async (planner) =>
        Promise.all([planner, await answering.get()].map((engine) => createWords(engine))),
      )
      await words
    },
    async untilLost(work) {
      const [planner, answerer] = [await planning.get(), await answering.get()]
      const told = (thrown: unknown): unknown => {
        if (!isLost(thrown)) return thrown
        answering.renew(answerer)
        // The new engine starts without the functions that questions added.
        if (planning.renew(planner)) words = wordsAtFirst
        return new EngineLost(
          'DuckDB could not go on with this question, and was started anew: ask it in another way',
          { cause: thrown },
        )
      }
      try {
        return await work(told)
      } catch (thrown) {
        throw told(thrown)
      }
    },
    close() {
      planning.close()
      answering.close()
    },
  }
}

/** From here on, the engine reads only below one folder, or nothing; this cannot be undone. */
async function lockDown(engine: Engine, folder?: string): Promise<void> {
  if (folder !== undefined) await engine.run(`set allowed_directories = ${list([folder])}`)
  await engine.run('set enable_external_access = false')
  await engine.run('set lock_configuration = true')
}
