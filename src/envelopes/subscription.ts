import { elements, members, OPEN_ARRAY, OPEN_OBJECT, textOf } from '../json/bytes.ts'
import { isObject, type JsonObject } from '../json/values.ts'
import { wordOf } from '../json/words.ts'
import type { CloudWatchEvent, Wrapper } from './contract.ts'
import { deliveryOfText } from './delivery.ts'

/**
 * The document of a CloudWatch Logs subscription, of which Firehose writes many to an object: each event's
 * message is a record of its own, of any type.
 */
export const subscription: Wrapper = {
  name: 'subscription',
  parsed: true,
  doc: 'CloudWatch Logs subscription: `{"messageType":"DATA_MESSAGE","logEvents":[{"message":"…"}]}`.',
  open({ bytes, record, context }) {
    if (!record || !Array.isArray(record.logEvents) || typeof record.messageType !== 'string')
      return undefined
    // A check of the destination by CloudWatch Logs; it may be labelled as data.
    if (record.messageType === 'CONTROL_MESSAGE' || record.owner === 'CloudwatchLogs') {
      return {
        kind: 'skipped',
        reason: 'CloudWatch Logs control message: a check of the destination, no log',
      }
    }
    const shared = sharedBy(record)
    let delivered: readonly (string | undefined)[] | undefined
    return {
      kind: 'records',
      inner: record.logEvents.map((event, index) => {
        const { id, timestamp, message, extractedFields } = isObject(event) ? event : {}
        // Each field is written out: spreading for every event is slow.
        const cloudwatch: CloudWatchEvent = {
          owner: shared.owner,
          logGroup: shared.logGroup,
          logStream: shared.logStream,
          policyLevel: shared.policyLevel,
          subscriptionFilters: shared.subscriptionFilters,
          id: typeof id === 'string' && id !== '' ? id : undefined,
          timestamp: millisOf(timestamp),
          extractedFields: isObject(extractedFields) ? extractedFields : undefined,
        }
        if (typeof message === 'string') return deliveryOfText(message, { ...context, cloudwatch })
        delivered ??= messagesIn(bytes)
        return deliveryOfText(delivered[index] ?? 'null', { ...context, cloudwatch })
      }),
    }
  },
}

/**
 * Milliseconds, as a number or as its text; NaN for what only `Number` takes for one, such as `true` and an
 * empty text.
 */
function millisOf(timestamp: unknown): number {
  if (typeof timestamp === 'number') return timestamp
  return typeof timestamp === 'string' && MILLIS.test(timestamp) ? Number(timestamp) : Number.NaN
}

const MILLIS = /^-?\d+(?:\.\d+)?$/

/**
 * The messages of a document that holds some other than texts, as they are written: parsing and writing them
 * again could change a number.
 */
function messagesIn(bytes: Uint8Array): (string | undefined)[] {
  const memberOf = (at: number, name: string) => members(bytes, at)?.findLast(({ key }) => key === name)
  const events = memberOf(0, 'logEvents')
  if (!events || bytes[events.start] !== OPEN_ARRAY) return []
  return elements(bytes, events.start).spans.map(({ start }) => {
    const message = bytes[start] === OPEN_OBJECT ? memberOf(start, 'message') : undefined
    return message && textOf(bytes, message.start, message.end)
  })
}

/** The fields that all events of a document share. */
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
