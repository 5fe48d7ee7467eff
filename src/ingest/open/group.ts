import { isDone, isRetyped } from '../../ledger/lookup.ts'
import { LakeError } from '../../lib/errors.ts'
import { Unreadable } from '../../sources/contract.ts'
import type { BatchObject } from '../contract.ts'
import { ofTheObject, release } from '../failed.ts'
import { asRead, type Fetched } from '../fetch/fetch.ts'
import type { Group } from '../fetch/groups.ts'
import { openWithOverflowBodies } from '../fetch/overflow-bodies.ts'
import type { Gathered } from '../gathered.ts'
import type { Session } from '../session.ts'
import { faultPoint } from '../steps.ts'
import type { Totals } from '../totals.ts'
import type { Content, ObjectBytes, OpenedObject, OpenedGroup as OpenReply } from './contract.ts'

/** Opens a group of objects. Drops those whose bytes are in the lake already under another version. */
export async function openGroup(session: Session, totals: Totals, group: Group): Promise<Gathered> {
  const bytes = group.objects.map(
    (one): ObjectBytes => ({
      serial: session.nextSerial(),
      uri: one.object.uri,
      writtenMs: one.object.writtenMs,
      ...contentOf(one),
    }),
  )
  const { spool: folder, maxObjectBytes: maxBytes } = session
  let opened: OpenReply
  try {
    opened = await session.pool.open({ objects: bytes, folder, maxBytes, strictly: false })
  } catch (thrown) {
    return await openApart(session, totals, group, thrown)
  }
  const overflowBodies = await openWithOverflowBodies(
    session,
    group.objects.map(({ object }) => object),
    opened,
  )
  faultPoint('opened')
  const fresh: BatchObject[] = []
  for (const [index, { object, rows }] of group.objects.entries()) {
    const own = overflowBodies.get(object)
    if (own instanceof Unreadable) {
      await release(totals, object, { outcome: own.outcome, reason: own.message })
      continue
    }
    const outcome = opened.objects[index] as OpenedObject
    const duplicate = rows.find(
      ({ sha256, version }) => sha256 === outcome.sha256 && version !== object.version,
    )
    if (duplicate && isDone(duplicate, session)) {
      totals.objects.already++
      await object.acknowledge()
      continue
    }
    const previous = rows.find(({ version }) => version === object.version)
    const entry: BatchObject = { object, opened: outcome, reread: duplicate !== undefined }
    if (previous) entry.previous = previous
    if (previous && isRetyped(previous, session)) entry.retyped = true
    if (own) entry.overflowBodies = own
    fresh.push(entry)
  }
  return { ...gatheredOf(group), objects: fresh, spools: opened.spools }
}

/** What a thread is sent of a fetched object. */
function contentOf(one: Fetched): Content {
  switch (one.kind) {
    case 'bytes':
      return { kind: 'bytes', bytes: one.bytes }
    case 'file':
      return { kind: 'file', file: one.file }
    case 'head':
      return { kind: 'head', head: one.head }
  }
}

/** The part of the result that does not depend on opening the objects. */
function gatheredOf({ objects, again }: Group): Gathered {
  const ledgerSequence = Math.min(...objects.map((one) => one.ledgerSequence))
  return { objects: [], spools: [], again, deadLetters: [], ledgerSequence }
}

/**
 * Opens a group again that failed as a whole: without the file that its thread could not read, or one object
 * at a time, to find the one that makes it fail. That object is released.
 */
async function openApart(session: Session, totals: Totals, group: Group, thrown: unknown): Promise<Gathered> {
  if (thrown instanceof LakeError)
    return await openGroup(session, totals, await withoutFile(totals, group, thrown))
  const [only, ...others] = group.objects
  if (only && others.length === 0) {
    await release(totals, only.object, ofTheObject(thrown, 'opening'))
    return gatheredOf(group)
  }
  const opened = gatheredOf(group)
  for (const one of group.objects) {
    // Bytes sent to a thread are gone here, so they are read again.
    const again = one.kind === 'bytes' ? await readAgain(totals, one) : one
    if (!again) continue
    const { objects, spools } = await openGroup(session, totals, { objects: [again], again: [] })
    opened.objects.push(...objects)
    opened.spools.push(...spools)
  }
  return opened
}

async function readAgain(
  totals: Totals,
  one: Extract<Fetched, { kind: 'bytes' }>,
): Promise<Fetched | undefined> {
  try {
    const read = await one.object.read()
    return { ...one, object: asRead(one.object, read), bytes: read.bytes }
  } catch (thrown) {
    await release(totals, one.object, ofTheObject(thrown, 'reading'))
    return undefined
  }
}

/**
 * The group without the file that its thread could not read. Rethrows the thread's error when it has another
 * cause, or when the file can be read after all.
 */
async function withoutFile(totals: Totals, group: Group, thrown: unknown): Promise<Group> {
  const file = thrown instanceof LakeError ? thrown.file : undefined
  const broken = group.objects.find((one) => one.kind === 'file' && one.file === file)
  const why = await broken?.object.read().catch((failure) => failure as Unreadable)
  if (!broken || !(why instanceof Unreadable)) throw thrown
  await release(totals, broken.object, { outcome: why.outcome, reason: why.message })
  return { ...group, objects: group.objects.filter((one) => one !== broken) }
}
