import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { FollowerCursor, Position } from '../lake/changes.ts'
import type { Lake } from '../lake/lake.ts'
import { type Engine, openEngine } from '../lib/duckdb.ts'
import type { Follower, Work } from './contract.ts'
import { type FollowOptions, TURN_BYTES } from './follow.ts'
import { changesOf, choose, openReading } from './read.ts'

export interface Tried {
  engine: Engine
  /** What a commit would have written. */
  work: Work
  /** Rows of the files that were read. */
  rows: number
}

/**
 * Runs a follower over all rows of the lake without a commit, to show what it would write. The rows of a turn
 * can be read until the next turn begins.
 */
export async function* trial(
  lake: Lake,
  follower: Follower,
  { limits, turnBytes = TURN_BYTES, span = {}, signal = new AbortController().signal }: FollowOptions = {},
): AsyncGenerator<Tried> {
  const place = await lake.storage.workplace()
  const engine = await openEngine({ memory: '256MiB', spill: join(place, 'spill'), ...limits })
  const version = await lake.newest()
  let at: Readonly<Record<string, Position>> = {}
  try {
    for (let more = true; more; ) {
      const cursors = new Map(
        follower.tables.map(({ name }): [string, FollowerCursor] => [
          name,
          { sequence: 0, ...at[name], state: 'following', seen: '' },
        ]),
      )
      const chosen = await choose(version, follower.tables, cursors, { maxBytes: turnBytes, span })
      if (chosen.files.size === 0) return
      const reading = openReading(lake)
      try {
        const given = { reading, version, engine, chosen, cursors, span, signal }
        const work = await follower.work(await changesOf(follower, given))
        const files = [...chosen.files.values()].flat()
        yield { engine, work, rows: files.reduce((sum, { file }) => sum + file.records, 0) }
      } finally {
        reading.close()
      }
      at = { ...at, ...chosen.end }
      more = chosen.more
    }
  } finally {
    engine.close()
    await rm(place, { recursive: true, force: true })
  }
}
