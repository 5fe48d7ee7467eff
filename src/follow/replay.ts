import type { TableChange } from '../lake/change.ts'
import { cursorKey, cursorText } from '../lake/changes.ts'
import type { Lake } from '../lake/lake.ts'
import { UserError } from '../lib/errors.ts'
import type { Follower } from './contract.ts'
import { register, replayKey } from './cursor.ts'
import { catchUp, type FollowOptions, type Turn } from './follow.ts'
import type { Span } from './read.ts'

const NAME = /^[a-z][a-z0-9_-]{0,62}$/

/** @throws UserError when cursors cannot be kept under this name */
function checkName(name: string): void {
  if (!NAME.test(name))
    throw new UserError(`a follower's name has small letters, digits, - and _, a letter first, not "${name}"`)
}

/**
 * Runs a follower again over the rows that are in the lake now, all or those of a span, under a new name. It
 * has cursors of its own: an interrupted replay continues when it is called again with the same name and
 * span. At its end, no files are kept for it.
 */
export async function replay(
  lake: Lake,
  follower: Follower,
  { as, span = {}, ...options }: FollowOptions & { as: string },
): Promise<Turn[]> {
  if (follower.again !== 'replay')
    throw new UserError(`the rows of ${follower.name} would count double: rebuild it instead (--rebuild)`)
  checkName(as)
  const version = await lake.newest()
  const facts = replayText(follower.name, span)
  const known = version.catalog.cursors[replayKey(as)]
  if (known !== undefined && known !== facts)
    throw new UserError(`${as} is another replay already (${known}): choose another name`)
  const tables = follower.tables.map(({ name }) => name)
  const taken = tables.some((table) => version.catalog.cursors[cursorKey(as, table)] !== undefined)
  if (known === undefined && taken) throw new UserError(`a follower is called ${as}: choose another name`)
  const until: Record<string, number> = {}
  for (const table of tables) until[table] = (await version.table(table))?.sequence ?? 0
  await register(lake, as, tables, { until, facts: { [replayKey(as)]: facts } })
  return await catchUp(lake, follower.replayed ?? follower, { ...options, as, span })
}

function replayText(of: string, { since, until }: Span): string {
  const from = since === undefined ? '' : ` since=${since}`
  const to = until === undefined ? '' : ` until=${until}`
  return `of=${of}${from}${to}`
}

/**
 * Empties a follower's tables and moves its cursors before the first row, in one commit. Its next turns fill
 * the tables again.
 */
export async function startAnew(lake: Lake, follower: Follower): Promise<void> {
  if (follower.again !== 'rebuild')
    throw new UserError(`${follower.name} shares its tables with others: replay it under a new name (--as)`)
  await lake.commit(`rebuild ${follower.name}`, async (base) => {
    const tables: Record<string, TableChange> = {}
    for (const { name } of follower.writes) {
      const remove = (await (await base.table(name))?.files()) ?? []
      if (remove.length > 0) tables[name] = { remove }
    }
    return { tables, cursors: cursorsAt(follower, () => 0) }
  })
}

/** Skips the rows that a follower has not read: it continues with those that are added from now on. */
export async function startFromNow(lake: Lake, follower: Follower): Promise<void> {
  await lake.commit(`follow ${follower.name}`, async (base) => {
    const newest = new Map<string, number>()
    for (const { name } of follower.tables) newest.set(name, (await base.table(name))?.sequence ?? 0)
    return { tables: {}, cursors: cursorsAt(follower, (table) => newest.get(table) ?? 0) }
  })
}

function cursorsAt(
  { name, tables }: Follower,
  sequenceOf: (table: string) => number,
): Record<string, string> {
  const seen = new Date().toISOString()
  const entries = tables.map(({ name: table }) => [
    cursorKey(name, table),
    cursorText({ sequence: sequenceOf(table), state: 'following', seen }),
  ])
  return Object.fromEntries(entries)
}
