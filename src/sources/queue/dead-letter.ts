import { createHash } from 'node:crypto'
import type { DeadLetterFacts, Failure } from '../contract.ts'
import type { Message } from './sqs.ts'

/** The dead letter of a message that is not a known notice. */
export function unknownNotice(queue: string, message: Message, unknown: readonly string[]): DeadLetterFacts {
  const reason = [...new Set(unknown)].join('; ')
  return { ...kept(queue, message), id: idOf(queue, message.id), code: 'unknown-notice', reason }
}

/** The dead letter of a message that cannot be read, or whose object cannot, after the last attempt. */
export function unreadObject(
  queue: string,
  message: Message,
  object: string | undefined,
  { outcome: code, reason }: Failure,
): DeadLetterFacts {
  const id = idOf(queue, message.id, object ?? '')
  // A name that no table can hold is still in the message.
  const named = object === undefined || object.includes('\0') ? {} : { object }
  return { ...kept(queue, message), id, code, reason, ...named }
}

function kept(queue: string, { id, body, sentMs, receiveCount }: Message) {
  return { message: body, messageId: id, queue, sentMs, receiveCount }
}

function idOf(...parts: string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 16)
}
