import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { expand, isWhole } from '../../envelopes/gzip.ts'
import { isZstd, loadZstd } from '../../envelopes/zstd.ts'
import type { Parts } from '../../logtypes/contract.ts'
import { type LogObject, Unreadable } from '../../sources/contract.ts'
import { ofTheObject } from '../failed.ts'
import type { OpenedGroup, OpenedObject } from '../open/contract.ts'
import { KEPT_BYTES } from '../open/rejects.ts'
import type { Session } from '../session.ts'

/** Bedrock writes a large body up to a minute after the record that names it. */
const PATIENCE_MS = 90_000
const PAUSE_MS = 5_000

/**
 * Reads the objects that hold parts of records, and opens again the objects whose records these are; their outcomes
 * and spool files in `opened` are replaced.
 *
 * @returns the parts, by the object whose records name them; or why such an object is not stored for now
 */
export async function openWithParts(
  session: Session,
  objects: readonly LogObject[],
  opened: OpenedGroup,
): Promise<Map<LogObject, Parts | Unreadable>> {
  const { spool: folder, maxObjectBytes: maxBytes } = session
  const found = new Map<LogObject, Parts | Unreadable>()
  for (const [index, object] of objects.entries()) {
    const { awaited } = opened.objects[index] as OpenedObject
    if (!awaited) continue
    try {
      const parts = await partsOf(session, object, awaited)
      const { uri, writtenMs } = object
      const read = await object.read()
      if (object.file === undefined && read.version !== object.version)
        throw new Unreadable('missing', 'it was overwritten while it was read')
      const again = await session.openers.open({
        objects: [{ serial: session.nextSerial(), uri, writtenMs, bytes: read.bytes, parts }],
        folder,
        maxBytes,
        strictly: false,
      })
      opened.objects[index] = again.objects[0] as OpenedObject
      opened.spools.push(...again.spools)
      found.set(object, parts)
    } catch (thrown) {
      const { outcome, reason } = ofTheObject(thrown, 'opening')
      if (outcome === 'too-large') opened.objects[index] = await rejected(session, object, reason)
      else found.set(object, new Unreadable(outcome, reason))
    }
  }
  return found
}

/** What comes of an object that cannot be opened with all that its records name, however often it comes. */
async function rejected(session: Session, object: LogObject, reason: string): Promise<OpenedObject> {
  const { bytes } = await object.read()
  const { uri, writtenMs } = object
  const head = {
    bytes: new Uint8Array(bytes.subarray(0, KEPT_BYTES)),
    size: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  }
  const { objects } = await session.openers.open({
    objects: [{ serial: session.nextSerial(), uri, writtenMs, head, reason }],
    folder: session.spool,
    maxBytes: session.maxObjectBytes,
    strictly: false,
  })
  return objects[0] as OpenedObject
}

/**
 * A body that is late is waited for; one that is still missing is undefined. Where objects keep coming, nobody waits: the
 * object is given back, and comes again.
 */
async function partsOf(session: Session, object: LogObject, uris: readonly string[]): Promise<Parts> {
  const { maxObjectBytes: maxBytes, quietMs } = session
  const parts = new Map<string, Uint8Array | undefined>()
  let size = 0
  for (const uri of uris) {
    let bytes = await object.part?.(uri, maxBytes)
    while (bytes === undefined && object.part && Date.now() - object.writtenMs < PATIENCE_MS) {
      if (quietMs !== undefined && object.release)
        throw new Unreadable('incomplete', `${uri} is not there yet, which a record of it names`)
      await sleep(PAUSE_MS)
      bytes = await object.part(uri, maxBytes)
    }
    if (bytes && isZstd(bytes, 0)) await loadZstd()
    const expanded = bytes && expand(bytes, { maxBytes })
    // It would be as if it was not there.
    if (expanded && !expanded.ok && expanded.code === 'too-large') throw tooManyBytes(uris.length, maxBytes)
    const whole = expanded && isWhole(expanded) ? expanded.bytes : undefined
    size += whole?.length ?? 0
    // All of them are in memory at once.
    if (size > maxBytes) throw tooManyBytes(uris.length, maxBytes)
    parts.set(uri, whole)
  }
  return parts
}

function tooManyBytes(bodies: number, most: number): Unreadable {
  return new Unreadable(
    'too-large',
    `the ${bodies} bodies that its records name have more than ${most} bytes together (ingest.max_object_bytes)`,
  )
}
