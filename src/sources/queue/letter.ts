import { createHash } from 'node:crypto'
import type { Failure, LetterFacts } from '../contract.ts'
import type { Message } from './mailbox.ts'

/** What is kept of a message that is no notice we know. */
export function unknownNotice(queue: string, message: Message, unknown: readonly string[]): LetterFacts {
  const reason = [...new Set(unknown)].join('; ')
  return { ...kept(queue, message), id: idOf(queue, message.id), code: 'unknown-notice', reason }
}

/** What is kept of a message whose object cannot be read, the last time that its queue may hand it out. */
export function unreadObject(queue: string, message: Message, object: string, why: Failure): LetterFacts {
  const { outcome: code, reason } = why
  return { ...kept(queue, message), id: idOf(queue, message.id, object), code, reason, object }
}

function kept(queue: string, { id, body, sentMs, receives }: Message) {
  return { message: body, messageId: id, queue, sentMs, receives }
}

function idOf(...parts: string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 16)
}
