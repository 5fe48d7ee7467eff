import { isObject, type JsonObject, type Value } from '../../json/values.ts'
import { type Notice, notKnown, together } from './contract.ts'

/**
 * A message that SNS delivers without raw delivery: `{"Type": "Notification", "Message": "..."}`; and
 * messages of SNS itself
 * (https://docs.aws.amazon.com/sns/latest/dg/http-subscription-confirmation-json.html).
 */
export function snsNotice(message: JsonObject, inside: (body: string) => Notice): Notice | undefined {
  const { Type: type, Message: text } = message
  if (type === 'SubscriptionConfirmation') return notKnown(UNCONFIRMED)
  if (type === 'UnsubscribeConfirmation') return notKnown(UNSUBSCRIBED)
  if (type !== 'Notification') return undefined
  if (isObject(text)) return inside(JSON.stringify(text))
  return typeof text === 'string' ? inside(text) : undefined
}

const UNCONFIRMED =
  'the subscription of a topic waits to be confirmed, and nothing comes from it before: confirm it with the token in the message (`aws sns confirm-subscription`)'
const UNSUBSCRIBED =
  'the subscription of a topic has ended, and nothing comes from it any more: subscribe the queue again if that was not meant'

/** The event that Lambda receives from a queue or a topic, passed on unchanged by a function. */
export function lambdaNotice(message: JsonObject, inside: (body: string) => Notice): Notice | undefined {
  if (!Array.isArray(message.Records)) return undefined
  const bodies = message.Records.map(bodyOf)
  return bodies.length > 0 && bodies.every((body) => body !== undefined)
    ? together(bodies.map((body) => inside(body)))
    : undefined
}

function bodyOf(record: Value): string | undefined {
  if (!isObject(record)) return undefined
  if (record.eventSource === 'aws:sqs') return typeof record.body === 'string' ? record.body : undefined
  const { Sns: sns } = record
  return record.EventSource === 'aws:sns' && isObject(sns) && typeof sns.Message === 'string'
    ? sns.Message
    : undefined
}
