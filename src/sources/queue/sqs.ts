import type { SQS } from '../../aws/clients.ts'
import { awsError, mayPass, troubleOf } from '../../aws/errors.ts'
import { pause } from '../../aws/object.ts'

/** A message as SQS hands it out. */
export interface Message {
  id: string
  /** Names this receipt of it: the next one has another. */
  receiptHandle: string
  body: string
  /** How often it has been received, this time too. */
  receiveCount: number
  /** When it was sent, in milliseconds since 1970. */
  sentMs: number
}

/** A queue: what SQS does ten at a time, one at a time. */
export interface Queue {
  /**
   * Waits for messages, up to 5 seconds. Undefined when the queue could not be asked, for a reason that passes; otherwise
   * a UserError or a LakeError says why.
   */
  receive(visibilitySeconds: number): Promise<Message[] | undefined>
  /** Deletes a message; false when that failed again and again: then it comes once more. */
  remove(handle: string): Promise<boolean>
  /** Hides a message for so long from now on; false when it is not ours any more. */
  extendVisibility(handle: string, seconds: number): Promise<boolean>
  /** How often a message may be received before SQS takes it away; undefined when the queue does not say. */
  maxReceives(): Promise<number | undefined>
}

/**
 * How long a poll waits for messages. It is never broken off, since SQS may give messages to a connection that nobody
 * listens to any more, and hides them then: so it must not last long, or ending would.
 */
const POLL_SECONDS = 5
/** A message that cannot be deleted or hidden is tried so often, beside the attempts of the SDK. */
const ATTEMPTS = 6

export function sqsQueue(sqs: SQS, queue: string): Queue {
  // Who may not delete or hide messages gets the same ones again and again: the next poll says so, in the place of asking.
  let denial: Error | undefined
  const telling = (doing: string) => (thrown: unknown) => {
    if (troubleOf(thrown) !== 'denied') return false
    denial ??= awsError(doing, queue, thrown)
    return true
  }
  const removal = tens<string>(
    (entries) =>
      sqs.deleteMessageBatch({
        QueueUrl: queue,
        Entries: entries.map((handle, at) => ({ Id: String(at), ReceiptHandle: handle })),
      }),
    telling('delete messages'),
  )
  const hiding = tens<{ handle: string; seconds: number }>(
    (entries) =>
      sqs.changeMessageVisibilityBatch({
        QueueUrl: queue,
        Entries: entries.map(({ handle, seconds }, at) => ({
          Id: String(at),
          ReceiptHandle: handle,
          VisibilityTimeout: seconds,
        })),
      }),
    telling('keep messages hidden'),
  )
  return {
    async receive(visibilitySeconds) {
      if (denial) throw denial
      try {
        const { Messages: messages } = await sqs.receiveMessage(
          {
            QueueUrl: queue,
            MaxNumberOfMessages: 10,
            WaitTimeSeconds: POLL_SECONDS,
            VisibilityTimeout: visibilitySeconds,
            MessageSystemAttributeNames: ['ApproximateReceiveCount', 'SentTimestamp'],
          },
          { requestTimeout: (POLL_SECONDS + 10) * 1000 },
        )
        return (messages ?? []).map(({ MessageId, ReceiptHandle, Body, Attributes }) => ({
          id: MessageId ?? '',
          receiptHandle: ReceiptHandle ?? '',
          body: Body ?? '',
          receiveCount: Number(Attributes?.ApproximateReceiveCount ?? 1),
          sentMs: Number(Attributes?.SentTimestamp ?? Date.now()),
        }))
      } catch (thrown) {
        if (mayPass(troubleOf(thrown))) return undefined
        throw awsError('receive messages', queue, thrown)
      }
    },
    remove: (handle) => removal(handle),
    extendVisibility: (handle, seconds) => hiding({ handle, seconds }),
    async maxReceives() {
      try {
        const { Attributes } = await sqs.getQueueAttributes({
          QueueUrl: queue,
          AttributeNames: ['RedrivePolicy'],
        })
        const policy = JSON.parse(Attributes?.RedrivePolicy ?? '{}') as { maxReceiveCount?: unknown }
        const most = Number(policy.maxReceiveCount)
        return Number.isSafeInteger(most) && most > 0 ? most : undefined
      } catch (thrown) {
        if (troubleOf(thrown) === 'denied' || thrown instanceof SyntaxError) return undefined
        throw awsError('ask for the attributes of the queue', queue, thrown)
      }
    },
  }
}

interface Answer {
  Failed?: { Id: string | undefined; SenderFault: boolean | undefined }[] | undefined
}

interface Waiting<T> {
  entry: T
  attempt: number
  done(ok: boolean): void
}

/**
 * Sends what is asked for one by one in requests of up to ten; an answer says of each entry whether it went well.
 *
 * @param isFinal whether a request that failed is not to be made again
 */
function tens<T>(
  send: (entries: T[]) => Promise<Answer>,
  isFinal: (thrown: unknown) => boolean,
): (entry: T) => Promise<boolean> {
  let waiting: Waiting<T>[] = []
  let planned = false

  async function flush(): Promise<void> {
    planned = false
    const all = waiting
    waiting = []
    for (let at = 0; at < all.length; at += 10) void sendSome(all.slice(at, at + 10))
  }

  async function sendSome(some: Waiting<T>[]): Promise<void> {
    const failed = await send(some.map(({ entry }) => entry)).then(
      ({ Failed }) => new Map((Failed ?? []).map(({ Id, SenderFault }) => [Id, SenderFault === true])),
      (thrown) => {
        const final = isFinal(thrown)
        return new Map(some.map((_, at) => [String(at), final]))
      },
    )
    for (const [at, one] of some.entries()) {
      const ours = failed.get(String(at))
      if (ours === undefined) one.done(true)
      // A fault of ours stays one: the receipt is too old, or the message is gone.
      else if (ours || one.attempt === ATTEMPTS) one.done(false)
      else void pause(one.attempt).then(() => add({ ...one, attempt: one.attempt + 1 }))
    }
  }

  function add(one: Waiting<T>): void {
    waiting.push(one)
    if (planned) return
    planned = true
    setImmediate(flush)
  }

  return (entry) => new Promise((done) => add({ entry, attempt: 1, done }))
}
