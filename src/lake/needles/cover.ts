import { randomUUID } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Engine } from '../../lib/duckdb.ts'
import { identifier, literal, sql } from '../../lib/sql.ts'
import type { DataFile } from '../iceberg/index.ts'
import type { Lake } from '../lake.ts'
import { readingFiles, readParquet } from '../parquet.ts'
import { keyName, type TableDefinition, type TableKey } from '../table.ts'
import type { TableVersion } from '../version.ts'
import { MAX_FILES } from './group-file.ts'
import { fileName, type Group } from './listing.ts'
import { type Source, sourceOf, sourcesIn } from './sources.ts'
import { type Member, writeGroup } from './write-group.ts'

/** Files below which a group is small; small groups are merged. */
const SMALL_GROUP = MAX_FILES / 2
const SMALL_GROUPS = 4
/**
 * Factor by which the row counts of a group's files differ at most, since all their filters are as long as
 * the longest.
 */
const CLASS = 8

const url = (name: string) => new URL(`../sql/${name}`, import.meta.url)

export interface CoverOptions {
  /** Whether a file is final, so that a filter of it is worth the time; all files are by default. */
  isSettled?: (file: DataFile) => boolean
  /** Most groups to write. */
  groups?: number
  /** Aborting it ends the work after the current group. */
  signal?: AbortSignal | undefined
}

/**
 * Writes the filters of a table's files in groups, each in a commit of its own.
 *
 * @returns the number of files that got filters
 */
