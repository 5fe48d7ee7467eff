/** Firehose (PutRecordBatch): 500 records and 4 MiB a request; some may fail while the request succeeds. */
import type { z } from 'zod'
import { awsClients } from '../../aws/clients.ts'
import { identitySection } from '../../aws/identity.ts'
import type { NeededAction } from '../../aws/needed.ts'
import { section, textLike } from '../../lib/settings.ts'
import { type Receiver, TAKEN } from '../contract.ts'
import { answerOf, halveOrThrow } from './aws-batch.ts'

export const name = 'firehose'
export const doc = 'A stream of Amazon Data Firehose: one line for each row.'

export const settings = section(
  {
    stream: textLike(/^[\w.-]{1,64}$/, 'the name of a stream is wanted', 'The name of the stream.'),
    identity: identitySection('Who we are to the stream.').prefault({}),
  },
  doc,
)

export type Settings = z.output<typeof settings>

export const example = `stream: siem`

export function needs({ stream }: Settings): NeededAction[] {
  return [{ action: 'firehose:PutRecordBatch', resource: `firehose:deliverystream/${stream}` }]
}

export function open({ stream, identity }: Settings): Receiver {
  const clients = awsClients(identity)
  return {
    max: { deliveries: 500, bytes: 4 << 20, one: 1_024_000 },
    async send(batch, signal) {
      const firehose = await clients.firehose(identity.region)
      const Records = batch.map((one) => ({ Data: Buffer.from(`${one.text.replace(/\r?\n/g, ' ')}\n`) }))
      const request = { DeliveryStreamName: stream, Records }
      return await firehose.putRecordBatch(request, { abortSignal: signal }).then(
        ({ FailedPutCount = 0, RequestResponses = [] }) =>
          FailedPutCount === 0
            ? TAKEN
            : answerOf(
                batch,
                RequestResponses.flatMap(({ ErrorCode, ErrorMessage }, at) =>
                  ErrorCode === undefined
                    ? []
                    : [{ at, code: ErrorCode, told: ErrorMessage ?? '', ours: false }],
                ),
              ),
        (thrown) => halveOrThrow(batch, thrown, { action: 'firehose:PutRecordBatch' }),
      )
    },
    close: async () => clients.close(),
  }
}
