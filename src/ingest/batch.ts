import { CONFLICT, countRejects, leftOutText } from '../ledger/contract.ts'
import { isRetyped, settles } from '../ledger/lookup.ts'
import { LakeError } from '../lib/errors.ts'
import { step } from '../lib/steps.ts'
import { concurrently, patient } from '../lib/stream.ts'
import { type DeadLetter, type LogObject, type Source, Unreadable } from '../sources/contract.ts'
import type { Batch, BatchObject, ObjectCounts } from './contract.ts'
import { ofTheObject, release } from './failed.ts'
import { asRead, type Fetched, fetched } from './fetch/fetch.ts'
import { type LeftOut, newObjects } from './fetch/lookup.ts'
import { openWithParts } from './fetch/parts.ts'
import type { ObjectBytes, OpenedObject, OpenedGroup as OpenReply } from './open/contract.ts'
import type { Session } from './session.ts'
import type { Spool } from './spool/contract.ts'
import { type Account, countReason } from './totals.ts'

/** A thread opens so many objects in one go, or so many delivered bytes: what gathers into about one row group. */
const GROUP_OBJECTS = 64
const GROUP_BYTES = 2 << 20

/** Reads and opens objects that are not in the lake yet, and gathers them until a batch is full or old enough. */
export async function* batches(session: Session, source: Source, account: Account): AsyncGenerator<Batch> {
  const { batchBytes, batchObjects, batchAgeMs } = session
  const groups = newGroups(session, fetched(session, account, newObjects(session, source, account)), account)
  const limits = { atOnce: session.threads + 1, inOrder: true, onFailure: () => session.stop.abort() }
  const opened = patient(concurrently(groups, limits, (group) => open(session, account, group)))
  let batch: Batch | undefined
  let bytes = 0
  let since = 0
  try {
    for (;;) {
      const left = batch && batchAgeMs !== undefined ? since + batchAgeMs - performance.now() : undefined
      const found = left !== undefined && left <= 0 ? undefined : await opened.next(left)
      if (found?.done) break
      if (found) {
        const { group, objects, spools } = found.value
        const uris = new Map(batch?.objects.map(({ object }) => [object.uri, object.version]))
        // A source may name an object twice; across batches the commit notices.
        const fresh = objects.filter(({ object }) => uris.get(object.uri) !== object.version)
        if (batch && fresh.some(({ object }) => uris.has(object.uri))) {
          // It changed while we read: one commit holds one version of an object.
          yield batch
          batch = undefined
          bytes = 0
        }
        since = batch ? since : performance.now()
        batch ??= emptyBatch(source.name)
        batch.objects.push(...fresh)
        batch.spools.push(...spools)
        batch.again.push(
          ...group.again,
          ...objects.flatMap((one) => (fresh.includes(one) ? [] : [one.object])),
        )
        batch.letters.push(...group.letters)
        for (const { ledgerSequence } of [...group.objects, ...group.leftOut])
          batch.ledgerSequence = Math.min(batch.ledgerSequence, ledgerSequence)
        account.objects.already += objects.length - fresh.length
        bytes += spools.reduce((sum, spool) => sum + spool.bytes, 0)
      }
      const count = batch ? batch.objects.length + batch.letters.length : 0
      if (batch && (!found || bytes >= batchBytes || count >= batchObjects)) {
        yield batch
        batch = undefined
        bytes = 0
      }
    }
    if (batch) yield batch
  } finally {
    await opened.close()
  }
}

function emptyBatch(source: string): Batch {
  return { source, objects: [], spools: [], again: [], letters: [], ledgerSequence: Number.POSITIVE_INFINITY }
}

/** Objects that one thread opens in one go. */
interface Group {
  objects: Fetched[]
  again: LogObject[]
  letters: DeadLetter[]
  /** They are opened by nobody. */
  leftOut: LeftOut[]
}

async function* newGroups(
  { batchObjects, quietMs }: Session,
  found: AsyncIterable<Fetched | LeftOut | DeadLetter>,
  account: Account,
): AsyncGenerator<Group> {
  const most = Math.min(GROUP_OBJECTS, batchObjects)
  const source = patient<Fetched | LeftOut | DeadLetter>(found)
  const emptyGroup = (): Group => ({ objects: [], again: [], letters: [], leftOut: [] })
  let group: Group | undefined
  let bytes = 0
  try {
    for (;;) {
      const next = await source.next(group ? quietMs : undefined)
      if (next?.done) break
      const one = next?.value
      if (one?.kind === 'dead-letter') {
        yield { ...emptyGroup(), letters: [one] }
        continue
      }
      if (one?.kind === 'left-out') {
        yield { ...emptyGroup(), leftOut: [one] }
        continue
      }
      const twin = group?.objects.find(({ object }) => object.uri === one?.object.uri)?.object
      if (group && one && twin?.version === one.object.version) {
        group.again.push(one.object)
        account.objects.already++
        continue
      }
      const full = group && (group.objects.length >= most || bytes >= GROUP_BYTES)
      if (group && (full || twin || !one)) {
        yield group
        group = undefined
        bytes = 0
      }
      if (!one) continue
      group ??= emptyGroup()
      group.objects.push(one)
      bytes += 'bytes' in one ? one.bytes.length : one.object.bytes
    }
    if (group) yield group
  } finally {
    await source.close()
  }
}

interface OpenedGroup {
  group: Group
  objects: BatchObject[]
  spools: Spool[]
}