export async function coverFiles(
  lake: Lake,
  engine: Engine,
  definition: TableDefinition,
  place: string,
  { isSettled = () => true, groups = Number.POSITIVE_INFINITY, signal }: CoverOptions = {},
): Promise<number> {
  const keys = definition.keys ?? []
  let made = 0
  for (let written = 0; keys.length > 0 && written < groups && !signal?.aborted; written++) {
    const table = await (await lake.newest()).table(definition.name)
    if (!table) return made
    const fields = fieldsOf(table, keys)
    const work = await nextWork(table, fields, isSettled)
    if (!work) return made
    const folder = join(place, randomUUID())
    await mkdir(folder)
    try {
      const members =
        work.kind === 'files'
          ? await membersOf(lake, engine, definition, table, work.files, folder)
          : await membersIn(lake, table, fields, work.groups)
      if (!members) {
        await commitListing(lake, definition, undefined, (work as { groups: Group[] }).groups)
        continue
      }
      const group = await writeGroup(lake.storage, table.entry.folder, fields, members, folder)
      const replaced = work.kind === 'groups' ? work.groups : []
      if (!(await commitListing(lake, definition, group, replaced))) {
        await lake.storage.remove(`${table.entry.folder}/metadata/${group.file}`)
        return made
      }
      if (work.kind === 'files') made += members.length
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
  return made
}

type Work = { kind: 'files'; files: DataFile[] } | { kind: 'groups'; groups: Group[] }

/** Files without filters first; then small groups that can be merged. */
async function nextWork(
  table: TableVersion,
  fields: ReadonlyMap<string, number>,
  isSettled: (file: DataFile) => boolean,
): Promise<Work | undefined> {
  const files = await table.files()
  const groups = ((await table.listing())?.groups ?? []).filter((group) => isWhole(group, fields))
  const covered = new Set(groups.flatMap((group) => group.files))
  const classes = new Map<number, DataFile[]>()
  for (const file of files) {
    if (covered.has(fileName(file.path)) || !isSettled(file) || file.records === 0) continue
    classes.set(classOf(file.records), [...(classes.get(classOf(file.records)) ?? []), file])
  }
  const [first] = classes.values()
  if (first)
    return { kind: 'files', files: first.sort((a, b) => (a.path < b.path ? -1 : 1)).slice(0, MAX_FILES) }
  const living = new Set(files.map(({ path }) => fileName(path)))
  return joinable(groups, living)
}

function joinable(groups: readonly Group[], living: ReadonlySet<string>): Work | undefined {
  const classes = new Map<number, { group: Group; count: number }[]>()
  for (const group of groups) {
    const count = group.files.filter((file) => living.has(file)).length
    if (count >= SMALL_GROUP || count === 0) continue
    const same = classes.get(classOf(group.rows)) ?? []
    classes.set(classOf(group.rows), [...same, { group, count }])
  }
  for (const small of classes.values()) {
    if (small.length < SMALL_GROUPS) continue
    const chosen: Group[] = []
    let total = 0
    for (const { group } of small.sort((a, b) => a.count - b.count)) {
      if (total + group.files.length > MAX_FILES) break
      total += group.files.length
      chosen.push(group)
    }
    if (chosen.length > 1) return { kind: 'groups', groups: chosen }
  }
  return undefined
}

function classOf(rows: number): number {
  return Math.floor(Math.log(Math.max(1, rows)) / Math.log(CLASS))
}

/** A group from before a key was declared is made again. */
function isWhole(group: Group, fields: ReadonlyMap<string, number>): boolean {
  return [...fields.keys()].every((key) => key in group.keys)
}

function fieldsOf({ schema }: TableVersion, keys: readonly TableKey[]): Map<string, number> {
  const ids = new Map(schema.fields.map(({ name, id }) => [name, id]))
  return new Map(
    keys.flatMap((key) => (ids.has(key.column) ? [[keyName(key), ids.get(key.column) as number]] : [])),
  )
}

async function membersOf(
  lake: Lake,
  engine: Engine,
  definition: TableDefinition,
  table: TableVersion,
  files: readonly DataFile[],
  place: string,
): Promise<Member[]> {
  const members: Member[] = []
  for (const { path, bytes, records } of files) {
    const local = await lake.storage.local(table.keyOf(path), bytes)
    try {
      const rows = readParquet([local], table.schema, definition)
      const sources = await readingFiles(engine, [local], () =>
        sourcesOf(engine, definition, table, rows, place),
      )
      members.push({ name: fileName(path), rows: records, sources })
    } finally {
      lake.storage.release([local])
    }
  }
  return members
}

async function sourcesOf(
  engine: Engine,
  { keys = [] }: TableDefinition,
  table: TableVersion,
  rows: string,
  place: string,
): Promise<Map<string, Source>> {
  const there = keys.filter((key) => fieldsOf(table, keys).has(keyName(key)))
  const counted = there.map(
    ({ column }) => `approx_count_distinct(${identifier(column)}), count(${identifier(column)})`,
  )
  const [counts = []] = await engine.rows(
    sql(url('needle-counts.sql'), { counts: counted.join(', '), file: rows }),
  )
  const sources = new Map<string, Source>()
  for (const [at, key] of there.entries()) {
    const [different, all] = [Number(counts[at * 2]), Number(counts[at * 2 + 1])]
    const hashes =
      all === 0
        ? new BigUint64Array(0)
        : await hashesOf(engine, {
            values: valuesOf(key, rows),
            // When nearly all values differ, removing duplicates costs more than hashing them.
            distinct: different < all / 2 ? 'distinct' : '',
          })
    sources.set(keyName(key), await sourceOf(hashes, place, randomUUID()))
  }
  return sources
}

/** A SELECT of a key's values as `value`. */
function valuesOf({ column, path }: TableKey, rows: string): string {
  const name = identifier(column)
  if (path === undefined) return `select ${name} as value from ${rows}`
  const found = `json_extract_string(${name}, ${literal(path)})`
  const value = path.includes('*') ? `unnest(${found})` : found
  // Parses only the JSON that contains the name at the end of the path.
  return `select ${value} as value from ${rows} where contains(${name}, ${literal(`"${path.split('.').at(-1)}"`)})`
}

async function hashesOf(
  engine: Engine,
  words: { values: string; distinct: string },
): Promise<BigUint64Array> {
  const result = await engine.stream(sql(url('needle-hashes.sql'), words))
  let hashes = new BigUint64Array(1024)
  let count = 0
  for await (const chunk of result.chunks()) {
    if (count + chunk.rowCount > hashes.length) {
      const more = new BigUint64Array(Math.max(hashes.length * 2, count + chunk.rowCount))
      more.set(hashes)
      hashes = more
    }
    for (const hash of chunk.getColumnValues(0)) hashes[count++] = hash as bigint
  }
  return hashes.subarray(0, count)
}

/**
 * The files of some groups as members of a new group, without files that are gone. Undefined when one of the
 * groups cannot be read: then all of them are dropped, and their files get new filters.
 */
async function membersIn(
  lake: Lake,
  table: TableVersion,
  fields: ReadonlyMap<string, number>,
  groups: readonly Group[],
): Promise<Member[] | undefined> {
  const living = new Set((await table.files()).map(({ path }) => fileName(path)))
  const members: Member[] = []
  for (const group of groups) {
    const sources = new Map<string, Source[]>()
    for (const name of fields.keys()) {
      const filter = group.keys[name]
      const found = filter && (await sourcesIn(lake.storage, table.entry.folder, group, filter))
      if (!found) return undefined
      sources.set(name, found)
    }
    for (const [at, name] of group.files.entries()) {
      if (!living.has(name)) continue
      const own = new Map([...sources].map(([key, all]) => [key, all[at] as Source]))
      members.push({ name, rows: group.rows, sources: own })
    }
  }
  return members
}

/**
 * Adds a group to the listing, in place of others.
 *
 * @returns false when none of its files is in the lake any more
 */
async function commitListing(
  lake: Lake,
  definition: TableDefinition,
  group: Group | undefined,
  replaced: readonly Group[],
): Promise<boolean> {
  const gone = new Set(replaced.map(({ file }) => file))
  const { changed } = await lake.commit('compact', async (base) => {
    const table = await base.table(definition.name)
    if (!table) return undefined
    const living = new Set((await table.files()).map(({ path }) => fileName(path)))
    if (group && !group.files.some((file) => living.has(file))) return undefined
    const isStale = ({ files, keys }: Group) =>
      group !== undefined &&
      files.every((one) => group.files.includes(one) || !living.has(one)) &&
      !Object.keys(group.keys).every((key) => key in keys)
    const kept = ((await table.listing())?.groups ?? []).filter(
      (one) => !gone.has(one.file) && one.files.some((file) => living.has(file)) && !isStale(one),
    )
    const groups = group ? [...kept, group] : kept
    return { tables: { [definition.name]: { listing: { groups } } } }
  })
  return changed
}
