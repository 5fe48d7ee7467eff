import { createHash } from 'node:crypto'
import { type Need, wayOutOfDenial } from '../../aws/denial.ts'
import { saidBy } from '../../aws/errors.ts'
import { UserError } from '../../lib/errors.ts'
import type { Answer, Delivery, Refused } from '../contract.ts'

/** AWS's error for one entry of a batch. */
export interface Failure {
  /** Its index in the batch. */
  at: number
  code: string
  told: string
  /** Whether the entry itself is at fault: sent again, it would be refused again. */
  ours: boolean
}

/** Reads an answer of AWS's batch APIs, which report errors per entry under a successful status. */
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

/** Errors of AWS about the content of a request, and not about its caller, its target or its rate. */
function isAboutContent(thrown: unknown): boolean {
  const { name = '' } = thrown as { name?: string }
  return /InvalidParameter|InvalidMessageContents|InvalidArgument|ValidationException|BatchRequestTooLong|SizeLimit|TooLarge/.test(
    name,
  )
}

/** An error of AWS; a denial says which permission is missing, and who needs it. */
export function withWayOut(thrown: unknown, need: Need): unknown {
  const wayOut = wayOutOfDenial(thrown, [need])
  return wayOut === undefined ? thrown : new UserError(`${saidBy(thrown)}; way out: ${wayOut}`)
}

/**
 * An error for a whole batch is an outage, unless it is about the content.
 *
 * @param need the permission to send
 */
export function halveOrThrow(batch: readonly Delivery[], thrown: unknown, need: Need): Answer {
  if (!isAboutContent(thrown)) throw withWayOut(thrown, need)
  const { name, message } = thrown as Error
  return { refused: [], halve: { deliveries: batch, code: name, answer: message } }
}

export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** The Region in an ARN or a queue's URL. */
export function regionIn(name: string): string | undefined {
  return (
    /^arn:aws[\w-]*:\w+:([a-z]{2}(?:-[a-z]+)+-\d):/.exec(name)?.[1] ??
    /^https:\/\/sqs\.([a-z]{2}(?:-[a-z]+)+-\d)\./.exec(name)?.[1]
  )
}
