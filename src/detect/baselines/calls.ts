import type { Changes } from '../../follow/contract.ts'
import { sql } from '../../lib/sql.ts'
import type { Round } from './contract.ts'

const FILE = new URL('../sql/baseline-calls.sql', import.meta.url)
const counted = new WeakSet<Changes>()

/** Creates the temporary table `baselines_calls` of a turn; the first part that needs it calls this. */
export async function countCalls({ changes, engine, rows }: Round): Promise<void> {
  if (counted.has(changes)) return
  await engine.run(sql(FILE, { rows }))
  counted.add(changes)
}
