import { createHash } from 'node:crypto'
import type { Failure, LetterFacts } from '../contract.ts'
import type { Message } from './sqs.ts'

/** What is kept of a message that is no notice we know. */
export function unknownNotice(queue: string, message: Message, unknown: readonly string[]): LetterFacts {
  const reason = [...new Set(unknown)].join('; ')
  return { ...kept(queue, message), id: idOf(queue, message.id), code: 'unknown-notice', reason }
}

/** What is kept of a message that cannot be read, or whose object cannot, the last time that it is tried. */
export function unreadObject(
  queue: string,
  message: Message,
  object: string | undefined,
  { outcome: code, reason }: Failure,
): LetterFacts {
  const id = idOf(queue, message.id, object ?? '')
  // A name that no table can hold is in the message.
  const named = object === undefined || object.includes('\0') ? {} : { object }
  return { ...kept(queue, message), id, code, reason, ...named }
}

function kept(queue: string, { id, body, sentMs, receiveCount: receives }: Message) {
  return { message: body, messageId: id, queue, sentMs, receives }
}

function idOf(...parts: string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 16)
}
