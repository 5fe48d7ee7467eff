import { createHash } from 'node:crypto'
import type { Answer, Delivery, Refused } from '../contract.ts'

/** What AWS said of one entry of a batch: nothing of one that it took. */
export interface Failure {
  /** Its place in the batch. */
  at: number
  code: string
  told: string
  /** Whether the entry itself is at fault: sent again, it would be refused again. */
  ours: boolean
}

/** A batch of AWS's is answered entry by entry, with success in the status line. */
export function answerOf(batch: readonly Delivery[], failures: readonly Failure[]): Answer {
  const refused: Refused[] = []
  const later: Delivery[] = []
  let why = ''
  for (const { at, code, told, ours } of failures) {
    const delivery = batch[at]
    if (!delivery) throw new Error(`the answer speaks of entry ${at} of ${batch.length}`)
    if (ours) refused.push({ delivery, code, answer: told })
    else {
      later.push(delivery)
      why ||= `${code}: ${told}`
    }
  }
  return { refused, ...(later.length > 0 ? { later: { deliveries: later, why } } : {}) }
}

/** Errors of AWS that are about what was sent, and not about who, where to or how much. */
function isAboutContent(thrown: unknown): boolean {
  const { name = '' } = thrown as { name?: string }
  return /InvalidParameter|InvalidMessageContents|InvalidArgument|ValidationException|BatchRequestTooLong|SizeLimit|TooLarge/.test(
    name,
  )
}

/** What is thrown for a batch is an outage, unless it is about what was sent. */
export function halveOrThrow(batch: readonly Delivery[], thrown: unknown): Answer {
  if (!isAboutContent(thrown)) throw thrown
  const { name, message } = thrown as Error
  return { refused: [], halve: { deliveries: batch, code: name, answer: message } }
}

export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** The Region in an ARN or the URL of a queue. */
export function regionIn(name: string): string | undefined {
  return (
    /^arn:aws[\w-]*:\w+:([a-z]{2}(?:-[a-z]+)+-\d):/.exec(name)?.[1] ??
    /^https:\/\/sqs\.([a-z]{2}(?:-[a-z]+)+-\d)\./.exec(name)?.[1]
  )
}
