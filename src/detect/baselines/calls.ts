import type { Changes } from '../../follow/contract.ts'
import { sql } from '../../lib/sql.ts'
import type { Round } from './contract.ts'

const FILE = new URL('../sql/baseline-calls.sql', import.meta.url)
const counted = new WeakSet<Changes>()

/** Makes the temporary table `baselines_calls` of a turn, for whichever part asks first. */
export async function countCalls({ changes, engine, rows }: Round): Promise<void> {
  if (counted.has(changes)) return
  await engine.run(sql(FILE, { rows }))
  counted.add(changes)
}
