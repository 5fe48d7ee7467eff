import { gunzipSync, gzipSync } from 'node:zlib'
import { type Catalog, catalogHash } from '../lake/catalog.ts'
import { hashIn } from '../lake/hash.ts'
import { currentSnapshot, DELETED, readManifest } from '../lake/iceberg/index.ts'
import type { Lake } from '../lake/lake.ts'
import { readParquet } from '../lake/parquet.ts'
import type { LakeVersion, TableVersion } from '../lake/version.ts'
import { ledger } from '../ledger/tables.ts'
import type { Engine } from '../lib/duckdb.ts'
import { LakeError } from '../lib/errors.ts'
import { sql } from '../lib/sql.ts'
import { faultPoint } from './steps.ts'
import { LOG } from './tiles.ts'
import { inMemory, leafHash } from './tree.ts'

/** A lake version's changes, as the log keeps them permanently: vacuum does not remove them. */
export interface LoggedCommit {
  lake: string
  version: number
  /** False when the version was deleted before it was logged: then nothing else is known about it. */
  seen: boolean
  commit: string | null
  at: string | null
  by: string | null
  why: string | null
  /** SHA-256 of the version's file. */
  catalog: string | null
  /** JSON texts: `[table, "added" | "removed", file, sha256, rows, bytes]`. */
  files: string[]
  /** JSON texts: `[object, version, sha256, expanded_sha256, outcome, records stored, records erased]`. */
  objects: string[]
}

/** The leaf of a commit: as small as possible, with the roots of the trees of its files and its objects. */
export interface Leaf extends Omit<LoggedCommit, 'files' | 'objects'> {
  files: { count: number; root: string }
  objects: { count: number; root: string }
}

function commitKey(version: number): string {
  return `${LOG}/commits/${version}.json.gz`
}

export async function readCommit(lake: Lake, version: number): Promise<LoggedCommit | undefined> {
  const bytes = await lake.storage.find(commitKey(version))
  if (!bytes) return undefined
  try {
    return JSON.parse(gunzipSync(bytes).toString()) as LoggedCommit
  } catch (cause) {
    throw new LakeError('what the log keeps of a commit cannot be read', {
      file: `${lake.storage.root}/${commitKey(version)}`,
      remedy: 'restore that file from a backup',
      cause,
    })
  }
}

/** Records a version's changes once: the first writer's record is valid for all. */
export async function logCommit(
  lake: Lake,
  version: number,
  engine: () => Promise<Engine>,
): Promise<LoggedCommit> {
  const known = await readCommit(lake, version)
  if (known) return known
  const made = await commitOf(lake, version, engine)
  await lake.storage.create(commitKey(version), gzipSync(JSON.stringify(made)))
  faultPoint('log-commit-written')
  return (await readCommit(lake, version)) as LoggedCommit
}

async function commitOf(lake: Lake, version: number, engine: () => Promise<Engine>): Promise<LoggedCommit> {
  const id = (await lake.newest()).catalog.lake
  try {
    const opened = await lake.at(version)
    const { catalog } = opened
    const before = version === 1 ? undefined : await lake.at(version - 1).catch(() => undefined)
    const files: string[] = []
    const objects: string[] = []
    for (const name of Object.keys(catalog.tables).sort()) {
      if (before?.catalog.tables[name]?.metadata === catalog.tables[name]?.metadata) continue
      const table = (await opened.table(name)) as TableVersion
      const last = (await before?.table(name))?.metadata['current-snapshot-id']
      const snapshot = currentSnapshot(table.metadata)
      // Without the version before it, the changed tables are unknown.
      if (!snapshot || snapshot['snapshot-id'] === last || (!before && version > 1)) continue
      const { added, removed } = await filesOf(lake, table, snapshot['snapshot-id'])
      files.push(
        ...added.map((one) => line(name, 'added', one)),
        ...removed.map((one) => line(name, 'removed', one)),
      )
      if (name === ledger.name && snapshot.summary.operation !== 'replace')
        objects.push(
          ...(await objectsOf(
            lake,
            opened,
            added.map(({ key }) => key),
            await engine(),
          )),
        )
    }
    const { commit, at, by, why = null } = catalog
    return {
      lake: id,
      version,
      seen: true,
      commit,
      at,
      by,
      why,
      catalog: catalogHash(catalog),
      files,
      objects,
    }
  } catch (thrown) {
    if (!(await isGone(lake, version))) throw thrown
    const nothing = { commit: null, at: null, by: null, why: null, catalog: null, files: [], objects: [] }
    return { lake: id, version, seen: false, ...nothing }
  }
}

