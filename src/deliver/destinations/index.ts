import type { Destination } from '../contract.ts'
import * as cloudwatchLogs from './cloudwatch-logs.ts'
import * as eventbridge from './eventbridge.ts'
import * as file from './file.ts'
import * as firehose from './firehose.ts'
import * as opensearch from './opensearch.ts'
import * as otlp from './otlp.ts'
import * as pagerduty from './pagerduty.ts'
import * as s3 from './s3.ts'
import * as securityLake from './security-lake.ts'
import * as slack from './slack.ts'
import * as smtp from './smtp.ts'
import * as sns from './sns.ts'
import * as splunkHec from './splunk-hec.ts'
import * as sqs from './sqs.ts'
import * as stdout from './stdout.ts'
import * as syslog from './syslog.ts'
import * as teams from './teams.ts'
import * as webhook from './webhook.ts'

/** Every kind of destination. A new kind is a file here and a name in this list. */
export const destinations = [
  splunkHec,
  s3,
  opensearch,
  otlp,
  securityLake,
  sns,
  sqs,
  eventbridge,
  cloudwatchLogs,
  firehose,
  webhook,
  slack,
  teams,
  pagerduty,
  smtp,
  syslog,
  file,
  stdout,
  // Each takes its own settings type: the schema makes sure that it only receives those.
] as unknown as readonly Destination[]

/** The kind of destination that settings describe. */
export function kindOf({ type }: { type: string }): Destination {
  const found = destinations.find(({ name }) => name === type)
  if (!found) throw new Error(`there is no destination of type ${type}`)
  return found
}
