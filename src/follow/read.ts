import { type AddedFile, added, unread } from '../lake/changes.ts'
import type { DataFile, Predicate } from '../lake/iceberg/index.ts'
import type { Lake } from '../lake/lake.ts'
import { readParquet } from '../lake/parquet.ts'
import { type AppendedTable, SQL_TYPE, type TableDefinition } from '../lake/table.ts'
import type { LakeVersion, TableVersion } from '../lake/version.ts'
import { identifier, literal } from '../lib/sql.ts'
import type { Added, Cursor } from './contract.ts'
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
  /** Whether there is more than fits into the turn. */
  more: boolean
}

/**
 * Chooses the oldest new files of each table up to a sum of bytes, so that a turn needs no more memory the longer a
 * follower has slept; one file at least.
 */
export async function choose(
  version: LakeVersion,
  tables: readonly AppendedTable[],
  cursors: Cursors,
  { mostBytes, span }: { mostBytes: number; span: Span },
): Promise<Chosen> {
  const files = new Map<string, readonly AddedFile[]>()
  const end: Record<string, Cursor[string]> = {}
  let more = false
  let left = mostBytes
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

/** Makes FROM items of files of the lake; `close` gives up their local copies. */
export interface Reading {
  /** Of a table that the lake does not have, or of no files, an item without rows. */
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
      const paths = await Promise.all(
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
      const rows = readParquet(paths, table.schema, definition)
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

export async function addedItem(
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

export async function wholeItem(
  reading: Reading,
  version: LakeVersion,
  table: TableDefinition,
  predicates: readonly Predicate[],
): Promise<string> {
  const opened = await version.table(table.name)
  return await reading.from(table, opened, (await opened?.files([...predicates])) ?? [])
}

/** The rows that lie at or before a follower's cursor. */
export async function beforeItem(
  reading: Reading,
  version: LakeVersion,
  table: AppendedTable,
  cursor: Cursor[string] | undefined,
  predicates: readonly Predicate[],
): Promise<string> {
  const opened = await version.table(table.name)
  if (!opened || !cursor) return await reading.from(table, undefined, [])
  const ahead = new Set((await unread(opened, cursor)).map(({ file }) => file.path))
  const all = await opened.files([...predicates])
  return await reading.from(
    table,
    opened,
    all.filter(({ path }) => !ahead.has(path)),
  )
}
