import { join } from 'node:path'
import { type Engine, openEngine } from '../lib/duckdb.ts'

/** One engine of DuckDB, and two more connections to it for the steps that work while it stages. */
export interface Engines {
  engine: Engine
  /** Looks objects up in the ledger. */
  lookup: Engine
  /** Works on the commit. */
  settler: Engine
}

/** @param folder where what does not fit into memory may spill */
export async function openEngines(
  threads: number,
  memory: string | undefined,
  folder: string,
): Promise<Engines> {
  const spill = join(folder, 'spill')
  const engine = await openEngine({ threads, memory: memory ?? '1GiB', spill, apart: true })
  // Files that are read once need not be kept in memory.
  await engine.run('set global enable_external_file_cache = false')
  return { engine, lookup: await engine.beside(), settler: await engine.beside() }
}

export function closeEngines({ engine, lookup, settler }: Engines): void {
  lookup.close()
  settler.close()
  engine.close()
}