interface LoggedFile {
  key: string
  rows: number
  bytes: number
}

function line(table: string, what: 'added' | 'removed', { key, rows, bytes }: LoggedFile): string {
  return JSON.stringify([table, what, key, hashIn(key) ?? null, rows, bytes])
}

/** The files that a snapshot added and removed, from the manifests that it wrote itself. */
async function filesOf({ storage }: Lake, table: TableVersion, snapshotId: number) {
  const added: LoggedFile[] = []
  const removed: LoggedFile[] = []
  for (const manifest of await table.manifests()) {
    if (manifest.addedSnapshotId !== snapshotId) continue
    for (const entry of readManifest(await storage.read(table.keyOf(manifest.path)), manifest)) {
      if (entry.snapshotId !== snapshotId || entry.status === EXISTING) continue
      const { path, records, bytes } = entry.file
      const to = entry.status === DELETED ? removed : added
      to.push({ key: table.keyOf(path), rows: records, bytes })
    }
  }
  const byKey = (a: LoggedFile, b: LoggedFile) => (a.key < b.key ? -1 : 1)
  return { added: added.sort(byKey), removed: removed.sort(byKey) }
}

/** Iceberg's status of a file that already existed. */
const EXISTING = 0

async function objectsOf(
  { storage }: Lake,
  version: LakeVersion,
  keys: readonly string[],
  engine: Engine,
): Promise<string[]> {
  const table = await version.table(ledger.name)
  if (!table || keys.length === 0) return []
  const locals: string[] = []
  try {
    for (const key of keys) locals.push(await storage.local(key))
    // A lake written by an earlier release has fewer columns.
    const from = `(select * from ${readParquet(locals, table.schema, ledger)})`
    const has = (name: string) => table.schema.fields.some((field) => field.name === name)
    const missing = ['expanded_sha256', 'records_erased'].filter((name) => !has(name))
    const source =
      missing.length === 0
        ? from
        : `(select *, ${missing.map((name) => `null::${name === 'records_erased' ? 'bigint' : 'varchar'} as ${name}`).join(', ')} from ${from})`
    const rows = await engine.rows(sql(new URL('./sql/objects.sql', import.meta.url), { ledger: source }))
    return rows.map((row) => JSON.stringify(row))
  } finally {
    storage.release(locals)
  }
}

async function isGone(lake: Lake, version: number): Promise<boolean> {
  const catalog: Catalog | undefined = await lake.at(version).then(
    ({ catalog }) => catalog,
    () => undefined,
  )
  return catalog === undefined
}

/** The log entry of a commit. */
export async function entryOf({ files, objects, ...rest }: LoggedCommit): Promise<Buffer> {
  const leaf: Leaf = {
    ...rest,
    files: { count: files.length, root: (await rootOfLines(files)).toString('hex') },
    objects: { count: objects.length, root: (await rootOfLines(objects)).toString('hex') },
  }
  return Buffer.from(JSON.stringify(leaf))
}

async function rootOfLines(lines: readonly string[]): Promise<Buffer> {
  return await inMemory(lines.map((one) => leafHash(Buffer.from(one))))(0, lines.length)
}

/** The first leaf of a log: the lake's name, and the first version. */
export function firstEntry(lake: string, version: number): Buffer {
  return Buffer.from(JSON.stringify({ lake, from: version }))
}
