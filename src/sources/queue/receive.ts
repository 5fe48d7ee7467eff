import { setTimeout as wait } from 'node:timers/promises'
import type { AwsClients } from '../../aws/clients.ts'
import { LakeError, UserError } from '../../lib/errors.ts'
import { tellHeard } from '../../lib/heard.ts'
import type { Failure, Found } from '../contract.ts'
import { readNotice } from '../notices/index.ts'
import { existing, type S3Named, s3Object } from '../s3-object.ts'
import type { Buffered } from './buffer.ts'
import { unknownNotice, unreadObject } from './dead-letter.ts'
import type { InFlight, InFlightMessage } from './in-flight.ts'
import type { Message, Queue } from './sqs.ts'
import { faultPoint } from './steps.ts'

/** An open queue, with its settings and its messages in flight. */
export interface OpenQueue {
  url: string
  clients: AwsClients
  queue: Queue
  inFlight: InFlight
  /** Objects and dead letters that were found, and wait for a reader. */
  buffer: Buffered<{ taken: InFlightMessage; found: Found }>
  /** Number of times a message may be received. */
  maxReceiveCount: number
  /** Number of times a message that makes loglake fail may be received. */
  poisonAfter: number
  /** Whether the queue has a redrive policy, which removes messages received too often. */
  hasPolicy: boolean
  isStopped(): boolean
  count(what: string): void
}

/** How messages are received. */
export interface Polling {
  visibilitySeconds: number
  /** Most messages received and not settled. */
  maxInFlight: number
  /** Whether the queue is full enough for more than one receiver; the first receiver sets it. */
  busy: boolean
  /** The open polls. */
  polls: Set<Promise<unknown>>
}

/** 2 seconds between checks whether the source is stopped. */
export const STOP_MS = 2_000
/** Failures caused by the message or the object itself, rather than by a service. */
const POISON: readonly Failure['outcome'][] = ['failed', 'too-large']
/** 64 MiB of messages in flight. A notice takes one or two kB, a hostile message up to 1 MiB. */
const MAX_BYTES = 64 << 20
/** Milliseconds before the first retry when the service is in trouble; grows with each failure. */
const TROUBLE_MS = 500
const LONGEST_TROUBLE_MS = 30_000

/**
 * Receives and reads messages until `end` is aborted.
 *
 * @param at the receiver's number: all but the first pause while there is little to receive
 */
export async function receive(
  open: OpenQueue,
  polling: Polling,
  at: number,
  end: AbortSignal,
): Promise<void> {
  const { queue, inFlight } = open
  let trouble = TROUBLE_MS
  while (!end.aborted) {
    if (open.isStopped()) await pause(STOP_MS, end)
    else if (at > 0 && !polling.busy) await pause(200, end)
    else if (inFlight.size() >= polling.maxInFlight || inFlight.bytes() >= MAX_BYTES)
      await Promise.race([inFlight.room(), pause(1000, end)])
    else {
      const poll = queue.receive(polling.visibilitySeconds)
      polling.polls.add(poll)
      const messages = await poll.finally(() => polling.polls.delete(poll))
      if (messages) {
        if (at === 0) polling.busy = messages.length > 5
        trouble = TROUBLE_MS
        await Promise.all(messages.map((message) => read(open, message)))
      } else {
        open.count('no answer from the queue')
        await pause(trouble, end)
        trouble = Math.min(2 * trouble, LONGEST_TROUBLE_MS)
      }
    }
  }
}

/** Takes a message, and yields the objects that it announces. A message that cannot be read fails alone. */
async function read(open: OpenQueue, message: Message): Promise<void> {
  try {
    await nameObjects(open, message)
  } catch (thrown) {
    if (isEveryones(thrown)) throw thrown
    const taken = open.inFlight.take(message, 1)
    await fail(open, taken, undefined, { outcome: 'failed', reason: `it cannot be read: ${kindOf(thrown)}` })
  }
}

async function nameObjects(open: OpenQueue, message: Message): Promise<void> {
  const { inFlight, clients, url } = open
  const { objects, others, unknown } = readNotice(message.body)
  for (const other of others) {
    open.count(other)
    tellHeard(other)
  }
  faultPoint('message-received')
  const parts = Math.max(1, objects.length + (unknown.length > 0 ? 1 : 0))
  // There is nothing to do for it.
  if (objects.length === 0 && unknown.length === 0)
    return await inFlight.settle(inFlight.take(message, parts))

  const named = await Promise.all(objects.map((one) => existing(clients, one)))
  const taken = inFlight.take(message, parts)
  for (const one of named) offer(open, taken, objectOf(open, taken, one))
  if (unknown.length === 0) return
  const deadLetter = unknownNotice(url, message, unknown)
  offer(open, taken, { kind: 'dead-letter', deadLetter, acknowledge: () => inFlight.settle(taken) })
}

function offer({ inFlight, buffer }: OpenQueue, taken: InFlightMessage, found: Found): void {
  if (!buffer.push({ taken, found }))
    void inFlight.settle(taken, { outcome: 'released', reason: 'the run ends' })
}

function objectOf(open: OpenQueue, taken: InFlightMessage, named: S3Named): Found {
  const object = s3Object(open.clients, named, {
    stopped: open.isStopped,
    acknowledge: () => open.inFlight.settle(taken),
    release: (why) => fail(open, taken, object.uri, why),
  })
  return object
}

/**
 * Handles the failure of one part of a message: it is retried while that may help, and then kept as a dead
 * letter. The message itself is left to the queue's redrive policy; when the queue has none, a poison message
 * is deleted.
 */
async function fail(
  open: OpenQueue,
  taken: InFlightMessage,
  uri: string | undefined,
  why: Failure,
): Promise<void> {
  const { inFlight, maxReceiveCount, poisonAfter, hasPolicy, url } = open
  const isPoison = POISON.includes(why.outcome)
  if (why.outcome === 'released' || taken.receiveCount < (isPoison ? poisonAfter : maxReceiveCount))
    return await inFlight.settle(taken, why)
  const deadLetter = unreadObject(url, taken, uri, why)
  const isLeft = hasPolicy || !isPoison
  const acknowledge = () => inFlight.settle(taken, isLeft ? why : undefined)
  offer(open, taken, { kind: 'dead-letter', deadLetter, acknowledge })
}

/** Releases the objects that wait for a reader. */
export async function releaseFound({ inFlight, buffer }: OpenQueue, reason: string): Promise<void> {
  const why: Failure = { outcome: 'released', reason }
  await Promise.all(buffer.empty().map(({ taken }) => inFlight.settle(taken, why)))
}

/** Whether an error concerns every message; such errors name their remedy. */
function isEveryones(thrown: unknown): boolean {
  return thrown instanceof UserError || thrown instanceof LakeError
}

/** The name of an error: its message may quote the log. */
function kindOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.name : 'a failure without a name'
}

export async function pause(ms: number, end: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal: end }).catch(() => undefined)
}
