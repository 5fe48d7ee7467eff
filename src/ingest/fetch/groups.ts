import { patient } from '../../lib/stream.ts'
import type { LogObject } from '../../sources/contract.ts'
import type { Session } from '../session.ts'
import type { Totals } from '../totals.ts'
import type { Fetched } from './fetch.ts'

/** Objects that one thread opens in one request. */
export interface Group {
  objects: Fetched[]
  /** Later mentions of these objects by the source. */
  again: LogObject[]
}

/** Limits of a group, in objects and in delivered bytes: together its records fill about one row group. */
const GROUP_OBJECTS = 64
const GROUP_BYTES = 2 << 20

/**
 * Puts fetched objects into groups. When no object arrives for `quietMs`, the group is passed on as it is.
 */
export async function* grouped(
  { batchObjects, quietMs }: Session,
  found: AsyncIterable<Fetched>,
  totals: Totals,
): AsyncGenerator<Group> {
  const max = Math.min(GROUP_OBJECTS, batchObjects)
  const source = patient(found)
  let group: Group | undefined
  let bytes = 0
  try {
    for (;;) {
      const next = await source.next(group ? quietMs : undefined)
      if (next?.done) break
      const one = next?.value
      const same = group?.objects.find(({ object }) => object.uri === one?.object.uri)?.object
      if (group && one && same?.version === one.object.version) {
        group.again.push(one.object)
        totals.objects.already++
        continue
      }
      const full = group && (group.objects.length >= max || bytes >= GROUP_BYTES)
      if (group && (full || same || !one)) {
        yield group
        group = undefined
        bytes = 0
      }
      if (!one) continue
      group ??= { objects: [], again: [] }
      group.objects.push(one)
      bytes += one.kind === 'bytes' ? one.bytes.length : one.object.bytes
    }
    if (group) yield group
  } finally {
    await source.close()
  }
}
