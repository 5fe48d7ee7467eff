import { setMaxListeners } from 'node:events'
import type { z } from 'zod'
import { awsClients } from '../aws/clients.ts'
import { identitySection } from '../aws/identity.ts'
import { section, textLike, whole } from '../lib/settings.ts'
import type { Found, HowToCount, Source, SourceDeps } from './contract.ts'
import { filteredBy } from './filter.ts'
import { buffered } from './queue/buffer.ts'
import { type InFlight, type InFlightMessage, inFlightOf } from './queue/in-flight.ts'
import { type OpenQueue, type Polling, pause, receive, releaseFound, STOP_MS } from './queue/receive.ts'
import { regionOfQueue } from './queue/region.ts'
import { sqsQueue } from './queue/sqs.ts'
import { messagesIn } from './queue/waiting.ts'
import { commitSection, filterSection } from './settings.ts'

export const name = 's3-queue'
export const doc =
  'Objects on S3 that messages in an SQS queue announce: from S3 itself, SNS, EventBridge, CloudTrail, Security Lake.'

export const settings = section(
  {
    queue: textLike(/^https?:\/\/\S+$/, "a queue's URL is wanted", 'The URL of the queue.'),
    identity: identitySection('Who we are to the queue and to the buckets.').prefault({}),
    filter: filterSection(),
    commit: commitSection(),
    visibility_seconds: whole(
      2,
      'Seconds that a message is invisible to other receivers; extended until its objects are committed.',
    ).default(120),
    retry_seconds: whole(
      1,
      'Seconds until an object that cannot be read is tried again; doubles each time, up to 15 minutes.',
    ).default(15),
    poison_after: whole(
      1,
      'Receipts after which a message whose object makes loglake fail becomes a dead letter.',
    ).default(5),
    receivers: whole(1, 'Receivers that poll at once, while there are many messages.').default(4),
    max_in_flight: whole(10, 'Most messages that are received and not yet settled.').default(6000),
  },
  doc,
)

export type Settings = z.output<typeof settings>

export const example = { queue: 'https://sqs.eu-central-1.amazonaws.com/111122223333/logs' }

export async function waiting({ queue, identity }: Settings): Promise<HowToCount> {
  const { visible, hidden } = await messagesIn(queue, identity, regionOfQueue(queue))
  return { kind: 'counted', objects: visible + hidden, received: hidden }
}

/**
 * 10 receipts, for a queue without a redrive policy: after them, a message that leads to nothing becomes a
 * dead letter.
 */
const MAX_RECEIVE_COUNT = 10

/**
 * Receives messages and yields the objects that they announce. A message is deleted once all its objects are
 * acknowledged; when one fails, it stays invisible for a while and comes again, as long as its queue allows.
 */
export function open(options: Settings, deps: SourceDeps): Source {
  const clients = awsClients(options.identity)
  const counts: Record<string, number> = {}
  let inFlight: InFlight | undefined
  let stopped = false
  const count = (what: string) => {
    counts[what] = (counts[what] ?? 0) + 1
  }

  async function openQueue(polling: Polling): Promise<OpenQueue> {
    const { queue: url, visibility_seconds, retry_seconds, poison_after } = options
    const queue = sqsQueue(await clients.sqs(regionOfQueue(url)), url)
    const quiet = () => Promise.allSettled(polling.polls)
    const onStuck = () => count('message not deleted')
    inFlight = inFlightOf(queue, visibility_seconds, retry_seconds, quiet, onStuck)
    const policy = await queue.maxReceiveCount()
    const maxReceiveCount = policy ?? MAX_RECEIVE_COUNT
    return {
      ...{ url, clients, queue, inFlight, maxReceiveCount, count },
      buffer: buffered<{ taken: InFlightMessage; found: Found }>(),
      poisonAfter: Math.min(poison_after, maxReceiveCount),
      hasPolicy: policy !== undefined,
      isStopped: () => stopped,
    }
  }

  /** Runs all the time, also during a poll, whose messages are then released unread. */
  async function lookForStop(queue: OpenQueue, end: AbortSignal): Promise<void> {
    while (deps.stopped && !end.aborted) {
      stopped = await deps.stopped()
      if (stopped) await releaseFound(queue, 'the source is stopped')
      await pause(STOP_MS, end)
    }
  }

  return {
    name: deps.name,
    continuous: true,
    filteredBy: filteredBy(options.filter),
    counts: () => ({ ...counts }),
    state: () => ({ inFlight: inFlight?.size() ?? 0, oldestMs: inFlight?.oldestMs(), stopped }),
    async *objects(signal) {
      const over = new AbortController()
      const end = signal ? AbortSignal.any([signal, over.signal]) : over.signal
      setMaxListeners(0, end)
      const { visibility_seconds: visibilitySeconds, max_in_flight: maxInFlight, receivers } = options
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
        await releaseFound(queue, 'the run ends')
      }
    },
    async close() {
      await inFlight?.close()
      clients.close()
    },
  }
}
