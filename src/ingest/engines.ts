import { join } from 'node:path'
import { type Engine, openEngine } from '../lib/duckdb.ts'

/** One DuckDB engine with two more connections, for the steps that run while it stages. */
export interface Engines {
  engine: Engine
  /** Looks objects up in the ledger. */
  lookup: Engine
  /** Runs the queries of the commit. */
  committer: Engine
}

/** @param folder where DuckDB spills data that does not fit into memory */
export async function openEngines(
  threads: number,
  memory: string | undefined,
  folder: string,
): Promise<Engines> {
  const spill = join(folder, 'spill')
  const engine = await openEngine({ threads, memory: memory ?? '1GiB', spill, apart: true })
  // Each file is read once, so caching it would only take memory.
  await engine.run('set global enable_external_file_cache = false')
  return { engine, lookup: await engine.beside(), committer: await engine.beside() }
}

export function closeEngines({ engine, lookup, committer }: Engines): void {
  lookup.close()
  committer.close()
  engine.close()
}
