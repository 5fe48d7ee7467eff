import { faultPointOf } from '../lib/fault-point.ts'

/** The steps of a follower's turn; the commit comes after them. */
export const FOLLOW_STEPS = [
  'follower-registered',
  'changes-read',
  'results-staged',
  'results-adopted',
] as const

export const faultPoint = faultPointOf(FOLLOW_STEPS)
