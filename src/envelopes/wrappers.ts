import type { Delivery, Wrapper } from './contract.ts'
import { eventbridge } from './eventbridge.ts'
import { firehoseFailed } from './firehose-failed.ts'
import { getFindings } from './get-findings.ts'
import { nested } from './nested.ts'
import { sns } from './sns.ts'
import { subscription } from './subscription.ts'

/** Every record that wraps others, tried in this order. A new one is a file here and a line in this list. */
export const wrappers: readonly Wrapper[] = [subscription, eventbridge, sns, firehoseFailed, getFindings]

/** Documents in the place of a record. They are tried last: a log type of the user's may have a list of the same name. */
export const documentWrappers: readonly Wrapper[] = [nested]

const EVERY: readonly Wrapper[] = [...wrappers, ...documentWrappers]

/** A record out of all its wrappers, or why there is nothing to store; `wrapper` names the outermost. */
export type Unwrapped = { wrapper?: string | undefined } & (Delivery | (Delivery & { skipped: string }))

/** Deeper than that nobody wraps: Firehose's failed record, of a subscription, of an event, of a notification. */
const DEEPEST = 6

/**
 * What a record is once all wrappers are off: itself, or the records in it, in their order.
 *
 * @param all the wrappers that are tried
 */
export function unwrapped(delivery: Delivery, all: readonly Wrapper[] = EVERY): Unwrapped[] {
  const found: Unwrapped[] = []
  unwrap(delivery, { all, wrapper: undefined, depth: 0 }, found)
  return found
}

interface Place {
  all: readonly Wrapper[]
  /** The outermost wrapper so far. */
  wrapper: string | undefined
  depth: number
}

function unwrap(delivery: Delivery, { all, wrapper, depth }: Place, found: Unwrapped[]): void {
  if (depth < DEEPEST) {
    for (const { name, open } of all) {
      const opened = open(delivery)
      if (!opened) continue
      const place = { all, wrapper: wrapper ?? name, depth: depth + 1 }
      if ('skipped' in opened) found.push({ ...delivery, skipped: opened.skipped, wrapper: place.wrapper })
      else for (const inner of opened.inner) unwrap(inner, place, found)
      return
    }
  }
  const { bytes, record, context, text } = delivery
  found.push(wrapper === undefined ? delivery : { bytes, record, context, text, wrapper })
}
