import { createHash } from 'node:crypto'
import type { Delivery } from '../../envelopes/contract.ts'
import { timeOfMillis } from '../../json/time.ts'
import { jsonOf, tornValues, wellFormed } from '../../json/values.ts'
import type { Prepared } from '../contract.ts'

/** The event's own fields; its message stays a text. */
export function prepare({ bytes, text, context: { cloudwatch } }: Delivery): Prepared {
  const timestamp = timeOfMillis(cloudwatch?.timestamp ?? Number.NaN)
  if (!cloudwatch || timestamp === undefined)
    return { kind: 'rejected', reason: 'the log event has no timestamp' }
  const { id, logGroup, logStream, owner, subscriptionFilters, policyLevel, extractedFields } = cloudwatch
  const told = { id, logGroup, logStream, owner, subscriptionFilters, policyLevel }
  return {
    kind: 'row',
    row: {
      timestamp,
      id: id ?? idOf(`${logGroup}\n${logStream}\n${timestamp}\n`, text ?? bytes),
      loggroup: logGroup,
      logstream: logStream,
      owner,
      message: wellFormed(text) ?? Buffer.from(bytes).toString(),
      subscriptionfilters: jsonOf(subscriptionFilters),
      policylevel: policyLevel,
      extractedfields: jsonOf(extractedFields),
      unmapped: tornValues({ message: text, ...told, extractedFields }),
    },
  }
}

function idOf(place: string, message: string | Uint8Array): string {
  return createHash('sha256').update(place).update(message).digest('hex').slice(0, 40)
}
