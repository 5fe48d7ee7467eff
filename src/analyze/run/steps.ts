import { faultPointOf } from '../../lib/fault-point.ts'

/** The steps of an analysis, with commits between them. */
export const ANALYZE_STEPS = [
  'analysis-selected',
  'analysis-begun',
  'batch-wanted',
  'batch-uploaded',
  'batch-looked-for',
  'batch-accepted',
  'batch-started',
  'batch-ended',
  'batch-results-read',
  'batch-read',
  'calls-answered',
  'calls-kept',
  'floor-answered',
  'floor-kept',
  'report-made',
  'report-kept',
  'report-sent',
  'report-sent-kept',
] as const

export const faultPoint = faultPointOf(ANALYZE_STEPS)

/** The steps of a scheduled digest, of each destination. */
const DIGEST_STEPS = ['digest-sent', 'digest-sent-kept'] as const

export const digestFaultPoint = faultPointOf(DIGEST_STEPS)
