import type { Context, Delivery } from '../../envelopes/contract.ts'
import { expand, expandMixed } from '../../envelopes/gzip.ts'
import { unwrap } from '../../envelopes/index.ts'
import { isSound } from './choose.ts'
import { readRecords, sourceOf } from './records.ts'
import type { Registry } from './registry.ts'

/** The bytes of each of an object's records, as they were delivered, out of their wrappers. */
export function deliveredRecords(
  bytes: Uint8Array,
  maxBytes: number,
  context: Context,
  known: Registry,
): Uint8Array[] {
  return deliveriesIn(bytes, maxBytes, context, known).map((delivery) => delivery.bytes)
}

/** Each of an object's records, as it was delivered, out of its wrappers. What is zstd needs its decoder loaded. */
export function deliveriesIn(
  bytes: Uint8Array,
  maxBytes: number,
  context: Context,
  known: Registry,
): Delivery[] {
  const expanded = expand(bytes, { maxBytes })
  let opened = expanded.ok ? unwrap(expanded.bytes, context) : undefined
  const mixed =
    expanded.ok && expanded.wrapper === 'plain' && opened && !isSound(opened)
      ? expandMixed(bytes, { maxBytes })
      : undefined
  if (mixed?.ok) opened = unwrap(mixed.bytes, context)
  if (opened?.kind === 'texts') return [...opened.texts]
  if (opened?.kind !== 'records') return []
  const found: Delivery[] = []
  const { wrappers } = known
  readRecords(opened.source ?? sourceOf(opened.records), {
    context,
    wrappers,
    typeOf: () => undefined,
    delivered(position, delivery) {
      found[position] = delivery
    },
  })
  return found
}
