import { step } from '../lib/steps.ts'
import type { Parts } from '../logtypes/contract.ts'
import type { LogObject, Source } from '../sources/contract.ts'
import { type Account, countReason } from './account.ts'
import { type LedgerRow, ledgerRows, settles } from './ledger.ts'
import type { ObjectBytes, OpenedObject } from './open.ts'
import { openWithParts } from './parts.ts'
import type { Session } from './session.ts'
import type { Spool } from './spool.ts'

/** An object on its way into the lake. */
export interface BatchObject {
  object: LogObject
  opened: OpenedObject
  /** What was read of the other objects that its records name. */
  parts?: Parts
  /** Its row from an earlier run under another limit, which this run replaces. */
  previous?: LedgerRow
  /** The same bytes were read under another limit, as another version. */
  reread?: boolean
}

/** Objects that are committed together. */
export interface Batch {
  source: string
  objects: BatchObject[]
  /** The files with their records. */
  spools: Spool[]
  /** Named once more by the source; acknowledged together with the first. */
  again: LogObject[]
  /** The ledger's sequence when the first of them was looked up. */
  ledgerSequence: number
}

/** Objects are looked up in the ledger so many at a time. */
const LOOKUP = 256
/** A thread opens so many objects in one go, or so many delivered bytes: what gathers into about one row group. */
const GROUP_OBJECTS = 64
const GROUP_BYTES = 2 << 20

/** Reads and opens objects that are not in the lake yet, and gathers them until a batch is full. */
export async function* batches(session: Session, source: Source, account: Account): AsyncGenerator<Batch> {
  let batch: Batch | undefined
  let bytes = 0
  const groups = newGroups(session, newObjects(session, source, account), account)
  for await (const { objects, spools, group } of inOrder(groups, session.threads + 1, (one) =>
    open(session, one),
  )) {
    const uris = new Map(batch?.objects.map(({ object }) => [object.uri, object.version]))
    // A source may name an object twice; across batches the commit notices.
    const fresh = objects.filter(({ object }) => uris.get(object.uri) !== object.version)
    if (batch && fresh.some(({ object }) => uris.has(object.uri))) {
      // It changed while we read: one commit holds one version of an object.
      yield batch
      batch = undefined
      bytes = 0
    }
    batch ??= {
      source: source.name,
      objects: [],
      spools: [],
      again: [],
      ledgerSequence: group.ledgerSequence,
    }
    batch.objects.push(...fresh)
    batch.spools.push(...spools)
    batch.again.push(...group.again, ...objects.flatMap((one) => (fresh.includes(one) ? [] : [one.object])))
    account.objects.already += group.objects.length - fresh.length
    bytes += spools.reduce((sum, spool) => sum + spool.bytes, 0)
    if (bytes >= session.batchBytes || batch.objects.length >= session.batchObjects) {
      yield batch
      batch = undefined
      bytes = 0
    }
  }
  if (batch) yield batch
}

/** Objects that one thread opens in one go. */
interface Group {
  objects: Candidate[]
  again: LogObject[]
  ledgerSequence: number
}

async function* newGroups(
  { batchObjects }: Session,
  found: AsyncIterable<Group>,
  account: Account,
): AsyncGenerator<Group> {
  const most = Math.min(GROUP_OBJECTS, batchObjects)
  let group: Group | undefined
  let bytes = 0
  for await (const { objects, ledgerSequence } of found) {
    for (const candidate of objects) {
      const { uri, version } = candidate.object
      const twin = group?.objects.find(({ object }) => object.uri === uri)?.object
      if (group && twin?.version === version) {
        group.again.push(candidate.object)
        account.objects.already++
        continue
      }
      const full = group && (group.objects.length >= most || bytes >= GROUP_BYTES)
      if (group && (full || twin)) {
        yield group
        group = undefined
        bytes = 0
      }
      group ??= { objects: [], again: [], ledgerSequence }
      group.objects.push(candidate)
      bytes += candidate.object.bytes
    }
  }
  if (group) yield group
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
): AsyncGenerator<Group> {
  for await (const group of chunks(source.objects())) {
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
    yield { objects, again: [], ledgerSequence: table?.sequence ?? 0 }
  }
}

async function* chunks(objects: AsyncIterable<LogObject>): AsyncGenerator<LogObject[]> {
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

interface OpenedCandidates {
  group: Group
  objects: BatchObject[]
  spools: Spool[]
}

/** Without the objects whose bytes turn out to be in the lake already, under another version. */
async function open(session: Session, group: Group): Promise<OpenedCandidates> {
  const objects = await Promise.all(
    group.objects.map(async ({ object: { file, read, uri, writtenMs } }): Promise<ObjectBytes> => {
      const known = { serial: session.nextSerial(), uri, writtenMs }
      const found = file === undefined ? { ...known, bytes: await read() } : { ...known, file }
      step('object-read')
      return found
    }),
  )
  const { spool: folder, maxObjectBytes: maxBytes } = session
  const opened = await session.openers.open({ objects, folder, maxBytes, strictly: false })
  const parts = await openWithParts(
    session,
    group.objects.map(({ object }) => object),
    opened,
  )
  step('opened')
  const fresh: BatchObject[] = []
  for (const [index, { object, rows }] of group.objects.entries()) {
    const outcome = opened.objects[index] as OpenedObject
    const twin = rows.find(({ sha256, version }) => sha256 === outcome.sha256 && version !== object.version)
    if (twin && settles(twin, session.window)) {
      await object.acknowledge()
      continue
    }
    const previous = rows.find(({ version }) => version === object.version)
    const entry: BatchObject = { object, opened: outcome, reread: twin !== undefined }
    if (previous) entry.previous = previous
    const own = parts.get(object)
    if (own) entry.parts = own
    fresh.push(entry)
  }
  return { group, objects: fresh, spools: opened.spools }
}

/** Runs `work` on some items at once, and gives the results in the items' order. */
async function* inOrder<T, R>(
  items: AsyncIterable<T>,
  atOnce: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const running: Promise<R>[] = []
  for await (const item of items) {
    const started = work(item)
    // It is awaited in its turn; until then a failure must not count as unhandled.
    started.catch(() => undefined)
    running.push(started)
    if (running.length >= atOnce) yield await (running.shift() as Promise<R>)
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
  if (opened.skipped && !opened.skippedRecords) countReason(account, opened.skipped)
  for (const [reason, times] of opened.skippedRecords ?? []) countReason(account, reason, times)
  for (const { reason } of opened.rejected) countReason(account, reason)
}

/** What became of an object's records. */
export interface ObjectCounts {
  outcome: 'stored' | 'skipped' | 'rejected'
  stored: number
  repeated: number
  skipped: number
}
