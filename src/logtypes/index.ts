import { bedrockInvocation } from './bedrock_invocation/index.ts'
import { cloudtrail } from './cloudtrail/index.ts'
import { cloudwatchLog } from './cloudwatch_log/index.ts'
import { cloudwatchMetric } from './cloudwatch_metric/index.ts'
import type { LogType } from './contract.ts'
import { guarddutyFinding } from './guardduty_finding/index.ts'
import { sagemakerEvent } from './sagemaker_event/index.ts'
import { sagemakerInvocation } from './sagemaker_invocation/index.ts'
import { sessionLog } from './session_log/index.ts'

/** Every log type, asked in this order. A new one is a folder here and a line in this list. */
export const logTypes: readonly LogType[] = [
  // Its records have what cloudtrail goes by, too.
  sessionLog,
  cloudtrail,
  bedrockInvocation,
  sagemakerInvocation,
  sagemakerEvent,
  guarddutyFinding,
  cloudwatchMetric,
  cloudwatchLog,
]
