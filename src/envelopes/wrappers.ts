import type { Delivery, Wrapper } from './contract.ts'
import { eventbridge } from './eventbridge.ts'
import { firehoseFailed } from './firehose-failed.ts'
import { getFindings } from './get-findings.ts'
import { sns } from './sns.ts'
import { subscription } from './subscription.ts'

/** Every record that wraps others, tried in this order. A new one is a file here and a line in this list. */
export const wrappers: readonly Wrapper[] = [subscription, eventbridge, sns, firehoseFailed, getFindings]

/** A record out of all its wrappers, or why there is nothing to store; `wrapper` names the outermost. */
export type Unwrapped = { wrapper?: string } & (Delivery | (Delivery & { skipped: string }))

/** Deeper than that nobody wraps: Firehose's failed record, of a subscription, of an event, of a notification. */
const DEEPEST = 6

/**
 * What a record is once all wrappers are off: itself, or the records in it, in their order.
 *
 * @param all the wrappers that are tried
 */
export function* unwrapped(
  delivery: Delivery,
  all: readonly Wrapper[] = wrappers,
  depth = 0,
): Generator<Unwrapped> {
  for (const { name, open } of depth < DEEPEST ? all : []) {
    const opened = open(delivery)
    if (!opened) continue
    if ('skipped' in opened) yield { ...delivery, skipped: opened.skipped, wrapper: name }
    else
      for (const inner of opened.inner)
        for (const one of unwrapped(inner, all, depth + 1)) yield { ...one, wrapper: name }
    return
  }
  yield delivery
}
