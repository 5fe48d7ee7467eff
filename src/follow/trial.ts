import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { FollowerCursor, Position } from '../lake/changes.ts'
import type { Lake } from '../lake/lake.ts'
import { type Engine, openEngine } from '../lib/duckdb.ts'
import type { Changes, Follower, Work } from './contract.ts'
import type { FollowOptions } from './follow.ts'
import { addedItem, beforeItem, choose, openReading, type Span, wholeItem } from './read.ts'

export interface Tried {
  engine: Engine
  /** What a commit would have written. */
  work: Work
  /** Rows of the files that were read. */
  rows: number
}

/**
 * Lets a follower work on what the lake has, from its first row on, and commits nothing: what it would have made. The rows of a
 * turn can be asked for until the next one begins.
 */
export async function* trial(
  lake: Lake,
  follower: Follower,
  { limits, turnBytes = 256 << 20, span = {}, signal }: FollowOptions & { span?: Span } = {},
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
      const chosen = await choose(version, follower.tables, cursors, { mostBytes: turnBytes, span })
      if (chosen.files.size === 0) return
      const reading = openReading(lake)
      try {
        const added = new Map<string, Awaited<ReturnType<typeof addedItem>>>()
        for (const table of follower.tables)
          added.set(
            table.name,
            await addedItem(reading, version, table, chosen.files.get(table.name) ?? [], span),
          )
        const changes: Changes = {
          version,
          engine,
          added,
          end: chosen.end,
          part: async (table, files) => (await addedItem(reading, version, table, files, span)).rows,
          whole: (table, predicates = []) => wholeItem(reading, version, table, predicates),
          before: (table, predicates = []) =>
            beforeItem(reading, version, table, cursors.get(table.name), predicates),
          signal: signal ?? new AbortController().signal,
        }
        const work = await follower.work(changes)
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
