import type { Context, Delivery } from '../../envelopes/contract.ts'
import { expand, expandMixed } from '../../envelopes/gzip.ts'
import { unwrap } from '../../envelopes/index.ts'
import { isSound } from './choose.ts'
import { readRecords, sourceOf } from './records.ts'
import type { Registry } from './registry.ts'

/** The bytes of each record of an object as it was delivered, without its wrappers. */
export function deliveredRecords(
  bytes: Uint8Array,
  maxBytes: number,
  context: Context,
  registry: Registry,
): Uint8Array[] {
  return deliveriesIn(bytes, maxBytes, context, registry).map((delivery) => delivery.bytes)
}

/**
 * Each record of an object as it was delivered, without its wrappers. For zstd, the decoder must be loaded
 * already.
 */
export function deliveriesIn(
  bytes: Uint8Array,
  maxBytes: number,
  context: Context,
  registry: Registry,
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
  const { wrappers } = registry
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
