import { faultPointOf } from '../lib/fault-point.ts'

/** The steps of a batch; the lake's own come before the last. */
export const INGEST_STEPS = [
  'listed',
  'object-read',
  'opened',
  'staged',
  'duplicates-checked',
  'ledger-adopted',
  'acknowledged',
] as const

export const faultPoint = faultPointOf(INGEST_STEPS)