/** Without the objects whose bytes turn out to be in the lake already, under another version. */
async function open(session: Session, account: Account, group: Group): Promise<OpenedGroup> {
  if (group.objects.length === 0)
    return { group, objects: group.leftOut.map((one) => unread(session, one)), spools: [] }
  const bytes = group.objects.map(
    (one): ObjectBytes => ({
      serial: session.nextSerial(),
      uri: one.object.uri,
      writtenMs: one.object.writtenMs,
      ...bytesOf(one),
    }),
  )
  const { spool: folder, maxObjectBytes: maxBytes } = session
  let opened: OpenReply
  try {
    opened = await session.openers.open({ objects: bytes, folder, maxBytes, strictly: false })
  } catch (thrown) {
    return await openApart(session, account, group, thrown)
  }
  const parts = await openWithParts(
    session,
    group.objects.map(({ object }) => object),
    opened,
  )
  step('opened')
  const fresh: BatchObject[] = []
  for (const [index, { object, rows }] of group.objects.entries()) {
    const own = parts.get(object)
    if (own instanceof Unreadable) {
      await release(account, object, { outcome: own.outcome, reason: own.message })
      continue
    }
    const outcome = opened.objects[index] as OpenedObject
    const twin = rows.find(({ sha256, version }) => sha256 === outcome.sha256 && version !== object.version)
    if (twin && settles(twin, session)) {
      account.objects.already++
      await object.acknowledge()
      continue
    }
    const previous = rows.find(({ version }) => version === object.version)
    const entry: BatchObject = { object, opened: outcome, reread: twin !== undefined }
    if (previous) entry.previous = previous
    if (previous && isRetyped(previous, session)) entry.retyped = true
    if (own) entry.parts = own
    fresh.push(entry)
  }
  return { group, objects: fresh, spools: opened.spools }
}

function bytesOf(one: Fetched) {
  if ('head' in one) return { head: one.head }
  return 'bytes' in one ? { bytes: one.bytes } : { file: one.file }
}

/** What the ledger has of an object that is left out. */
function unread(session: Session, { object, leftOut }: LeftOut): BatchObject {
  const nothing = { sha256: '', expandedBytes: 0, envelope: '', read: 0, spooled: 0, rejected: [] }
  return { object, opened: { serial: session.nextSerial(), ...nothing }, leftOut }
}

/**
 * Objects of a group that was not opened: without the file that its thread could not read, or one by one, to find the object that
 * makes it fail. That one is released.
 */
async function openApart(
  session: Session,
  account: Account,
  group: Group,
  thrown: unknown,
): Promise<OpenedGroup> {
  if (thrown instanceof LakeError)
    return await open(session, account, await withoutFile(account, group, thrown))
  const [only, ...others] = group.objects
  if (only && others.length === 0) {
    await release(account, only.object, ofTheObject(thrown, 'opening'))
    return { group: { ...group, objects: [] }, objects: [], spools: [] }
  }
  const opened: OpenedGroup = { group, objects: [], spools: [] }
  for (const one of group.objects) {
    // A thread has taken the bytes.
    const again = 'bytes' in one ? await readAgain(account, one) : one
    if (!again) continue
    const alone = { ...group, objects: [again], again: [], letters: [], leftOut: [] }
    const { objects, spools } = await open(session, account, alone)
    opened.objects.push(...objects)
    opened.spools.push(...spools)
  }
  return opened
}

async function readAgain(
  account: Account,
  one: Fetched & { bytes: Uint8Array },
): Promise<Fetched | undefined> {
  try {
    const read = await one.object.read()
    return { ...one, object: asRead(one.object, read), bytes: read.bytes }
  } catch (thrown) {
    await release(account, one.object, ofTheObject(thrown, 'reading'))
    return undefined
  }
}

/**
 * A group without the file that its thread could not read. Throws what the thread threw, when it was something else or the
 * file can be read after all.
 */
async function withoutFile(account: Account, group: Group, thrown: unknown): Promise<Group> {
  const file = thrown instanceof LakeError ? thrown.file : undefined
  const broken = group.objects.find((one) => 'file' in one && one.file === file)
  const why = await broken?.object.read().catch((failure) => failure as Unreadable)
  if (!broken || !(why instanceof Unreadable)) throw thrown
  await release(account, broken.object, { outcome: why.outcome, reason: why.message })
  return { ...group, objects: group.objects.filter((one) => one !== broken) }
}

/** Starts on the next item while the current one is worked on. When it is over, whatever comes before it is stopped. */
export async function* ahead<T>(items: AsyncGenerator<T>, stop: AbortController): AsyncGenerator<T> {
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
    stop.abort()
    // Whoever stops early waits for what is under way: it works with what is closed next.
    await next.catch(() => undefined)
    await items.return(undefined)
  }
}

/** Adds a committed object to the account. */
export function countObject(
  account: Account,
  { object, opened, leftOut }: BatchObject,
  counts: ObjectCounts,
): void {
  if (leftOut !== undefined) {
    account.objects.leftOut++
    countReason(account, leftOutText(leftOut))
    return
  }
  account.objects[counts.outcome]++
  account.bytes.delivered += object.bytes
  account.bytes.expanded += opened.expandedBytes
  account.records.read += opened.read
  account.records.stored += counts.stored
  account.records.repeated += counts.repeated
  account.records.skipped += counts.skipped
  account.records.rejected += countRejects(opened.rejected) + counts.conflicts
  account.records.conflicts += counts.conflicts
  if (counts.conflicts > 0) countReason(account, CONFLICT, counts.conflicts)
  if (opened.skipped && !opened.skippedRecords) countReason(account, opened.skipped)
  for (const [reason, times] of opened.skippedRecords ?? []) countReason(account, reason, times)
  for (const { reason, records } of opened.rejected) countReason(account, reason, records)
}
