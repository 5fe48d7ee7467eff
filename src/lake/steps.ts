import { faultPointOf } from '../lib/fault-point.ts'

/** The steps of a commit. */
export const COMMIT_STEPS = [
  'data-adopted',
  'filter-adopted',
  'manifest-written',
  'manifest-list-written',
  'metadata-written',
  'catalog-lost',
  'catalog-written',
  'metadata-published',
  'hint-written',
] as const

/** Those of a writer that has met another. */
export const TURN_STEPS = ['turn-taken', 'turn-given-up'] as const

export type CommitStep = (typeof COMMIT_STEPS)[number]

export const faultPoint = faultPointOf([...COMMIT_STEPS, ...TURN_STEPS])
