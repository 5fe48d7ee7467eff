import { faultPointOf } from '../lib/fault-point.ts'

/** The steps of the lake's own log, after a commit. */
export const LOG_STEPS = ['log-commit-written', 'log-tile-written', 'checkpoint-written'] as const

export const faultPoint = faultPointOf(LOG_STEPS)
