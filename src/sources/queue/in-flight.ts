import { step } from '../../lib/steps.ts'
import type { Failure } from '../contract.ts'
import type { Message, Queue } from './sqs.ts'

/** A message that we have, and must settle. */
export interface Held extends Message {
  /** What it leads to and is neither acknowledged nor released. */
  open: number
  failures: Failure[]
  /** When it was received, and when it was last hidden anew; of a clock that only goes forward. */
  receivedMs: number
  extendedMs: number
  /** While it is being hidden anew. */
  extending?: Promise<unknown>
}

/** The messages that we have: hidden from others until they are settled. */
export interface InFlight {
  take(message: Message, parts: number): Held
  /** One of the parts of a message is done with; the last one settles it. */
  settle(held: Held, failure?: Failure): Promise<void>
  size(): number
  /** What the bodies of the messages take. */
  bytes(): number
  /** When the oldest message was sent, in milliseconds since 1970. */
  oldestMs(): number | undefined
  /** Resolves when there is one less than there was. */
  room(): Promise<void>
  /** Gives back at once what is not settled. */
  close(): Promise<void>
}

/** SQS hides a message no longer than that after it was received, however often it is asked. */
const LONGEST_MS = 12 * 3_600_000 - 10_000

const LONGEST_RETRY_SECONDS = 900

/**
 * @param visibilitySeconds how long a message is hidden at a time
 * @param retrySeconds after how long a message whose object could not be read comes again; twice as long each time
 * @param quiet resolves when no poll is open: one would take at once what is given back
 * @param onStuck a message could not be deleted: it comes again, and finds its objects in the lake
 */
export function inFlightOf(
  queue: Queue,
  visibilitySeconds: number,
  retrySeconds: number,
  quiet: () => Promise<unknown>,
  onStuck: () => void,
): InFlight {
  const held = new Set<Held>()
  let bytes = 0
  const waiting: (() => void)[] = []
  const timer = setInterval(() => void renew(), Math.max(200, visibilitySeconds * 250))
  timer.unref()

  function drop(message: Held): void {
    if (held.delete(message)) bytes -= message.body.length
    for (const wake of waiting.splice(0)) wake()
  }

  /** Hides anew what has been hidden for half of its time. */
  async function renew(): Promise<void> {
    const now = performance.now()
    const due = [...held].filter(
      ({ open, extendedMs }) => open > 0 && now - extendedMs >= visibilitySeconds * 500,
    )
    await Promise.all(
      due.map(async (message) => {
        const left = Math.floor((message.receivedMs + LONGEST_MS - now) / 1000)
        message.extendedMs = now
        if (left <= 0) return
        // Refused when it has expired: somebody else has it then, and the ledger tells who was first.
        message.extending = queue.extendVisibility(message.receiptHandle, Math.min(visibilitySeconds, left))
        await message.extending
      }),
    )
  }

  async function finish(message: Held): Promise<void> {
    const { failures, receiptHandle, receiveCount } = message
    // The last word on how long it is hidden is ours.
    await message.extending
    if (failures.length === 0) {
      if (!(await queue.remove(receiptHandle))) onStuck()
      step('message-deleted')
    } else {
      const back = failures.every(({ outcome }) => outcome === 'given-back')
      if (back) await quiet()
      await queue.extendVisibility(receiptHandle, back ? 0 : delay(retrySeconds, receiveCount))
    }
    drop(message)
  }

  return {
    take(message, parts) {
      const now = performance.now()
      const taken: Held = { ...message, open: parts, failures: [], receivedMs: now, extendedMs: now }
      held.add(taken)
      bytes += taken.body.length
      return taken
    },
    async settle(message, failure) {
      if (failure) message.failures.push(failure)
      message.open--
      if (message.open === 0) await finish(message)
    },
    size: () => held.size,
    bytes: () => bytes,
    oldestMs() {
      let oldest: number | undefined
      for (const { sentMs } of held) oldest = Math.min(oldest ?? sentMs, sentMs)
      return oldest
    },
    room: () => new Promise((wake) => waiting.push(wake)),
    async close() {
      clearInterval(timer)
      const rest = [...held].filter(({ open }) => open > 0)
      await Promise.all([quiet(), ...rest.map(({ extending }) => extending)])
      await Promise.all(rest.map(({ receiptHandle }) => queue.extendVisibility(receiptHandle, 0)))
      for (const message of rest) drop(message)
    },
  }
}

/** 15 seconds after the first time, 30 after the second, up to 15 minutes. */
function delay(first: number, receives: number): number {
  return Math.min(LONGEST_RETRY_SECONDS, first * 2 ** Math.min(10, Math.max(0, receives - 1)))
}
