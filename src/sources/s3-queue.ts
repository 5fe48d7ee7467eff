import { setMaxListeners } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import type { z } from 'zod'
import { awsClients } from '../aws/clients.ts'
import { identitySection } from '../aws/identity.ts'
import { section, textLike, whole } from '../lib/settings.ts'
import { step } from '../lib/steps.ts'
import type { Failure, Found, Source, SourceDeps } from './contract.ts'
import { leavesOut } from './filter.ts'
import { readNotice } from './notices/index.ts'
import { type Hand, type Held, hand } from './queue/hand.ts'
import { unknownNotice, unreadObject } from './queue/letter.ts'
import { type Mailbox, type Message, mailbox } from './queue/mailbox.ts'
import { outbox } from './queue/outbox.ts'
import { existing, s3Object } from './s3-object.ts'
import { commitSection, filterSection } from './settings.ts'

export const name = 's3-queue'
export const doc =
  'Objects on S3, as a queue on SQS announces them: by S3 itself, SNS, EventBridge, CloudTrail, Security Lake.'

export const settings = section(
  {
    queue: textLike(/^https?:\/\/\S+$/, "a queue's URL is wanted", 'The URL of the queue.'),
    identity: identitySection('Who we are to the queue and to the buckets.').prefault({}),
    filter: filterSection(),
    commit: commitSection(),
    visibility_seconds: whole(
      2,
      'A message is hidden from others for so long, and hidden anew until its objects are committed.',
    ).default(120),
    retry_seconds: whole(
      1,
      'An object that cannot be read is tried again after so many seconds, twice as many each time, up to 15 minutes.',
    ).default(15),
    receivers: whole(1, 'So many ask for messages at once, while there are many.').default(4),
    in_hand: whole(10, 'Most messages that are received and not yet settled.').default(6000),
  },
  doc,
)

export type Settings = z.output<typeof settings>

/** Whether the source is stopped is asked so often. */
const STOP_MS = 2_000
/** A queue that hands messages out for ever: the tenth time, one that leads to nothing is a dead letter too. */
const MOST_RECEIVES = 10
/** Nor do we hold messages that take more than that. A notice takes one or two kB, a hostile message up to 1 MiB. */
const MOST_BYTES = 64 << 20
/** While the service has trouble of its own, it is asked less and less often. */
const TROUBLE_MS = 500
const LONGEST_TROUBLE_MS = 30_000

/**
 * Receives messages and names the objects that they announce. A message is deleted once all its objects are acknowledged;
 * when one fails, it is hidden for a while and comes again, for as long as its queue lets it.
 */
