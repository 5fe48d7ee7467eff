import { bedrockInvocation } from './bedrock_invocation/index.ts'
import { cloudtrail } from './cloudtrail/index.ts'
import { cloudwatchLog } from './cloudwatch_log/index.ts'
import { cloudwatchMetric } from './cloudwatch_metric/index.ts'
import type { LogType } from './contract.ts'
import { guarddutyFinding } from './guardduty_finding/index.ts'
import { sagemakerEvent } from './sagemaker_event/index.ts'
import { sagemakerInvocation } from './sagemaker_invocation/index.ts'
import { sessionLog } from './session_log/index.ts'

/** All log types, tried in this order. A new one is a folder and a line in this list. */
export const logTypes: readonly LogType[] = [
  // First, since its records also have the fields by which cloudtrail is recognized.
  sessionLog,
  cloudtrail,
  bedrockInvocation,
  sagemakerInvocation,
  sagemakerEvent,
  guarddutyFinding,
  cloudwatchMetric,
  cloudwatchLog,
]
