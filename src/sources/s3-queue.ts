import { setMaxListeners } from 'node:events'
import type { z } from 'zod'
import { awsClients } from '../aws/clients.ts'
import { identitySection } from '../aws/identity.ts'
import { section, textLike, whole } from '../lib/settings.ts'
import type { Found, HowToCount, Source, SourceDeps } from './contract.ts'
import { leavesOut } from './filter.ts'
import { buffered } from './queue/buffer.ts'
import { type Held, type InFlight, inFlightOf } from './queue/in-flight.ts'
import { giveBack, type OpenQueue, type Polling, pause, receive, STOP_MS } from './queue/receive.ts'
import { regionOfQueue } from './queue/region.ts'
import { sqsQueue } from './queue/sqs.ts'
import { messagesIn } from './queue/waiting.ts'
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
      'An object that cannot be read is tried again after this many seconds, twice as many each time, up to 15 minutes.',
    ).default(15),
    poison_after: whole(
      1,
      'A message whose object makes loglake fail is set aside as a dead letter when it has been received so often.',
    ).default(5),
    receivers: whole(1, 'Receivers that ask for messages at once, while there are many.').default(4),
    in_hand: whole(10, 'Most messages that are received and not yet settled.').default(6000),
  },
  doc,
)

export type Settings = z.output<typeof settings>

export const example = { queue: 'https://sqs.eu-central-1.amazonaws.com/111122223333/logs' }

export async function waiting({ queue, identity }: Settings): Promise<HowToCount> {
  const { visible, hidden } = await messagesIn(queue, identity, regionOfQueue(queue))
  return { kind: 'counted', objects: visible + hidden, received: hidden }
}

/** A queue that hands messages out for ever: the tenth time, one that leads to nothing is a dead letter too. */
const MOST_RECEIVES = 10

/**
 * Receives messages and names the objects that they announce. A message is deleted once all its objects are acknowledged;
 * when one fails, it is hidden for a while and comes again, for as long as its queue lets it.
 */
export function open(options: Settings, deps: SourceDeps): Source {
  const clients = awsClients(options.identity)
  const told: Record<string, number> = {}
  let inFlight: InFlight | undefined
  let stopped = false
  const count = (what: string) => {
    told[what] = (told[what] ?? 0) + 1
  }

  async function openQueue(polling: Polling): Promise<OpenQueue> {
    const { queue: url, visibility_seconds, retry_seconds, poison_after } = options
    const queue = sqsQueue(await clients.sqs(regionOfQueue(url)), url)
    const quiet = () => Promise.allSettled(polling.polls)
    const onStuck = () => count('message not deleted')
    inFlight = inFlightOf(queue, visibility_seconds, retry_seconds, quiet, onStuck)
    const policy = await queue.maxReceives()
    const maxReceives = policy ?? MOST_RECEIVES
    return {
      ...{ url, clients, queue, inFlight, maxReceives, count },
      buffer: buffered<{ held: Held; found: Found }>(),
      poisonAfter: Math.min(poison_after, maxReceives),
      hasPolicy: policy !== undefined,
      isStopped: () => stopped,
    }
  }

  /** Asked all the time, also while a poll is under way: what that brings goes back unread. */
  async function lookForStop(queue: OpenQueue, end: AbortSignal): Promise<void> {
    while (deps.stopped && !end.aborted) {
      stopped = await deps.stopped()
      if (stopped) await giveBack(queue, 'the source is stopped')
      await pause(STOP_MS, end)
    }
  }

  return {
    name: deps.name,
    continuous: true,
    leftOut: leavesOut(options.filter),
    told: () => ({ ...told }),
    state: () => ({ inHand: inFlight?.size() ?? 0, oldestMs: inFlight?.oldestMs(), stopped }),
    async *objects(signal) {
      const over = new AbortController()
      const end = signal ? AbortSignal.any([signal, over.signal]) : over.signal
      setMaxListeners(0, end)
      const { visibility_seconds: visibilitySeconds, in_hand: maxInFlight, receivers } = options
      const polling = { visibilitySeconds, maxInFlight, busy: false, polls: new Set<Promise<unknown>>() }
      const queue = await openQueue(polling)
      const { buffer } = queue
      const receiving = Array.from({ length: receivers }, (_, at) => receive(queue, polling, at, end))
      const all = [lookForStop(queue, end), ...receiving]
      const done = Promise.all(all).then(
        () => buffer.end(),
        (thrown) => buffer.end(thrown),
      )
      try {
        for (let next = await buffer.next(); next; next = await buffer.next()) yield next.found
      } finally {
        over.abort()
        await done
        await Promise.allSettled(all)
        await giveBack(queue, 'the run ends')
      }
    },
    async close() {
      await inFlight?.close()
      clients.close()
    },
  }
}
