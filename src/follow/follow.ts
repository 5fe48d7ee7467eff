/**
 * A follower's turn: reading the rows added since its cursors, its work on them, and one commit of its rows
 * and cursors.
 *
 * A turn that ends before its commit has changed nothing, and the next turn does the same work again. A turn
 * that has committed has moved the cursors, so the follower never reads the same rows again. If two processes
 * run the same follower, one commits first; the other finds that the cursors have moved, drops its rows, and
 * starts its next turn at the new position.
 */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Lake } from '../lake/lake.ts'
import { DAY_MS } from '../lib/day.ts'
import { type Engine, type EngineLimits, openEngine } from '../lib/duckdb.ts'
import type { Follower, Work } from './contract.ts'
import { type Cursors, checkState, cursorsOf, markDone, movedTo, register, unmoved } from './cursor.ts'
import { type Chosen, changesOf, choose, openReading, type Span } from './read.ts'
import { commitResults, stageResults } from './results.ts'
import { faultPoint } from './steps.ts'

export interface FollowOptions {
  limits?: EngineLimits
  /** Most bytes of files that are read in a turn; a file that is larger is read alone. */
  turnBytes?: number
  /** The name of its cursors; by default the follower's own name. */
  as?: string
  /** For a replay: the time of the rows that it reads. */
  span?: Span
  signal?: AbortSignal | undefined
  onTurn?(turn: Turn): void
}

export interface Turn {
  /**
   * - `committed`: rows and cursors are in the lake.
   * - `idle`: there was nothing new.
   * - `lost`: another process was first, or files were removed meanwhile; the rows are dropped.
   * - `done`: a replay has reached its end.
   */
  outcome: 'committed' | 'idle' | 'lost' | 'done'
  /** Read in this turn. */
  files: number
  rows: number
  bytes: number
  /** Rows that were added to the follower's tables, and by table. */
  written: number
  tables: Readonly<Record<string, number>>
  /** Whether there are more new files than one turn may read. */
  more: boolean
}

/** A follower with an engine and a folder for its turns. */
export interface Following {
  turn(): Promise<Turn>
  close(): Promise<void>
}

/** The default of `turnBytes`. */
export const TURN_BYTES = 256 << 20
/** Time after which a follower that finds nothing new commits a sign of life. */
const SEEN_MS = DAY_MS

export async function openFollowing(
  lake: Lake,
  follower: Follower,
  options: FollowOptions = {},
): Promise<Following> {
  const place = await lake.storage.workplace()
  const engine = await openEngine({ memory: '256MiB', spill: join(place, 'spill'), ...options.limits })
  return {
    turn: () => turn(lake, follower, engine, place, options),
    async close() {
      engine.close()
      await rm(place, { recursive: true, force: true })
    },
  }
}

/** Runs turns until there is nothing new, or `signal` is aborted. */
export async function catchUp(lake: Lake, follower: Follower, options: FollowOptions = {}): Promise<Turn[]> {
  const following = await openFollowing(lake, follower, options)
  const turns: Turn[] = []
  try {
    while (!options.signal?.aborted) {
      const done = await following.turn()
      options.onTurn?.(done)
      if (done.outcome === 'idle' || done.outcome === 'done') break
      turns.push(done)
    }
  } finally {
    await following.close()
  }
  return turns
}

const NOTHING = { files: 0, rows: 0, bytes: 0, written: 0, tables: {}, more: false }

async function turn(
  lake: Lake,
  follower: Follower,
  engine: Engine,
  place: string,
  {
    as: name = follower.name,
    turnBytes = TURN_BYTES,
    span = {},
    signal = new AbortController().signal,
  }: FollowOptions,
): Promise<Turn> {
  const since = Date.now()
  const tables = follower.tables.map((table) => table.name)
  let version = await lake.newest()
  let cursors = cursorsOf(version, name, tables)
  if (cursors.size < tables.length) {
    await register(lake, name, tables)
    version = await lake.newest()
    cursors = cursorsOf(version, name, tables)
  }
  if (checkState(name, cursors) === 'done') return { outcome: 'done', ...NOTHING }
  const chosen = await choose(version, follower.tables, cursors, { maxBytes: turnBytes, span })
  if (chosen.files.size === 0) return { outcome: await nothingNew(lake, name, cursors), ...NOTHING }
  const reading = openReading(lake)
  try {
    const given = { reading, version, engine, chosen, cursors, span, signal }
    const changes = await changesOf(follower, given)
    faultPoint('changes-read')
    const work = await follower.work(changes)
    checkWork(follower, chosen, work)
    const results = await stageResults(lake, engine, follower, version, work.rows, place)
    faultPoint('results-staged')
    const change = { name, since, cursors, read: chosen.files, to: work.cursor }
    const alone = follower.exclusive ? { writes: follower.writes, version } : undefined
    const outcome = (await commitResults(lake, results, change, alone)) ? 'committed' : 'lost'
    const files = [...chosen.files.values()].flat()
    const sum = (of: 'records' | 'bytes') => files.reduce((total, { file }) => total + file[of], 0)
    const written = results.reduce((total, { staged }) => total + staged.rows, 0)
    const tables: Record<string, number> = {}
    for (const { table, staged } of results) tables[table.name] = (tables[table.name] ?? 0) + staged.rows
    const { more } = chosen
    return {
      outcome,
      files: files.length,
      rows: sum('records'),
      bytes: sum('bytes'),
      written,
      tables,
      more,
    }
  } finally {
    reading.close()
  }
}

async function nothingNew(lake: Lake, name: string, cursors: Cursors): Promise<'idle' | 'done'> {
  if ([...cursors.values()].every(({ until }) => until !== undefined)) {
    await markDone(lake, name)
    return 'done'
  }
  await sayThere(lake, name, cursors)
  return 'idle'
}

/**
 * Commits, from time to time, that a follower without anything to read is alive, so that it is not let go.
 */
async function sayThere(lake: Lake, name: string, cursors: Cursors): Promise<void> {
  const seen = Math.min(...[...cursors.values()].map((cursor) => Date.parse(cursor.seen)))
  if (Date.now() - seen < SEEN_MS) return
  await lake.commit(`follow ${name}`, async (base) => {
    const current = cursorsOf(base, name, [...cursors.keys()])
    return unmoved(cursors, current) ? { tables: {}, cursors: movedTo(name, current, {}) } : undefined
  })
}

/** Checks a follower's result: a cursor beyond the files of the turn would lose rows. */
function checkWork({ name, writes }: Follower, { files }: Chosen, { rows, cursor }: Work): void {
  for (const table of Object.keys(rows))
    if (!writes.some((one) => one.name === table))
      throw new Error(`the follower ${name} makes rows of ${table}, which is none of its tables`)
  for (const [table, position] of Object.entries(cursor)) {
    const known = files
      .get(table)
      ?.some(({ position: one }) => one.sequence === position.sequence && one.file === position.file)
    if (!known)
      throw new Error(`the follower ${name} says it has read ${table} up to a file that it was not given`)
  }
}
