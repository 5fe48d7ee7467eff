import { type AddedFile, added, type FollowerCursor, unread } from '../lake/changes.ts'
import type { DataFile, Predicate } from '../lake/iceberg/index.ts'
import type { Lake } from '../lake/lake.ts'
import { readParquet } from '../lake/parquet.ts'
import { allDone } from '../lake/storage/lanes.ts'
import { type AppendedTable, SQL_TYPE, type TableDefinition } from '../lake/table.ts'
import { type LakeVersion, rowsIn, type TableVersion } from '../lake/version.ts'
import { identifier, literal } from '../lib/sql.ts'
import type { Added, Changes, Cursor, Follower } from './contract.ts'
import type { Cursors } from './cursor.ts'

/** Only rows whose time lies in it: `[since, until)`, as ISO times. */
export interface Span {
  since?: string | undefined
  until?: string | undefined
}

/** The files of one turn, by table, and where they end. */
export interface Chosen {
  files: ReadonlyMap<string, readonly AddedFile[]>
  end: Cursor
  /** Whether there are more new files than fit into the turn. */
  more: boolean
}

/**
 * Chooses the oldest new files of each table, up to a sum of bytes but at least one, so that the memory of a
 * turn does not grow with the time that a follower slept.
 */
export async function choose(
  version: LakeVersion,
  tables: readonly AppendedTable[],
  cursors: Cursors,
  { maxBytes, span }: { maxBytes: number; span: Span },
): Promise<Chosen> {
  const files = new Map<string, readonly AddedFile[]>()
  const end: Record<string, Cursor[string]> = {}
  let more = false
  let left = maxBytes
  for (const table of tables) {
    const cursor = cursors.get(table.name)
    if (cursor?.state !== 'following') continue
    const all = await added(version, table, cursor, conditionsOf(table, span))
    const found = all.filter(({ sequence }) => sequence <= (cursor.until ?? sequence))
    const taken: AddedFile[] = []
    for (const one of found) {
      if (one.file.bytes > left && (taken.length > 0 || files.size > 0)) break
      taken.push(one)
      left -= one.file.bytes
    }
    more ||= taken.length < found.length
    const last = taken.at(-1)
    if (!last) continue
    files.set(table.name, taken)
    end[table.name] = last.position
  }
  return { files, end, more }
}

/** Makes FROM items of data files; `close` releases their local copies. */
export interface Reading {
  /** An item without rows when the lake has no such table, or when there are no files. */
  from(
    definition: TableDefinition,
    table: TableVersion | undefined,
    files: readonly DataFile[],
    span?: Span,
  ): Promise<string>
  close(): void
}

export function openReading({ storage }: Lake): Reading {
  const locals: string[] = []
  return {
    async from(definition, table, files, span = {}) {
      if (!table || files.length === 0) return `(select ${nulls(definition).join(', ')} where false)`
      const paths = await allDone(
        files.map(async ({ path, bytes }) => {
          const local = await storage.local(table.keyOf(path), bytes)
          locals.push(local)
          return local
        }),
      )
      const known = new Set(table.schema.fields.map(({ name }) => name))
      const columns = definition.columns.map(({ name }, at) =>
        known.has(name) ? identifier(name) : (nulls(definition)[at] as string),
      )
      const rows = readParquet(paths, table.schema, definition, rowsIn(files))
      return `(select ${columns.join(', ')} from ${rows}${within(definition, span)})`
    },
    close: () => storage.release(locals),
  }
}

function nulls({ columns }: TableDefinition): string[] {
  return columns.map(({ name, type }) => `null::${SQL_TYPE[type]} as ${identifier(name)}`)
}

/** The conditions of a span on the time of a table's rows; a table without a time is read whole. */
function conditionsOf({ time: column }: TableDefinition, { since, until }: Span) {
  if (column === undefined) return []
  return [
    ...(since === undefined ? [] : [{ column, op: '>=' as const, value: since }]),
    ...(until === undefined ? [] : [{ column, op: '<' as const, value: until }]),
  ] satisfies Predicate[]
}

function within(table: TableDefinition, span: Span): string {
  const conditions = conditionsOf(table, span).map(
    ({ column, op, value }) => `${identifier(column)} ${op} ${literal(value)}::timestamptz`,
  )
  return conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`
}

/** What a follower works on in one turn. */
export async function changesOf(
  { tables }: Pick<Follower, 'tables'>,
  {
    reading,
    version,
    chosen,
    cursors,
    span,
    ...rest
  }: Pick<Changes, 'version' | 'engine' | 'signal'> & {
    reading: Reading
    chosen: Chosen
    cursors: ReadonlyMap<string, FollowerCursor>
    span: Span
  },
): Promise<Changes> {
  const part = (table: AppendedTable, files: readonly AddedFile[]) =>
    addedItem(reading, version, table, files, span)
  const added = new Map<string, Added>()
  for (const table of tables) added.set(table.name, await part(table, chosen.files.get(table.name) ?? []))
  return {
    ...rest,
    version,
    added,
    end: chosen.end,
    part: async (table, files) => (await part(table, files)).rows,
    whole: (table, predicates = []) => wholeItem(reading, version, table, predicates),
    before: (table, predicates = []) =>
      beforeItem(reading, version, table, cursors.get(table.name), predicates, span),
  }
}

async function addedItem(
  reading: Reading,
  version: LakeVersion,
  table: AppendedTable,
  files: readonly AddedFile[],
  span: Span,
): Promise<Added> {
  const opened = await version.table(table.name)
  const data = files.map(({ file }) => file)
  return { files, rows: await reading.from(table, opened, data, span) }
}

async function wholeItem(
  reading: Reading,
  version: LakeVersion,
  table: TableDefinition,
  predicates: readonly Predicate[],
): Promise<string> {
  const opened = await version.table(table.name)
  return await reading.from(table, opened, (await opened?.files([...predicates])) ?? [])
}

/**
 * The rows that lie at or before a follower's cursor. In a replay of a span, the rows before the span's
 * beginning are earlier ones, too, wherever the cursor is: without them, a replay would know no history, and
 * count what began earlier as new.
 */
async function beforeItem(
  reading: Reading,
  version: LakeVersion,
  table: AppendedTable,
  cursor: Cursor[string] | undefined,
  predicates: readonly Predicate[],
  { since }: Span,
): Promise<string> {
  const opened = await version.table(table.name)
  if (!opened || !cursor) return await reading.from(table, undefined, [])
  const ahead = new Set((await unread(opened, cursor)).map(({ file }) => file.path))
  const all = await opened.files([...predicates])
  const read = await reading.from(
    table,
    opened,
    all.filter(({ path }) => !ahead.has(path)),
  )
  if (since === undefined || table.time === undefined) return read
  const older = await opened.files([...predicates, ...conditionsOf(table, { until: since })])
  const unreadOlder = older.filter(({ path }) => ahead.has(path))
  if (unreadOlder.length === 0) return read
  return `(select * from ${read} union all select * from ${await reading.from(table, opened, unreadOlder, { until: since })})`
}
