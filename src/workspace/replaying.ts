import type { Chosen, ReplayOptions } from '../ingest/replay-rejects.ts'
import type { RejectsReplayed } from '../ledger/replayed.ts'
import { ingestSettings } from './ingesting.ts'
import type { Opened } from './open.ts'

/** Reads rejects again with the workspace's log types and settings: for the command, and for the server. */
export async function replayIn(
  opened: Opened,
  chosen: Chosen,
  options: Pick<ReplayOptions, 'dryRun' | 'onReplay'>,
): Promise<RejectsReplayed> {
  // It brings the half of the program that ingests, which no other command that reads needs.
  const { replayRejects } = await import('../ingest/replay-rejects.ts')
  const { wanted: _, ...settings } = ingestSettings(opened)
  return await replayRejects(opened.lake, chosen, { ...settings, ...options })
}
