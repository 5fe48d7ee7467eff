import { faultPointOf } from '../../lib/fault-point.ts'

/** The steps of a message, before the first of a batch and after the last. */
export const QUEUE_STEPS = ['message-received', 'message-deleted'] as const

export const faultPoint = faultPointOf(QUEUE_STEPS)
