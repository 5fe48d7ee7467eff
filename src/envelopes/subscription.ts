import { isObject, type JsonObject } from '../json/values.ts'
import { wordOf } from '../json/words.ts'
import type { CloudWatchEvent, Wrapper } from './contract.ts'
import { deliveryOfText } from './delivery.ts'

/**
 * A CloudWatch Logs subscription's document, one of many that Firehose writes to an object: each event's message is a
 * record of its own, whatever it is.
 */
export const subscription: Wrapper = {
  name: 'subscription',
  doc: 'CloudWatch Logs subscription: `{"messageType":"DATA_MESSAGE","logEvents":[{"message":"…"}]}`.',
  open({ record, context }) {
    if (!record || !Array.isArray(record.logEvents) || typeof record.messageType !== 'string')
      return undefined
    // A probe of the destination; it may be labelled as data.
    if (record.messageType === 'CONTROL_MESSAGE' || record.owner === 'CloudwatchLogs') {
      return { skipped: 'CloudWatch Logs control message: a check of the destination, no log' }
    }
    const shared = sharedBy(record)
    return {
      inner: record.logEvents.map((event) => {
        const { id, timestamp, message, extractedFields } = isObject(event) ? event : {}
        // Written out: spreading, for every event, is slow.
        const cloudwatch: CloudWatchEvent = {
          owner: shared.owner,
          logGroup: shared.logGroup,
          logStream: shared.logStream,
          policyLevel: shared.policyLevel,
          subscriptionFilters: shared.subscriptionFilters,
          id: typeof id === 'string' && id !== '' ? id : undefined,
          timestamp: typeof timestamp === 'object' ? Number.NaN : Number(timestamp ?? Number.NaN),
          extractedFields: isObject(extractedFields) ? extractedFields : undefined,
        }
        const text = typeof message === 'string' ? message : JSON.stringify(message ?? null)
        return deliveryOfText(text, { ...context, cloudwatch })
      }),
    }
  },
}

/** What all events of a document have in common. */
export function sharedBy(document: JsonObject): Omit<CloudWatchEvent, 'timestamp'> {
  const { owner, logGroup, logStream, policyLevel, subscriptionFilters } = document
  return {
    ...(typeof owner === 'string' ? { owner } : {}),
    ...(typeof logGroup === 'string' ? { logGroup } : {}),
    logStream: typeof logStream === 'string' ? logStream : '',
    ...(typeof policyLevel === 'string' ? { policyLevel } : {}),
    ...(Array.isArray(subscriptionFilters) ? { subscriptionFilters: subscriptionFilters.map(wordOf) } : {}),
  }
}
