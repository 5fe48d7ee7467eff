/** EventBridge (PutEvents): ten entries and 256 KiB a request; the detail is a JSON object. */
import type { z } from 'zod'
import { awsClients } from '../../aws/clients.ts'
import { identitySection } from '../../aws/identity.ts'
import type { NeededAction } from '../../aws/needed.ts'
import { section, text, textLike } from '../../lib/settings.ts'
import type { Receiver } from '../contract.ts'
import { answerOf, halveOrThrow, regionIn } from './aws-batch.ts'
import { isPlain } from './json.ts'

export const name = 'eventbridge'
export const doc = 'A bus of EventBridge: one event for each row.'

export const settings = section(
  {
    bus: text('The name or ARN of the bus.').default('default'),
    source: textLike(
      /^(?!aws\.)\S{1,256}$/,
      'a source that does not begin with aws. is wanted',
      'The source of the events.',
    ).default('loglake'),
    detail_type: text('Their detail type; by default `loglake` and the table.').optional(),
    identity: identitySection('Who we are to the bus.').prefault({}),
  },
  doc,
)

export type Settings = z.output<typeof settings>

export const example = `bus: arn:aws:events:eu-central-1:111122223333:event-bus/security`

const MAX = 262_144

export function needs({ bus }: Settings): NeededAction[] {
  const resource = bus.startsWith('arn:') ? bus : `events:event-bus/${bus}`
  return [{ action: 'events:PutEvents', resource }]
}

export function open({ bus, source, detail_type, identity }: Settings): Receiver {
  const clients = awsClients(identity)
  return {
    max: { deliveries: 10, bytes: MAX, one: MAX - 2048 },
    async send(batch, signal) {
      const events = await clients.eventBridge(identity.region ?? regionIn(bus))
      const entries = batch.map((one) => ({
        EventBusName: bus,
        Source: source,
        DetailType: detail_type ?? `loglake ${one.table}`,
        Time: new Date(one.time * 1000),
        Detail: isPlain(one) ? JSON.stringify({ message: one.text }) : one.text,
      }))
      return await events.putEvents({ Entries: entries }, { abortSignal: signal }).then(
        ({ Entries = [] }) =>
          answerOf(
            batch,
            Entries.flatMap(({ ErrorCode, ErrorMessage }, at) =>
              ErrorCode === undefined
                ? []
                : [
                    {
                      at,
                      code: ErrorCode,
                      told: ErrorMessage ?? '',
                      ours: /Malformed|InvalidArgument|NotAuthorizedForSource/.test(ErrorCode),
                    },
                  ],
            ),
          ),
        (thrown) => halveOrThrow(batch, thrown, { action: 'events:PutEvents' }),
      )
    },
    close: async () => clients.close(),
  }
}
