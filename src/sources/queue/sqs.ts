import type { SQS } from '../../aws/clients.ts'
import { awsError, mayPass, troubleOf } from '../../aws/errors.ts'
import { pause } from '../../aws/object.ts'

/** A message as SQS delivers it. */
export interface Message {
  id: string
  /** Identifies this receipt: the next receipt has another handle. */
  receiptHandle: string
  body: string
  /** Number of times it was received, including this one. */
  receiveCount: number
  /** When it was sent, in milliseconds since 1970. */
  sentMs: number
}

/** A queue. SQS handles ten messages a request; here each is handled on its own. */
export interface Queue {
  /**
   * Waits for messages, up to 5 seconds. Undefined after a temporary failure; any other failure throws a
   * UserError or a LakeError.
   */
  receive(visibilitySeconds: number): Promise<Message[] | undefined>
  /** Deletes a message; false when that failed repeatedly, and the message will come again. */
  remove(receiptHandle: string): Promise<boolean>
  /** Sets a message's visibility timeout, counted from now; false when the receipt has expired. */
  extendVisibility(receiptHandle: string, seconds: number): Promise<boolean>
  /** Number of receipts after which SQS removes a message; undefined when the queue does not say. */
  maxReceiveCount(): Promise<number | undefined>
}

/**
 * 5 seconds that a poll waits for messages. A poll is never aborted, since SQS could deliver messages to the
 * closed connection and hide them; so it must be short, or stopping would take long.
 */
const POLL_SECONDS = 5
/** Our retries of a delete or a visibility change, on top of the SDK's. */
const ATTEMPTS = 6

export function sqsQueue(sqs: SQS, queue: string): Queue {
  // Without permission to delete or hide messages, the same ones would come again and again; so the next poll
  // throws this error.
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
        Entries: entries.map((receiptHandle, at) => ({ Id: String(at), ReceiptHandle: receiptHandle })),
      }),
    telling('delete messages'),
  )
  const hiding = tens<{ receiptHandle: string; seconds: number }>(
    (entries) =>
      sqs.changeMessageVisibilityBatch({
        QueueUrl: queue,
        Entries: entries.map(({ receiptHandle, seconds }, at) => ({
          Id: String(at),
          ReceiptHandle: receiptHandle,
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
    remove: (receiptHandle) => removal(receiptHandle),
    extendVisibility: (receiptHandle, seconds) => hiding({ receiptHandle, seconds }),
    async maxReceiveCount() {
      try {
        const { Attributes } = await sqs.getQueueAttributes({
          QueueUrl: queue,
          AttributeNames: ['RedrivePolicy'],
        })
        const policy = JSON.parse(Attributes?.RedrivePolicy ?? '{}') as { maxReceiveCount?: unknown }
        const max = Number(policy.maxReceiveCount)
        return Number.isSafeInteger(max) && max > 0 ? max : undefined
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
 * Collects single entries into requests of up to ten; the answer says for each entry whether it succeeded.
 *
 * @param isFinal whether a request that failed must not be repeated
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
      // The entry itself is at fault: the receipt has expired, or the message is gone.
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
