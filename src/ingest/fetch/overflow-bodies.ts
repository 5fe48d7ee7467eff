import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { expand, isWhole } from '../../envelopes/gzip.ts'
import { isZstd, loadZstd } from '../../envelopes/zstd.ts'
import type { OverflowBodies } from '../../logtypes/contract.ts'
import { type LogObject, Unreadable } from '../../sources/contract.ts'
import { ofTheObject } from '../failed.ts'
import type { OpenedGroup, OpenedObject } from '../open/contract.ts'
import { KEPT_BYTES } from '../open/rejects.ts'
import type { Session } from '../session.ts'

/** 90 seconds: Bedrock writes a large body up to a minute after the record that names it. */
const PATIENCE_MS = 90_000
const PAUSE_MS = 5_000

/**
 * Reads the objects that hold overflow bodies, and opens the objects again whose records name them. Replaces
 * their outcomes and spool files in `opened`.
 *
 * @returns the bodies, by the object whose records name them; or why such an object is not stored in this run
 */
export async function openWithOverflowBodies(
  session: Session,
  objects: readonly LogObject[],
  opened: OpenedGroup,
): Promise<Map<LogObject, OverflowBodies | Unreadable>> {
  const { spool: folder, maxObjectBytes: maxBytes } = session
  const found = new Map<LogObject, OverflowBodies | Unreadable>()
  for (const [index, object] of objects.entries()) {
    const { pending } = opened.objects[index] as OpenedObject
    if (!pending) continue
    try {
      const overflowBodies = await overflowBodiesOf(session, object, pending)
      const { uri, writtenMs } = object
      const read = await object.read()
      if (object.file === undefined && read.version !== object.version)
        throw new Unreadable('missing', 'it was overwritten while it was read')
      const again = await session.pool.open({
        objects: [
          { serial: session.nextSerial(), uri, writtenMs, overflowBodies, kind: 'bytes', bytes: read.bytes },
        ],
        folder,
        maxBytes,
        strictly: false,
      })
      opened.objects[index] = again.objects[0] as OpenedObject
      opened.spools.push(...again.spools)
      found.set(object, overflowBodies)
    } catch (thrown) {
      const { outcome, reason } = ofTheObject(thrown, 'opening')
      if (outcome === 'too-large') opened.objects[index] = await rejected(session, object, reason)
      else found.set(object, new Unreadable(outcome, reason))
    }
  }
  return found
}

/** The outcome of an object that can never be opened with all the bodies that its records name. */
async function rejected(session: Session, object: LogObject, reason: string): Promise<OpenedObject> {
  const { bytes } = await object.read()
  const { uri, writtenMs } = object
  const head = {
    bytes: new Uint8Array(bytes.subarray(0, KEPT_BYTES)),
    size: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  }
  const { objects } = await session.pool.open({
    objects: [{ serial: session.nextSerial(), uri, writtenMs, kind: 'head', head, reason }],
    folder: session.spool,
    maxBytes: session.maxObjectBytes,
    strictly: false,
  })
  return objects[0] as OpenedObject
}

/**
 * Reads the bodies that a record names and waits for late ones; a body that is still missing is undefined. A
 * continuous source is not held up: the object is released, and comes again later.
 */
async function overflowBodiesOf(
  session: Session,
  object: LogObject,
  uris: readonly string[],
): Promise<OverflowBodies> {
  const { maxObjectBytes: maxBytes, quietMs } = session
  const overflowBodies = new Map<string, Uint8Array | undefined>()
  let size = 0
  for (const uri of uris) {
    let bytes = await object.overflowBody?.(uri, maxBytes)
    while (bytes === undefined && object.overflowBody && Date.now() - object.writtenMs < PATIENCE_MS) {
      if (quietMs !== undefined && object.release)
        throw new Unreadable('incomplete', `${uri} is not there yet, which a record of it names`)
      await sleep(PAUSE_MS)
      bytes = await object.overflowBody(uri, maxBytes)
    }
    if (bytes && isZstd(bytes, 0)) await loadZstd()
    const expanded = bytes && expand(bytes, { maxBytes })
    // Otherwise it would count as missing.
    if (expanded && !expanded.ok && expanded.code === 'too-large') throw tooManyBytes(uris.length, maxBytes)
    const whole = expanded && isWhole(expanded) ? expanded.bytes : undefined
    size += whole?.length ?? 0
    // All bodies of an object are in memory at once.
    if (size > maxBytes) throw tooManyBytes(uris.length, maxBytes)
    overflowBodies.set(uri, whole)
  }
  return overflowBodies
}

function tooManyBytes(bodies: number, max: number): Unreadable {
  return new Unreadable(
    'too-large',
    `the ${bodies} bodies that its records name have more than ${max} bytes together (ingest.max_object_bytes)`,
  )
}
