import { faultPointOf } from '../lib/fault-point.ts'

/** The steps of a route, between reading and its commit. */
const DELIVER_STEPS = ['batch-made', 'batch-sent', 'group-delivered'] as const

export const faultPoint = faultPointOf(DELIVER_STEPS)
