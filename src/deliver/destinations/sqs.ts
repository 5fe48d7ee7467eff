/**
 * SQS (SendMessageBatch): ten messages and 256 KiB a request; a FIFO queue keeps a route's order, and drops
 * duplicates.
 */
import type { z } from 'zod'
import { awsClients } from '../../aws/clients.ts'
import { identitySection } from '../../aws/identity.ts'
import type { NeededAction } from '../../aws/needed.ts'
import { section, textLike } from '../../lib/settings.ts'
import type { Receiver, ReceiverDeps } from '../contract.ts'
import { answerOf, halveOrThrow, hashOf, regionIn } from './aws-batch.ts'

export const name = 'sqs'
export const doc = 'A queue of SQS: one message for each row.'

export const settings = section(
  {
    queue: textLike(/^https?:\/\/\S+$/, "the queue's URL is wanted", "The queue's URL."),
    identity: identitySection('Who we are to the queue.').prefault({}),
  },
  doc,
)

export type Settings = z.output<typeof settings>

export const example = `queue: https://sqs.eu-central-1.amazonaws.com/111122223333/findings`

const MAX = 262_144

export function needs({ queue }: Settings): NeededAction[] {
  return [{ action: 'sqs:SendMessage', resource: queue }]
}

export function open({ queue, identity }: Settings, { route }: ReceiverDeps): Receiver {
  const clients = awsClients(identity)
  const isFifo = queue.endsWith('.fifo')
  return {
    max: { deliveries: 10, bytes: MAX, one: MAX - 1024 },
    async send(batch, signal) {
      const sqs = await clients.sqs(identity.region ?? regionIn(queue))
      const Entries = batch.map((one, at) => ({
        Id: String(at),
        MessageBody: allowed(one.text),
        MessageAttributes: {
          table: { DataType: 'String', StringValue: one.table },
          id: { DataType: 'String', StringValue: hashOf(one.id) },
        },
        ...(isFifo ? { MessageGroupId: route, MessageDeduplicationId: hashOf(one.id) } : {}),
      }))
      return await sqs.sendMessageBatch({ QueueUrl: queue, Entries }, { abortSignal: signal }).then(
        ({ Failed = [] }) =>
          answerOf(
            batch,
            Failed.map(({ Id, Code, Message, SenderFault }) => ({
              at: Number(Id),
              code: String(Code),
              told: Message ?? '',
              ours: SenderFault === true && !/Throttl|AccessDenied/.test(String(Code)),
            })),
          ),
        (thrown) => halveOrThrow(batch, thrown, { action: 'sqs:SendMessage' }),
      )
    },
    close: async () => clients.close(),
  }
}

/** SQS accepts only characters of XML 1.0. */
export function allowed(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is not allowed
  const kept = text.replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '\ufffd')
  return kept === '' ? '-' : kept
}
