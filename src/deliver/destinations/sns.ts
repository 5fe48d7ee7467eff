/** SNS (PublishBatch): ten messages and 256 KiB a request. */
import type { z } from 'zod'
import { awsClients } from '../../aws/clients.ts'
import { identitySection } from '../../aws/identity.ts'
import type { NeededAction } from '../../aws/needed.ts'
import { section, textLike } from '../../lib/settings.ts'
import type { Receiver, ReceiverDeps } from '../contract.ts'
import { answerOf, halveOrThrow, hashOf, regionIn } from './aws-batch.ts'
import { messageOf } from './message.ts'
import { allowed } from './sqs.ts'

export const name = 'sns'
export const doc = 'A topic of SNS: one message for each row.'

export const settings = section(
  {
    topic: textLike(/^arn:aws[\w-]*:sns:\S+$/, 'the ARN of a topic is wanted', "The topic's ARN."),
    identity: identitySection('Who we are to the topic.').prefault({}),
  },
  doc,
)

export type Settings = z.output<typeof settings>

export const example = `topic: arn:aws:sns:eu-central-1:111122223333:findings`

const MAX = 262_144

export function needs({ topic }: Settings): NeededAction[] {
  return [{ action: 'sns:Publish', resource: topic }]
}

export function open({ topic, identity }: Settings, { route }: ReceiverDeps): Receiver {
  const clients = awsClients(identity)
  const isFifo = topic.endsWith('.fifo')
  return {
    max: { deliveries: 10, bytes: MAX, one: MAX - 2048 },
    async send(batch, signal) {
      const sns = await clients.sns(identity.region ?? regionIn(topic))
      const PublishBatchRequestEntries = batch.map((one, at) => ({
        Id: String(at),
        Message: allowed(one.text),
        // Printable ASCII of at most 100 characters, for subscribers by e-mail.
        Subject:
          messageOf(one)
            .title.replace(/[^\x20-\x7e]/g, '')
            .trim()
            .slice(0, 99) || one.table,
        MessageAttributes: {
          table: { DataType: 'String', StringValue: one.table },
          severity: { DataType: 'String', StringValue: messageOf(one).severity },
        },
        ...(isFifo ? { MessageGroupId: route, MessageDeduplicationId: hashOf(one.id) } : {}),
      }))
      const request = { TopicArn: topic, PublishBatchRequestEntries }
      return await sns.publishBatch(request, { abortSignal: signal }).then(
        ({ Failed = [] }) =>
          answerOf(
            batch,
            Failed.map(({ Id, Code, Message, SenderFault }) => ({
              at: Number(Id),
              code: String(Code),
              told: Message ?? '',
              ours: SenderFault === true && !/Throttl|Authoriz/.test(String(Code)),
            })),
          ),
        (thrown) => halveOrThrow(batch, thrown, { action: 'sns:Publish', resource: topic }),
      )
    },
    close: async () => clients.close(),
  }
}
