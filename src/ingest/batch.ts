import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { step } from '../lib/steps.ts'
import type { LogObject, Source } from '../sources/contract.ts'
import { type Account, countReason } from './account.ts'
import { type LedgerRow, ledgerRows, settles } from './ledger.ts'
import type { OpenedObject } from './open.ts'
import type { Session } from './session.ts'

/** An object on its way into the lake. */
export interface BatchObject {
  object: LogObject
  opened: OpenedObject
  /** The file with its records. */
  spool: string
  /** Its row from an earlier run under another limit, which this run replaces. */
  previous?: LedgerRow
  /** The same bytes were read under another limit, as another version. */
  reread?: boolean
}

/** Objects that are committed together. */
export interface Batch {
  source: string
  objects: BatchObject[]
  /** Named once more by the source; acknowledged together with the first. */
  again: BatchObject[]
  /** The ledger's sequence when the first of them was looked up. */
  ledgerSequence: number
}

/** Objects are looked up in the ledger so many at a time. */
const LOOKUP = 256
/** So many objects are read and opened at once. */
const IN_FLIGHT = 8

/** Reads and opens objects that are not in the lake yet, and gathers them until a batch is full. */
export async function* batches(session: Session, source: Source, account: Account): AsyncGenerator<Batch> {
  let batch: Batch | undefined
  let bytes = 0
  for await (const fresh of newObjects(session, source, account)) {
    for await (const opened of inOrder(fresh.objects, (candidate) => open(session, candidate))) {
      if (!opened) {
        account.objects.already++
        continue
      }
      // A source may name an object twice; across batches the commit notices.
      const twin = batch?.objects.find(({ object }) => object.uri === opened.object.uri)
      if (batch && twin?.object.version === opened.object.version) {
        account.objects.already++
        batch.again.push(opened)
        continue
      }
      if (batch && twin) {
        // It changed while we read: one commit holds one version of an object.
        yield batch
        batch = undefined
        bytes = 0
      }
      batch ??= { source: source.name, objects: [], again: [], ledgerSequence: fresh.ledgerSequence }
      batch.objects.push(opened)
      bytes += opened.opened.expandedBytes
      if (bytes >= session.batchBytes || batch.objects.length >= session.batchObjects) {
        yield batch
        batch = undefined
        bytes = 0
      }
    }
  }
  if (batch) yield batch
}

interface Candidate {
  object: LogObject
  rows: LedgerRow[]
}

/** What the source has and the ledger does not settle, in groups. */
async function* newObjects(
  { lake, lookup, filters, window, wanted }: Session,
  source: Source,
  account: Account,
): AsyncGenerator<{ objects: Candidate[]; ledgerSequence: number }> {
  for await (const group of groups(source.objects())) {
    account.objects.listed += group.length
    const named = group.filter(({ uri }) => wanted(uri))
    account.objects.leftOut += group.length - named.length
    const table = await (await lake.newest()).table('ledger')
    const uris = named.map(({ uri }) => uri)
    const known = table
      ? await ledgerRows(lookup, lake.storage, table, uris, filters)
      : new Map<string, LedgerRow[]>()
    step('listed')
    const objects: Candidate[] = []
    for (const object of named) {
      const rows = known.get(object.uri) ?? []
      const same = rows.find(({ version }) => version === object.version)
      if (same && settles(same, window)) {
        account.objects.already++
        await object.acknowledge()
      } else objects.push({ object, rows })
    }
    yield { objects, ledgerSequence: table?.sequence ?? 0 }
  }
}

async function* groups(objects: AsyncIterable<LogObject>): AsyncGenerator<LogObject[]> {
  let group: LogObject[] = []
  for await (const object of objects) {
    group.push(object)
    if (group.length === LOOKUP) {
      yield group
      group = []
    }
  }
  if (group.length > 0) yield group
}

/** Undefined when the bytes turn out to be in the lake already, under another version of the object. */
async function open(session: Session, { object, rows }: Candidate): Promise<BatchObject | undefined> {
  const bytes = await object.read()
  step('object-read')
  const spool = join(session.spool, `${randomUUID()}.json`)
  const opened = await session.openers.open({
    bytes,
    spool,
    maxBytes: session.maxObjectBytes,
    strictly: false,
  })
  step('opened')
  const twin = rows.find(({ sha256, version }) => sha256 === opened.sha256 && version !== object.version)
  if (twin && settles(twin, session.window)) {
    await rm(spool, { force: true })
    await object.acknowledge()
    return undefined
  }
  const previous = rows.find(({ version }) => version === object.version)
  return { object, opened, spool, ...(previous ? { previous } : {}), reread: twin !== undefined }
}

/** Runs `work` on some items at once, and gives the results in the items' order. */
async function* inOrder<T, R>(items: readonly T[], work: (item: T) => Promise<R>): AsyncGenerator<R> {
  const running: Promise<R>[] = []
  for (const item of items) {
    const started = work(item)
    // It is awaited in its turn; until then a failure must not count as unhandled.
    started.catch(() => undefined)
    running.push(started)
    if (running.length >= IN_FLIGHT) yield await (running.shift() as Promise<R>)
  }
  for (const rest of running) yield await rest
}

/** Starts on the next item while the current one is worked on. */
export async function* ahead<T>(items: AsyncGenerator<T>): AsyncGenerator<T> {
  let next = items.next()
  try {
    for (;;) {
      const { value, done } = await next
      if (done) return
      next = items.next()
      next.catch(() => undefined)
      yield value
    }
  } finally {
    // Whoever stops early waits for what is under way: it works with what is closed next.
    await next.catch(() => undefined)
    await items.return(undefined)
  }
}

/** Adds a committed object to the account. */
export function countObject(account: Account, { object, opened }: BatchObject, counts: ObjectCounts): void {
  account.objects[counts.outcome]++
  account.bytes.delivered += object.bytes
  account.bytes.expanded += opened.expandedBytes
  account.records.read += opened.read
  account.records.stored += counts.stored
  account.records.repeated += counts.repeated
  account.records.skipped += counts.skipped
  account.records.rejected += opened.rejected.length
  if (opened.skipped) countReason(account, opened.skipped)
  for (const { reason } of opened.rejected) countReason(account, reason)
}

/** What became of an object's records. */
export interface ObjectCounts {
  outcome: 'stored' | 'skipped' | 'rejected'
  stored: number
  repeated: number
  skipped: number
}
