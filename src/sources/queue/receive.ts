import { setTimeout as wait } from 'node:timers/promises'
import type { AwsClients } from '../../aws/clients.ts'
import { LakeError, UserError } from '../../lib/errors.ts'
import { tellHeard } from '../../lib/heard.ts'
import { step } from '../../lib/steps.ts'
import type { Failure, Found } from '../contract.ts'
import { readNotice } from '../notices/index.ts'
import { existing, type S3Named, s3Object } from '../s3-object.ts'
import type { Buffered } from './buffer.ts'
import type { Held, InFlight } from './in-flight.ts'
import { unknownNotice, unreadObject } from './letter.ts'
import type { Message, Queue } from './sqs.ts'

/** An open queue: what asks it for messages, and what becomes of them. */
export interface OpenQueue {
  url: string
  clients: AwsClients
  queue: Queue
  inFlight: InFlight
  /** What has been found and not asked for yet. */
  buffer: Buffered<{ held: Held; found: Found }>
  /** How often a message may be received. */
  maxReceives: number
  /** How often one that makes us fail may be. */
  poisonAfter: number
  /** Whether the queue itself takes messages away that are received too often. */
  hasPolicy: boolean
  isStopped(): boolean
  count(what: string): void
}

/** How a queue is asked for messages. */
export interface Polling {
  visibilitySeconds: number
  /** Most messages that are received and not settled. */
  maxInFlight: number
  /** Whether it is full enough for more than one receiver; the first one says so. */
  busy: boolean
  /** The polls under way. */
  polls: Set<Promise<unknown>>
}

/** How long a receiver waits before it asks again whether the source is stopped. */
export const STOP_MS = 2_000
/** What fails for a reason that lies in the message or the object itself, and not in its place. */
const POISON: readonly Failure['outcome'][] = ['failed', 'too-large']
/** Nor do we hold messages that take more than that. A notice takes one or two kB, a hostile message up to 1 MiB. */
const MOST_BYTES = 64 << 20
/** While the service has trouble of its own, it is asked less and less often. */
const TROUBLE_MS = 500
const LONGEST_TROUBLE_MS = 30_000

/**
 * Asks for messages and reads them until `end` is aborted.
 *
 * @param at which of the receivers it is: all but the first pause while there is little to receive
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
    else if (inFlight.size() >= polling.maxInFlight || inFlight.bytes() >= MOST_BYTES)
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

/** Takes a message, and names what it announces. One that cannot be read fails alone. */
async function read(open: OpenQueue, message: Message): Promise<void> {
  try {
    await nameObjects(open, message)
  } catch (thrown) {
    if (isEveryones(thrown)) throw thrown
    const held = open.inFlight.take(message, 1)
    await fail(open, held, undefined, { outcome: 'failed', reason: `it cannot be read: ${kindOf(thrown)}` })
  }
}

async function nameObjects(open: OpenQueue, message: Message): Promise<void> {
  const { inFlight, clients, url } = open
  const { objects, others, unknown } = readNotice(message.body)
  for (const other of others) {
    open.count(other)
    tellHeard(other)
  }
  step('message-received')
  const parts = Math.max(1, objects.length + (unknown.length > 0 ? 1 : 0))
  // Nothing is to be done about it.
  if (objects.length === 0 && unknown.length === 0)
    return await inFlight.settle(inFlight.take(message, parts))

  const named = await Promise.all(objects.map((one) => existing(clients, one)))
  const held = inFlight.take(message, parts)
  for (const one of named) offer(open, held, objectOf(open, held, one))
  if (unknown.length === 0) return
  const deadLetter = unknownNotice(url, message, unknown)
  offer(open, held, { kind: 'dead-letter', deadLetter, acknowledge: () => inFlight.settle(held) })
}

function offer({ inFlight, buffer }: OpenQueue, held: Held, found: Found): void {
  if (!buffer.push({ held, found }))
    void inFlight.settle(held, { outcome: 'given-back', reason: 'the run ends' })
}

function objectOf(open: OpenQueue, held: Held, named: S3Named): Found {
  const object = s3Object(open.clients, named, {
    stopped: open.isStopped,
    acknowledge: () => open.inFlight.settle(held),
    release: (why) => fail(open, held, object.uri, why),
  })
  return object
}

/**
 * A part of a message fails: it is tried again for as long as that may help. After that, what is known of it is kept as a dead
 * letter. What becomes of the message is up to its queue's redrive policy; poison leaves a queue that has none.
 */
async function fail(open: OpenQueue, held: Held, uri: string | undefined, why: Failure): Promise<void> {
  const { inFlight, maxReceives, poisonAfter, hasPolicy, url } = open
  const isPoison = POISON.includes(why.outcome)
  if (why.outcome === 'given-back' || held.receiveCount < (isPoison ? poisonAfter : maxReceives))
    return await inFlight.settle(held, why)
  const deadLetter = unreadObject(url, held, uri, why)
  const isLeft = hasPolicy || !isPoison
  const acknowledge = () => inFlight.settle(held, isLeft ? why : undefined)
  offer(open, held, { kind: 'dead-letter', deadLetter, acknowledge })
}

/** Gives back what was found and not asked for yet. */
export async function giveBack({ inFlight, buffer }: OpenQueue, reason: string): Promise<void> {
  const why: Failure = { outcome: 'given-back', reason }
  await Promise.all(buffer.empty().map(({ held }) => inFlight.settle(held, why)))
}

/** What is wrong with us, and would be so with every message, names its way out. */
function isEveryones(thrown: unknown): boolean {
  return thrown instanceof UserError || thrown instanceof LakeError
}

/** What an error is called: what it says may quote the message. */
function kindOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.name : 'a failure without a name'
}

export async function pause(ms: number, end: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal: end }).catch(() => undefined)
}
