import type { DuckDBBlobValue, DuckDBValue } from '@duckdb/node-api'
import type { Lake } from '../lake/lake.ts'
import { readingFiles, readParquet } from '../lake/parquet.ts'
import type { LakeVersion, TableVersion } from '../lake/version.ts'
import { type RejectsReplayed, writeReplayed } from '../ledger/replayed.ts'
import { skippedRecords } from '../ledger/rows.ts'
import { ledger, reject } from '../ledger/tables.ts'
import { openEngine } from '../lib/duckdb.ts'
import { list, sql } from '../lib/sql.ts'
import { type LogObject, Unreadable } from '../sources/contract.ts'
import { prepareCommit } from './commit/prepare-commit.ts'
import type { Batch, BatchObject } from './contract.ts'
import type { OpenedObject } from './open/contract.ts'
import { type IngestOptions, openSession, type Session } from './session.ts'
import { stages } from './stage/stage.ts'
import { emptyTotals } from './totals.ts'

const file = (name: string) => new URL(`./sql/${name}`, import.meta.url)

/** Selects the rejects to read again; all of them by default. */
export interface Chosen {
  /** Prefixes of ids. */
  ids?: readonly string[] | undefined
  code?: string | undefined
  /** The exact name of the object. */
  object?: string | undefined
}

export interface ReplayOptions extends IngestOptions {
  /** Reports the result without changing anything. */
  dryRun?: boolean
  onReplay?(tried: number): void
}

const AT_ONCE = 64

/**
 * SQL for whether a reject holds all of its bytes. Older rejects, from before the column that says so, kept
 * up to 1 MiB.
 */
function isKeptWhole({ schema }: TableVersion): string {
  const older = 'octet_length(bytes) < 1048576'
  if (!schema.fields.some(({ name }) => name === 'size')) return older
  return `case when size is null then ${older} else size = octet_length(bytes) and records = 1 end`
}

/** Objects whose rejects can now be read, by version and name. */
interface Found {
  object: BatchObject
  ids: string[]
  /** Rejects that no log type recognized. */
  unknown: number
}

/**
 * Reads the bytes that rejects keep again, with the log types as they are now, and stores what can be stored.
 * Rows, ledger and rejects change in one commit; records that are in the lake already count as repeated, as
 * in any ingest.
 */
export async function replayRejects(
  lake: Lake,
  chosen: Chosen,
  options: ReplayOptions = {},
): Promise<RejectsReplayed> {
  const session = await openSession(lake, options)
  try {
    const base = await lake.newest()
    const found = new Map<string, Found>()
    const batch: Batch = {
      ...{ source: 'replay', objects: [], spools: [], again: [], deadLetters: [] },
      ledgerSequence: (await base.table(ledger.name))?.sequence ?? -1,
    }
    let tried = 0
    for await (const group of chosenRejects(lake, base, chosen)) {
      await openRejects(session, batch, found, group)
      tried += group.length
      options.onReplay?.(tried)
    }
    batch.objects.push(...[...found.values()].map(({ object }) => object))
    const replayed = [...found.values()].reduce((sum, { ids }) => sum + ids.length, 0)
    const told = { tried, replayed, left: tried - replayed, version: base.number }
    const nothing = { stored: 0, repeated: 0, skipped: 0, conflicts: 0 }
    if (replayed === 0 || options.dryRun) return { ...told, ...nothing }

    batch.writeOwn = (writer, _run, objects, tally, against) => {
      const left = [...found.values()].filter(({ object }) => objects.includes(object))
      return writeReplayed(writer, left, tally, against)
    }
    for await (const { staged, since } of stages(session, emptyTotals(), only(batch))) {
      const prepared = await prepareCommit(session, batch, staged)
      const { version } = await lake
        .commit('replay', prepared.prepare, since)
        .finally(() => prepared.release())
      const outcome = prepared.outcome()
      const sum = (of: 'stored' | 'repeated' | 'skipped' | 'conflicts') =>
        outcome.reduce((total, { counts }) => total + counts[of], 0)
      const done = outcome.reduce((total, { object }) => {
        const one = [...found.values()].find((each) => each.object === object)
        return total + (one?.ids.length ?? 0)
      }, 0)
      return {
        ...{ tried, replayed: done, left: tried - done, version: version.number },
        ...{ stored: sum('stored'), repeated: sum('repeated'), skipped: sum('skipped') },
        conflicts: sum('conflicts'),
      }
    }
    return { ...told, ...nothing }
  } finally {
    await session.close()
  }
}

async function* only<T>(one: T): AsyncGenerator<T> {
  yield one
}

interface KeptReject {
  id: string
  uri: string
  version: string
  position: number
  offset: number
  readMs: number
  bytes: Uint8Array
  /** Whether all of its bytes are kept, and it is one record. */
  whole: boolean
  code: string
}

