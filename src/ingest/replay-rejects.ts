import type { DuckDBBlobValue, DuckDBValue } from '@duckdb/node-api'
import type { Lake } from '../lake/lake.ts'
import { readingFiles, readParquet } from '../lake/parquet.ts'
import type { LakeVersion, TableVersion } from '../lake/version.ts'
import { writeReplayed } from '../ledger/replayed.ts'
import { skippedRecords } from '../ledger/rows.ts'
import { ledger, reject } from '../ledger/tables.ts'
import { openEngine } from '../lib/duckdb.ts'
import { list, sql } from '../lib/sql.ts'
import { type LogObject, Unreadable } from '../sources/contract.ts'
import { settle } from './commit/settle.ts'
import type { Batch, BatchObject } from './contract.ts'
import type { OpenedObject } from './open/contract.ts'
import { type IngestOptions, openSession, type Session } from './session.ts'
import { stages } from './stage/stage.ts'
import { emptyAccount } from './totals.ts'

const file = (name: string) => new URL(`./sql/${name}`, import.meta.url)

/** Which rejects are read again: all of them by default. */
export interface Chosen {
  /** Beginnings of ids. */
  ids?: readonly string[]
  code?: string | undefined
  /** The object's name to the letter. */
  object?: string | undefined
}

export interface ReplayOptions extends IngestOptions {
  /** Tells what would come of it, and changes nothing. */
  dryRun?: boolean
  onReplay?(tried: number): void
}

/** tried = replayed + left */
export interface RejectsReplayed {
  tried: number
  /** They are rejects no more. */
  replayed: number
  left: number
  /** What came of their records; all 0 in a dry run. */
  stored: number
  repeated: number
  skipped: number
  conflicts: number
  version: number
}

const AT_ONCE = 64

/** Whether a reject holds all of its bytes. What is older than the column that says so was kept up to a MiB. */
function isKeptWhole({ schema }: TableVersion): string {
  const older = 'octet_length(bytes) < 1048576'
  if (!schema.fields.some(({ name }) => name === 'size')) return older
  return `case when size is null then ${older} else size = octet_length(bytes) and records = 1 end`
}

/** Objects with rejects that can be read now, by version and name. */
interface Found {
  object: BatchObject
  ids: string[]
  /** How many of them no log type knew. */
  unknown: number
}

/**
 * Reads the bytes that rejects keep once more, as the log types are now, and moves what can be stored out of the rejects: rows,
 * ledger and rejects change in one commit, and what is in the lake already is a repeat as ever.
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
      ...{ source: 'replay', objects: [], spools: [], again: [], letters: [] },
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
    for await (const { staged, since } of stages(session, emptyAccount(), only(batch))) {
      const settling = await settle(session, batch, staged)
      const { version } = await lake
        .commit('replay', settling.prepare, since)
        .finally(() => settling.release())
      const outcome = settling.outcome()
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
  /** All of its bytes are kept, and it is one record. */
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
  // Its own engine: a connection answers one question at a time, and this one is asked as long as rejects are opened.
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

/** Opens what rejects keep. What can be read now goes to its object in `found`. */
async function openRejects(
  session: Session,
  batch: Batch,
  found: Map<string, Found>,
  rejects: readonly KeptReject[],
): Promise<void> {
  const versions = new Map([...found.values()].map(({ object: { object } }) => [object.uri, object.version]))
  // One commit holds one version of an object: another is left for the next.
  const whole = rejects.filter(({ uri, version, whole: isWhole }) => {
    if (!isWhole) return false
    if (!versions.has(uri)) versions.set(uri, version)
    return versions.get(uri) === version
  })
  if (whole.length === 0) return
  const serials = new Map([...found.values()].map(({ object }) => [object.object.uri, object.opened.serial]))
  const objects = whole.map(({ uri, readMs, bytes }) => {
    // Rows of one object are counted together, whichever of its rejects they come from.
    const serial = serials.get(uri) ?? session.nextSerial()
    serials.set(uri, serial)
    // A copy: a thread that is sent the bytes keeps them.
    return { serial, uri, writtenMs: readMs, bytes: new Uint8Array(bytes) }
  })
  const { spool: folder, maxObjectBytes: maxBytes } = session
  const opened = await session.openers.open({ objects, folder, maxBytes, strictly: false })
  batch.spools.push(...opened.spools)
  for (const [at, kept] of whole.entries()) {
    const outcome = opened.objects[at]
    // Neither what is read by halves of what others hold, nor what is as it was.
    if (!outcome || outcome.awaited || outcome.spooled + skippedRecords(outcome) === 0) continue
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

/** What came of two rejects of one object; what is rejected again bears the place of the first. */
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
