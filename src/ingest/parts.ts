import { setTimeout as sleep } from 'node:timers/promises'
import { expand } from '../envelopes/gzip.ts'
import type { Parts } from '../logtypes/contract.ts'
import { type LogObject, Unreadable } from '../sources/contract.ts'
import type { OpenedGroup, OpenedObject } from './open.ts'
import type { Session } from './session.ts'

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
  const read = new Map<LogObject, Parts | Unreadable>()
  for (const [index, object] of objects.entries()) {
    const { awaited } = opened.objects[index] as OpenedObject
    if (!awaited) continue
    try {
      const parts = await partsOf(session, object, awaited)
      const { uri, writtenMs } = object
      const again = await session.openers.open({
        objects: [{ serial: session.nextSerial(), uri, writtenMs, bytes: await object.read(), parts }],
        folder,
        maxBytes,
        strictly: false,
      })
      opened.objects[index] = again.objects[0] as OpenedObject
      opened.spools.push(...again.spools)
      read.set(object, parts)
    } catch (thrown) {
      if (!(thrown instanceof Unreadable)) throw thrown
      read.set(object, thrown)
    }
  }
  return read
}

/**
 * A body that is late is waited for; one that is still missing is undefined. Where objects keep coming, nobody waits: the
 * object is given back, and comes again.
 */
async function partsOf(session: Session, object: LogObject, uris: readonly string[]): Promise<Parts> {
  const { maxObjectBytes: maxBytes, quietMs } = session
  const parts = new Map<string, Uint8Array | undefined>()
  for (const uri of uris) {
    let bytes = await object.part?.(uri)
    while (bytes === undefined && object.part && Date.now() - object.writtenMs < PATIENCE_MS) {
      if (quietMs !== undefined && object.release)
        throw new Unreadable('incomplete', `${uri} is not there yet, which a record of it names`)
      await sleep(PAUSE_MS)
      bytes = await object.part(uri)
    }
    const expanded = bytes && expand(bytes, { maxBytes })
    parts.set(uri, expanded?.ok && expanded.cut === undefined ? expanded.bytes : undefined)
  }
  return parts
}
