import {
  cursorKey,
  cursorText,
  type FollowerCursor,
  followerCursors,
  type Position,
  parseCursor,
  unread,
} from '../lake/changes.ts'
import type { Lake } from '../lake/lake.ts'
import type { LakeVersion } from '../lake/version.ts'
import { UserError } from '../lib/errors.ts'
import type { Cursor } from './contract.ts'
import { faultPoint } from './steps.ts'

/** The cursors of one follower, by table. */
export type Cursors = ReadonlyMap<string, FollowerCursor>

/** A follower's cursors in these tables; a table without a cursor is not in the map. */
export function cursorsOf({ catalog }: LakeVersion, name: string, tables: readonly string[]): Cursors {
  const found = tables.flatMap((table) => {
    const text = catalog.cursors[cursorKey(name, table)]
    return text === undefined ? [] : [[table, parseCursor(text)] as const]
  })
  return new Map(found)
}

export interface Beginning {
  /** By table, the position where it begins; by default before the first row. */
  from?: Cursor
  /** By table, the sequence number that a replay ends with. */
  until?: Readonly<Record<string, number>>
  /** Other catalog entries of the same commit. */
  facts?: Readonly<Record<string, string>>
}

/**
 * Gives a follower the cursors that it lacks, in a commit of its own: from then on, compaction does not merge
 * files that it has not read. So it must read from a version after this commit.
 */
export async function register(
  lake: Lake,
  name: string,
  tables: readonly string[],
  { from = {}, until = {}, facts = {} }: Beginning = {},
): Promise<void> {
  await lake.commit(`follow ${name}`, async (base) => {
    const known = cursorsOf(base, name, tables)
    const lacking = tables.filter((table) => !known.has(table))
    if (lacking.length === 0) return undefined
    const cursors = lacking.map((table) => {
      const end = until[table]
      const cursor = { sequence: 0, ...from[table], ...(end === undefined ? {} : { until: end }) }
      return [cursorKey(name, table), cursorText({ ...cursor, state: 'following', seen: now() })]
    })
    return { tables: {}, cursors: { ...Object.fromEntries(cursors), ...facts } }
  })
  faultPoint('follower-registered')
}

/** The catalog entries that move a follower's cursors and record the time. */
export function movedTo(name: string, cursors: Cursors, to: Cursor): Record<string, string> {
  const entries = [...cursors].map(([table, cursor]) => {
    const { file: _, ...rest } = cursor
    const next: FollowerCursor = { ...rest, ...(to[table] ?? cursor), seen: now() }
    return [cursorKey(name, table), cursorText(next)]
  })
  return Object.fromEntries(entries)
}

/** Whether cursors have not moved; if they have, another process was first, or the follower was let go. */
export function unmoved(before: Cursors, now: Cursors): boolean {
  return [...before].every(([table, cursor]) => {
    const other = now.get(table)
    return other !== undefined && other.state === cursor.state && samePosition(other, cursor)
  })
}

function samePosition(one: Position, other: Position): boolean {
  return one.sequence === other.sequence && one.file === other.file
}

/**
 * Lets a follower go: no files are kept for it, and it stays stopped until an operator says how it continues.
 */
export async function letGo(lake: Lake, name: string): Promise<void> {
  await endWith(lake, [name], 'let-go')
}

export async function markDone(lake: Lake, name: string): Promise<void> {
  await endWith(lake, [name], 'done')
}

/**
 * @param when whether a follower with these cursors is ended: asked again whenever another writer was first
 * @returns the names of those that were ended
 */
async function endWith(
  lake: Lake,
  names: readonly string[],
  state: 'let-go' | 'done',
  when: (cursors: readonly FollowerCursor[]) => boolean = () => true,
): Promise<string[]> {
  let ended: string[] = []
  await lake.commit(`${state} ${names.join(' ')}`, async (base) => {
    const following = followerCursors(base.catalog).filter(({ cursor }) => cursor.state === 'following')
    ended = names.filter((name) => {
      const cursors = following.filter(({ follower }) => follower === name).map(({ cursor }) => cursor)
      return cursors.length > 0 && when(cursors)
    })
    if (ended.length === 0) return undefined
    const cursors = following
      .filter(({ follower }) => ended.includes(follower))
      .map(({ follower, table, cursor }) => [cursorKey(follower, table), cursorText({ ...cursor, state })])
    return { tables: {}, cursors: Object.fromEntries(cursors) }
  })
  return ended
}

/** Removes all cursors of a follower. False when it has none. */
export async function forget(lake: Lake, name: string): Promise<boolean> {
  const { changed } = await lake.commit(`forget ${name}`, async (base) => {
    const keys = Object.keys(base.catalog.cursors).filter(
      (key) => key.startsWith(cursorKey(name, '')) || key === replayKey(name),
    )
    if (keys.length === 0) return undefined
    return { tables: {}, cursors: Object.fromEntries(keys.map((key) => [key, null])) }
  })
  return changed
}

/**
 * Lets go of the followers that have something to read and were last seen longer ago than `maxMs`. A follower
 * that still runs, but no longer reads one of its tables, only loses its cursor in that table; if it reads
 * the table again, it starts at the first row.
 *
 * @returns the names of those that were let go
 */
export async function letGoOfStale(lake: Lake, maxMs: number, nowMs = Date.now()): Promise<string[]> {
  const version = await lake.newest()
  const all = followerCursors(version.catalog).filter(({ cursor }) => cursor.state === 'following')
  const isOld = (seen: string) => nowMs - Date.parse(seen) > maxMs
  const active = new Set(all.filter(({ cursor }) => !isOld(cursor.seen)).map(({ follower }) => follower))
  const stale = new Set<string>()
  const ended: string[] = []
  for (const { follower, table, cursor } of all) {
    if (!isOld(cursor.seen)) continue
    const opened = await version.table(table)
    if (!opened || (await unread(opened, cursor)).length === 0) continue
    if (active.has(follower)) ended.push(cursorKey(follower, table))
    else stale.add(follower)
  }
  if (ended.length > 0) await endCursors(lake, ended, isOld)
  if (stale.size === 0) return []
  // One that has committed since we looked is not let go.
  return await endWith(lake, [...stale], 'let-go', (cursors) => cursors.every(({ seen }) => isOld(seen)))
}

async function endCursors(
  lake: Lake,
  keys: readonly string[],
  isOld: (seen: string) => boolean,
): Promise<void> {
  await lake.commit('end cursors', async ({ catalog }) => {
    const old = keys.filter((key) => {
      const text = catalog.cursors[key]
      return text !== undefined && isOld(parseCursor(text).seen)
    })
    return old.length === 0
      ? undefined
      : { tables: {}, cursors: Object.fromEntries(old.map((key) => [key, null])) }
  })
}

/** @throws UserError when its cursors say that it must not go on */
export function checkState(name: string, cursors: Cursors): 'following' | 'done' {
  const states = [...cursors.values()].map(({ state }) => state)
  if (states.includes('let-go')) {
    throw new UserError(
      `the follower ${name} was let go: \`loglake follow ${name} --rebuild\` or \`--from-now\` takes it up again`,
    )
  }
  return states.length > 0 && states.every((state) => state === 'done') ? 'done' : 'following'
}

/** The catalog's cursor that says what a replay is of. */
export function replayKey(name: string): string {
  return `follower/${name}`
}

function now(): string {
  return new Date().toISOString()
}
