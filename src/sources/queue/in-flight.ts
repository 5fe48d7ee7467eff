import type { Failure } from '../contract.ts'
import type { Message, Queue } from './sqs.ts'
import { faultPoint } from './steps.ts'

/** A message that was received and must be settled. */
export interface InFlightMessage extends Message {
  /** Number of its objects and dead letters that are neither acknowledged nor released. */
  open: number
  failures: Failure[]
  /** When it was received, and when its visibility was last extended, on a monotonic clock. */
  receivedMs: number
  extendedMs: number
  /** Set while its visibility is being extended. */
  extending?: Promise<unknown>
}

/** Received messages, which stay invisible to other receivers until they are settled. */
export interface InFlight {
  take(message: Message, parts: number): InFlightMessage
  /** Marks one part of a message as done; the last part settles the message. */
  settle(message: InFlightMessage, failure?: Failure): Promise<void>
  size(): number
  /** Bytes of the messages' bodies. */
  bytes(): number
  /** When the oldest message was sent, in milliseconds since 1970. */
  oldestMs(): number | undefined
  /** Resolves when the number of messages falls. */
  room(): Promise<void>
  /** Releases all messages that are not settled. */
  close(): Promise<void>
}

/** 12 hours, less 10 seconds: SQS keeps a message invisible no longer than that after its receipt. */
const LONGEST_MS = 12 * 3_600_000 - 10_000

const LONGEST_RETRY_SECONDS = 900

/**
 * @param visibilitySeconds seconds that a message stays invisible at a time
 * @param retrySeconds seconds until a message whose object could not be read comes again; doubles each time
 * @param quiet resolves when no poll is open, because an open poll would at once receive released messages
 * @param onStuck called when a message could not be deleted: it comes again, and its objects are in the lake
 */
export function inFlightOf(
  queue: Queue,
  visibilitySeconds: number,
  retrySeconds: number,
  quiet: () => Promise<unknown>,
  onStuck: () => void,
): InFlight {
  const inFlight = new Set<InFlightMessage>()
  let bytes = 0
  const waiting: (() => void)[] = []
  const timer = setInterval(() => void renew(), Math.max(200, visibilitySeconds * 250))
  timer.unref()

  function drop(message: InFlightMessage): void {
    if (inFlight.delete(message)) bytes -= message.body.length
    for (const wake of waiting.splice(0)) wake()
  }

  /** Extends the visibility of messages at half of its time. */
  async function renew(): Promise<void> {
    const now = performance.now()
    const due = [...inFlight].filter(
      ({ open, extendedMs }) => open > 0 && now - extendedMs >= visibilitySeconds * 500,
    )
    await Promise.all(
      due.map(async (message) => {
        const left = Math.floor((message.receivedMs + LONGEST_MS - now) / 1000)
        message.extendedMs = now
        if (left <= 0) return
        // Refused when the visibility has expired: another receiver may have the message, and the ledger
        // decides who was first.
        message.extending = queue.extendVisibility(message.receiptHandle, Math.min(visibilitySeconds, left))
        await message.extending
      }),
    )
  }

  async function finish(message: InFlightMessage): Promise<void> {
    const { failures, receiptHandle, receiveCount } = message
    // The visibility must not be extended after the final call.
    await message.extending
    if (failures.length === 0) {
      if (!(await queue.remove(receiptHandle))) onStuck()
      faultPoint('message-deleted')
    } else {
      const back = failures.every(({ outcome }) => outcome === 'released')
      if (back) await quiet()
      await queue.extendVisibility(receiptHandle, back ? 0 : delay(retrySeconds, receiveCount))
    }
    drop(message)
  }

  return {
    take(message, parts) {
      const now = performance.now()
      const taken: InFlightMessage = {
        ...message,
        open: parts,
        failures: [],
        receivedMs: now,
        extendedMs: now,
      }
      inFlight.add(taken)
      bytes += taken.body.length
      return taken
    },
    async settle(message, failure) {
      if (failure) message.failures.push(failure)
      message.open--
      if (message.open === 0) await finish(message)
    },
    size: () => inFlight.size,
    bytes: () => bytes,
    oldestMs() {
      let oldest: number | undefined
      for (const { sentMs } of inFlight) oldest = Math.min(oldest ?? sentMs, sentMs)
      return oldest
    },
    room: () => new Promise((wake) => waiting.push(wake)),
    async close() {
      clearInterval(timer)
      const rest = [...inFlight].filter(({ open }) => open > 0)
      await Promise.all([quiet(), ...rest.map(({ extending }) => extending)])
      await Promise.all(rest.map(({ receiptHandle }) => queue.extendVisibility(receiptHandle, 0)))
      for (const message of rest) drop(message)
    },
  }
}

/** 15 seconds after the first attempt, 30 after the second, up to 15 minutes. */
function delay(first: number, receiveCount: number): number {
  return Math.min(LONGEST_RETRY_SECONDS, first * 2 ** Math.min(10, Math.max(0, receiveCount - 1)))
}