async function* chosenRejects(
  lake: Lake,
  base: LakeVersion,
  { ids = [], code, object }: Chosen,
): AsyncGenerator<KeptReject[]> {
  const table = await base.table(reject.name)
  const files = table ? await table.files() : []
  if (!table || files.length === 0) return
  const local: string[] = []
  // An engine of its own: a connection answers one query at a time, and this query is open until all rejects
  // are read.
  const own = await openEngine({ threads: 1 })
  try {
    for (const one of files) local.push(await lake.storage.local(table.keyOf(one.path), one.bytes))
    const question = sql(file('rejects-chosen.sql'), {
      rejects: readParquet(local, table.schema, reject),
      ids: list(ids),
      whole: isKeptWhole(table),
    })
    const values = { code: code ?? null, object: object ?? null }
    const result = await readingFiles(own, local, () => own.stream(question, values))
    for await (const chunk of result.chunks()) {
      const rows = chunk.getRows().map(keptReject)
      for (let at = 0; at < rows.length; at += AT_ONCE) yield rows.slice(at, at + AT_ONCE)
    }
  } finally {
    own.close()
    lake.storage.release(local)
  }
}

function keptReject([
  id,
  uri,
  version,
  position,
  offset,
  readMs,
  blob,
  whole,
  code,
]: DuckDBValue[]): KeptReject {
  return {
    ...{ id: String(id), uri: String(uri), version: String(version) },
    ...{ position: Number(position ?? 0), offset: Number(offset ?? 0), readMs: Number(readMs) },
    bytes: (blob as DuckDBBlobValue).bytes,
    whole: whole === true,
    code: String(code),
  }
}

/** Opens the bytes of rejects. Those that can now be read are added to their object in `found`. */
async function openRejects(
  session: Session,
  batch: Batch,
  found: Map<string, Found>,
  rejects: readonly KeptReject[],
): Promise<void> {
  const versions = new Map([...found.values()].map(({ object: { object } }) => [object.uri, object.version]))
  // One commit holds one version of an object: other versions are left for the next commit.
  const whole = rejects.filter(({ uri, version, whole: isWhole }) => {
    if (!isWhole) return false
    if (!versions.has(uri)) versions.set(uri, version)
    return versions.get(uri) === version
  })
  if (whole.length === 0) return
  const serials = new Map([...found.values()].map(({ object }) => [object.object.uri, object.opened.serial]))
  const objects = whole.map(({ uri, readMs, bytes }) => {
    // Rows of one object are counted together, even if they come from several rejects.
    const serial = serials.get(uri) ?? session.nextSerial()
    serials.set(uri, serial)
    // A copy: bytes sent to a thread are moved there.
    return { serial, uri, writtenMs: readMs, kind: 'bytes' as const, bytes: new Uint8Array(bytes) }
  })
  const { spool: folder, maxObjectBytes: maxBytes } = session
  const opened = await session.pool.open({ objects, folder, maxBytes, strictly: false })
  batch.spools.push(...opened.spools)
  for (const [at, kept] of whole.entries()) {
    const outcome = opened.objects[at]
    // Skips rejects that need other objects to be complete, and those that are rejected as before.
    if (!outcome || outcome.pending || outcome.spooled + skippedRecords(outcome) === 0) continue
    const name = `${kept.version}\n${kept.uri}`
    const one = found.get(name) ?? { object: objectOf(kept, outcome.serial), ids: [], unknown: 0 }
    found.set(name, one)
    one.ids.push(kept.id)
    one.unknown += Number(kept.code === 'unknown-log-type')
    one.object.opened = together(one.object.opened, outcome, kept)
  }
}

function objectOf({ uri, version, readMs }: KeptReject, serial: number): BatchObject {
  const object: LogObject = {
    kind: 'object',
    ...{ uri, version, bytes: 0, writtenMs: readMs },
    read: () => Promise.reject(new Unreadable('missing', 'only its rejects are read again')),
    acknowledge: async () => undefined,
  }
  const nothing = { sha256: '', expandedBytes: 0, envelope: '', read: 0, spooled: 0, rejected: [] }
  return { object, opened: { serial, ...nothing } }
}

/**
 * Adds up the outcomes of two rejects of one object; a record that is rejected again keeps the position of
 * its first reject.
 */
function together(sum: OpenedObject, one: OpenedObject, { id, position, offset }: KeptReject): OpenedObject {
  const names = [sum.logtype, one.logtype].flatMap((name) => name?.split(', ') ?? [])
  const skipped = new Map(sum.skippedRecords)
  for (const [reason, times] of one.skippedRecords ?? [])
    skipped.set(reason, (skipped.get(reason) ?? 0) + times)
  const rejected = one.rejected.map((refused) => ({ ...refused, position, offset, within: id }))
  return {
    ...sum,
    ...{ read: sum.read + one.read, spooled: sum.spooled + one.spooled },
    rejected: [...sum.rejected, ...rejected],
    ...(names.length > 0 ? { logtype: [...new Set(names)].join(', ') } : {}),
    ...(skipped.size > 0 ? { skippedRecords: skipped } : {}),
  }
}
