import { type Fields, isFields, type Notice, together } from './contract.ts'

/** What SNS makes of a message, without raw delivery: `{"Type": "Notification", "Message": "..."}`. */
export function snsNotice(message: Fields, inside: (body: string) => Notice): Notice | undefined {
  if (message.Type !== 'Notification' || typeof message.Message !== 'string') return undefined
  return inside(message.Message)
}

/** What Lambda is handed of a queue or a topic, where a function passes it on as it is. */
export function lambdaNotice(message: Fields, inside: (body: string) => Notice): Notice | undefined {
  if (!Array.isArray(message.Records)) return undefined
  const bodies = message.Records.map(bodyOf)
  return bodies.length > 0 && bodies.every((body) => body !== undefined)
    ? together(bodies.map((body) => inside(body)))
    : undefined
}

function bodyOf(record: unknown): string | undefined {
  if (!isFields(record)) return undefined
  if (record.eventSource === 'aws:sqs') return typeof record.body === 'string' ? record.body : undefined
  const { Sns: sns } = record
  return record.EventSource === 'aws:sns' && isFields(sns) && typeof sns.Message === 'string'
    ? sns.Message
    : undefined
}