export function open(options: Settings, deps: SourceDeps): Source {
  const { queue, visibility_seconds: visibility, receivers, in_hand: most } = options
  const clients = awsClients(options.identity)
  const told: Record<string, number> = {}
  const waiting = outbox<{ held: Held; found: Found }>()
  const polls = new Set<Promise<unknown>>()
  const quiet = () => Promise.allSettled(polls)
  let mine: Hand | undefined
  let stopped = false
  /** The queue is full enough for more than one receiver. */
  let busy = false

  return {
    name: deps.name,
    continuous: true,
    leftOut: leavesOut(options.filter),
    told: () => ({ ...told }),
    state: () => ({ inHand: mine?.size() ?? 0, oldestMs: mine?.oldestMs(), stopped }),
    async *objects(signal) {
      const over = new AbortController()
      const end = signal ? AbortSignal.any([signal, over.signal]) : over.signal
      setMaxListeners(0, end)
      const box = mailbox(await clients.sqs(regionOf(queue)), queue)
      mine = hand(box, visibility, options.retry_seconds, quiet, () => count('message not deleted'))
      const last = (await box.mostReceives()) ?? MOST_RECEIVES
      const desk = { box, mine, last }
      const all = [lookForStop(end), ...Array.from({ length: receivers }, (_, at) => receive(desk, at, end))]
      const done = Promise.all(all).then(
        () => waiting.end(),
        (thrown) => waiting.end(thrown),
      )
      try {
        for (let next = await waiting.next(); next; next = await waiting.next()) yield next.found
      } finally {
        over.abort()
        await done
        await Promise.allSettled(all)
        await giveBack(mine, 'the run ends')
      }
    },
    async close() {
      await mine?.close()
      clients.close()
    },
  }

  function count(what: string): void {
    told[what] = (told[what] ?? 0) + 1
  }

  async function receive(desk: Desk, at: number, end: AbortSignal): Promise<void> {
    const { box, mine } = desk
    let trouble = TROUBLE_MS
    while (!end.aborted) {
      if (stopped) await pause(STOP_MS, end)
      else if (at > 0 && !busy) await pause(200, end)
      else if (mine.size() >= most || mine.bytes() >= MOST_BYTES)
        await Promise.race([mine.room(), pause(1000, end)])
      else {
        const poll = box.receive(visibility)
        polls.add(poll)
        const messages = await poll.finally(() => polls.delete(poll))
        if (messages) {
          if (at === 0) busy = messages.length > 5
          trouble = TROUBLE_MS
          await Promise.all(messages.map((message) => read(desk, message)))
        } else {
          count('no answer from the queue')
          await pause(trouble, end)
          trouble = Math.min(2 * trouble, LONGEST_TROUBLE_MS)
        }
      }
    }
  }

  /** Asked all the time, also while a poll is under way: what that brings goes back unread. */
  async function lookForStop(end: AbortSignal): Promise<void> {
    while (deps.stopped && !end.aborted) {
      stopped = await deps.stopped()
      if (stopped && mine) await giveBack(mine, 'the source is stopped')
      await pause(STOP_MS, end)
    }
  }

  /** Gives back what nobody has asked for yet. */
  async function giveBack(to: Hand, reason: string): Promise<void> {
    const why: Failure = { outcome: 'given-back', reason }
    await Promise.all(waiting.empty().map(({ held }) => to.settle(held, why)))
  }

  /** Takes a message in hand, and names what it announces. */
  async function read(desk: Desk, message: Message): Promise<void> {
    const { mine } = desk
    const { objects, others, unknown } = readNotice(message.body)
    for (const other of others) count(other)
    step('message-received')
    const held = mine.take(message, Math.max(1, objects.length + (unknown.length > 0 ? 1 : 0)))
    // Nothing is to be done about it.
    if (objects.length === 0 && unknown.length === 0) return await mine.settle(held)

    const named = await Promise.all(objects.map((one) => existing(clients, one)))
    for (const one of named) offer(desk, held, objectOf(desk, held, one))
    if (unknown.length === 0) return
    const deadLetter = unknownNotice(queue, message, unknown)
    offer(desk, held, { deadLetter, acknowledge: () => mine.settle(held) })
  }

  function offer({ mine }: Desk, held: Held, found: Found): void {
    if (!waiting.push({ held, found }))
      void mine.settle(held, { outcome: 'given-back', reason: 'the run ends' })
  }

  function objectOf(desk: Desk, held: Held, named: Parameters<typeof s3Object>[1]): Found {
    const { mine, last } = desk
    const object = s3Object(clients, named, {
      stopped: () => stopped,
      acknowledge: () => mine.settle(held),
      async release(why) {
        if (why.outcome === 'given-back' || held.receives < last) return await mine.settle(held, why)
        // It may not come again: what is known of it is kept. It is up to the queue what becomes of the message.
        const deadLetter = unreadObject(queue, held, object.uri, why)
        offer(desk, held, { deadLetter, acknowledge: () => mine.settle(held, why) })
      },
    })
    return object
  }
}

interface Desk {
  box: Mailbox
  mine: Hand
  /** How often a message may be received. */
  last: number
}

async function pause(ms: number, end: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal: end }).catch(() => undefined)
}

/** The Region in a queue's URL; undefined where it names none. */
function regionOf(queue: string): string | undefined {
  return /^https:\/\/(?:sqs\.)?([a-z]{2}(?:-[a-z]+)+-\d)\.(?:queue\.)?amazonaws\./.exec(queue)?.[1]
}
