import { hasRepeats } from '../json/strict.ts'
import type { Delivery, Wrapper } from './contract.ts'
import { eventbridge } from './eventbridge.ts'
import { firehoseFailed } from './firehose-failed.ts'
import { getFindings } from './get-findings.ts'
import { lambdaEvent, lambdaFailed } from './lambda-event.ts'
import { nested } from './nested.ts'
import { sns } from './sns.ts'
import { subscription } from './subscription.ts'

/** Every record that wraps others, tried in this order. A new one is a file here and a line in this list. */
export const wrappers: readonly Wrapper[] = [
  subscription,
  eventbridge,
  sns,
  firehoseFailed,
  getFindings,
  lambdaEvent,
  lambdaFailed,
]

/**
 * Documents in the place of a record. They are tried last: a user's log type may have a list of the same
 * name.
 */
export const documentWrappers: readonly Wrapper[] = [nested]

const EVERY: readonly Wrapper[] = [...wrappers, ...documentWrappers]

/** A record without its wrappers; or a wrapper that stays closed, since no record comes out of it. */
export interface Unwrapped extends Delivery {
  /** The outermost wrapper. */
  wrapper?: string | undefined
  /** Why it stays closed: it holds nothing to store, or it must not be opened. */
  closed?: { kind: 'skipped' | 'refused'; reason: string }
}

/**
 * 8 levels: the deepest known case is a failed invocation of Lambda, with the records of a stream, of a
 * subscription, of a notification, of an event.
 */
const DEEPEST = 8

/**
 * The records inside all wrappers, in order; a record without a wrapper is returned itself.
 *
 * @param all the wrappers that are tried
 */
export function unwrapped(delivery: Delivery, all: readonly Wrapper[] = EVERY): Unwrapped[] {
  const found: Unwrapped[] = []
  unwrap(delivery, { all, wrapper: undefined, depth: 0 }, found)
  return found
}

const REPEATS = { kind: 'refused', reason: 'a field of the wrapper appears twice' } as const

interface Nesting {
  all: readonly Wrapper[]
  /** The outermost wrapper so far. */
  wrapper: string | undefined
  depth: number
}

function unwrap(delivery: Delivery, { all, wrapper, depth }: Nesting, found: Unwrapped[]): void {
  if (depth < DEEPEST) {
    for (const { name, parsed, open } of all) {
      const opened = open(delivery)
      if (!opened) continue
      const nesting = { all, wrapper: wrapper ?? name, depth: depth + 1 }
      const { bytes, record } = delivery
      if (parsed && record && hasRepeats(bytes, record))
        found.push({ ...delivery, wrapper: nesting.wrapper, closed: REPEATS })
      else if (opened.kind === 'skipped')
        found.push({ ...delivery, wrapper: nesting.wrapper, closed: opened })
      else for (const inner of opened.inner) unwrap(inner, nesting, found)
      return
    }
  }
  const { bytes, record, context, text } = delivery
  found.push(wrapper === undefined ? delivery : { bytes, record, context, text, wrapper })
}
