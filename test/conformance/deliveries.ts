type Json = Record<string, unknown>

/** An object that holds these records, one way that AWS delivers them. */
export type Form = (records: readonly Json[]) => string

/** A record of a log type, another one that claims to be it, and the ways that both come. */
interface Deliveries {
  record: Json
  forged: Json
  /** The ways differ in all that is not the record: order of fields, white space, what is around it. */
  forms: Record<string, Form>
}

const lines: Form = (records) => records.map((one) => JSON.stringify(one)).join('\n')
const file: Form = (records) => JSON.stringify({ Records: records })
const pretty: Form = (records) => records.map((one) => JSON.stringify(turned(one), null, 2)).join('\n')
const nulls: Form = (records) => lines(records.map((one) => ({ sharedEventID: null, ...one })))

/** The fields in another order, down to the last. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, turned(inner)]),
  )
}

function lookup(records: readonly Json[]): string {
  const events = records.map((one) => ({
    EventId: one.eventID,
    CloudTrailEvent: JSON.stringify(turned(one)),
  }))
  return JSON.stringify({ Events: events })
}

function subscribed(group: string, stream: string, more: Json = {}): Form {
  return (records) =>
    JSON.stringify({
      ...{ messageType: 'DATA_MESSAGE', owner: '111122223333', logGroup: group, logStream: stream },
      ...{ subscriptionFilters: ['to-firehose'], ...more },
      logEvents: records.map((one) => ({
        ...{ id: '31953106606966983378809025079804211143289615424298200001', timestamp: 1767823003000 },
        message: typeof one.message === 'string' ? one.message : JSON.stringify(one),
      })),
    })
}

function eventbridge(detailType: string, source: string): Form {
  return (records) =>
    records
      .map((detail, at) =>
        JSON.stringify({
          ...{
            version: '0',
            id: `cd2d702e-0000-4e2c-9d6e-00000000000${at}`,
            'detail-type': detailType,
            source,
          },
          ...{
            account: '111122223333',
            time: '2026-01-07T21:25:04Z',
            region: 'us-east-1',
            resources: [],
            detail,
          },
        }),
      )
      .join('\n')
}

/** As the API's shapes spell fields. */
function pascal(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(pascal)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key[0]?.toUpperCase() + key.slice(1), pascal(inner)]),
  )
}

const event: Json = {
  ...{ eventVersion: '1.11', eventTime: '2026-01-07T10:00:01Z', eventSource: 'cloudtrail.amazonaws.com' },
  ...{ eventName: 'StopLogging', awsRegion: 'us-east-1', eventID: '00000000-0000-4000-8000-000000000001' },
  userIdentity: { type: 'IAMUser', userName: 'alice', accountId: '111122223333' },
  requestParameters: { name: 'main', count: 1.0, tags: [{ a: 1, b: null }] },
  ...{ recipientAccountId: '111122223333', readOnly: false, somethingNew: { x: 1, y: [true] } },
}

const call: Json = {
  ...{ schemaType: 'ModelInvocationLog', schemaVersion: '1.0', timestamp: '2026-01-07T22:20:01Z' },
  ...{ accountId: '111122223333', region: 'us-east-1', requestId: '7487ab04-734e-470b-8dfc-46d8d8500099' },
  ...{ operation: 'Converse', modelId: 'example.model-v1' },
  identity: { arn: 'arn:aws:sts::111122223333:assumed-role/AgentRole/session-1' },
  input: {
    ...{ inputContentType: 'application/json', inputTokenCount: 3 },
    inputBodyJson: { messages: [{ role: 'user', content: [{ text: 'hello' }] }] },
  },
  output: {
    ...{ outputContentType: 'application/json', outputTokenCount: 5 },
    outputBodyJson: { output: { message: { role: 'assistant', content: [{ text: 'hi' }] } } },
  },
}

const finding: Json = {
  ...{ schemaVersion: '2.0', accountId: '111122223333', region: 'us-east-1', partition: 'aws' },
  id: 'c6b3fdfe0000000000000000000000cc',
  arn: 'arn:aws:guardduty:us-east-1:111122223333:detector/12abc34d/finding/c6b3fdfe0000000000000000000000cc',
  type: 'UnauthorizedAccess:IAMUser/TorIPCaller',
  resource: { resourceType: 'AccessKey', accessKeyDetails: { userName: 'alice' } },
  service: { serviceName: 'guardduty', detectorId: '12abc34d', count: 1, archived: false },
  ...{ severity: 5, title: 'A title', description: 'Some sentences.' },
  ...{ createdAt: '2026-01-07T21:25:04.000Z', updatedAt: '2026-01-07T21:30:04.000Z' },
}

const change: Json = {
  ...{
    version: '0',
    id: '844e2571-0000-695f-b930-000000000099',
    account: '111122223333',
    region: 'us-east-1',
  },
  ...{
    'detail-type': 'SageMaker Training Job State Change',
    source: 'aws.sagemaker',
    time: '2026-01-07T12:26:13Z',
  },
  resources: ['arn:aws:sagemaker:us-east-1:111122223333:training-job/kmeans-1'],
  detail: { TrainingJobName: 'kmeans-1', TrainingJobStatus: 'Failed', HyperParameters: { k: '10', l: '2' } },
}

const alarm: Json = {
  ...{
    version: '0',
    id: 'c4c1c1c9-0000-e61b-6ef0-000000000099',
    'detail-type': 'CloudWatch Alarm State Change',
  },
  ...{ source: 'aws.cloudwatch', account: '111122223333', time: '2026-01-07T17:04:40Z', region: 'us-east-1' },
  resources: ['arn:aws:cloudwatch:us-east-1:111122223333:alarm:ep-5xx'],
  detail: {
    alarmName: 'ep-5xx',
    previousState: { value: 'OK', reason: 'fine' },
    state: { value: 'ALARM', reason: 'Threshold Crossed', timestamp: '2026-01-07T17:04:40.989+0000' },
  },
}

const capture: Json = {
  captureData: {
    endpointInput: { observedContentType: 'text/csv', mode: 'INPUT', data: '1,2', encoding: 'CSV' },
    endpointOutput: { observedContentType: 'text/csv', mode: 'OUTPUT', data: '0.5', encoding: 'CSV' },
  },
  eventMetadata: { eventId: '7eb7c5f1-0000-4000-8000-000000000099', inferenceTime: '2026-01-07T22:16:43Z' },
  eventVersion: '0',
}

const piece: Json = {
  ...{ eventVersion: '1.0', eventTime: '2026-01-07T21:56:43Z', awsRegion: 'us-east-1' },
  ...{ target: { id: 'i-0abc123def4567890' }, runAsUser: 'ssm-user', sessionId: 'alice-0b7c1cc185ccf51a9' },
  userIdentity: { arn: 'arn:aws:sts::111122223333:assumed-role/Admin/alice' },
  sessionData: ['sh-4.2$ whoami', 'ssm-user'],
}

const OTHER_FILTER = { subscriptionFilters: ['another', 'to-firehose'], policyLevel: 'ACCOUNT_LEVEL_POLICY' }

export const DELIVERIES: Record<string, Deliveries> = {
  cloudtrail: {
    record: event,
    forged: { ...event, userIdentity: { type: 'IAMUser', userName: 'mallory', accountId: '111122223333' } },
    forms: {
      'a file of a trail': file,
      'lines in another order': pretty,
      'lines with fields that are null': nulls,
      'the answer of LookupEvents': lookup,
      'EventBridge events': eventbridge('AWS API Call via CloudTrail', 'aws.cloudtrail'),
    },
  },
  bedrock_invocation: {
    record: call,
    forged: { ...call, identity: { arn: 'arn:aws:sts::111122223333:assumed-role/AgentRole/mallory' } },
    forms: {
      'a file': lines,
      'lines in another order': pretty,
      'a log group': subscribed('bedrock', 'aws/bedrock/modelinvocations'),
    },
  },
  guardduty_finding: {
    record: finding,
    forged: {
      ...finding,
      resource: { resourceType: 'AccessKey', accessKeyDetails: { userName: 'mallory' } },
    },
    forms: {
      'an export': lines,
      'EventBridge events': eventbridge('GuardDuty Finding', 'aws.guardduty'),
      'the answer of GetFindings': (records) => JSON.stringify({ Findings: records.map(pascal) }),
    },
  },
  sagemaker_event: {
    record: change,
    forged: { ...change, detail: { TrainingJobName: 'mallory', TrainingJobStatus: 'Completed' } },
    forms: {
      lines: lines,
      'lines in another order': pretty,
      'a log group': subscribed('/aws/events/sagemaker', 'stream'),
    },
  },
  cloudwatch_metric: {
    record: alarm,
    forged: {
      ...alarm,
      detail: {
        alarmName: 'ep-5xx',
        state: { value: 'OK', reason: 'mallory', timestamp: '2026-01-07T17:04:40.989+0000' },
      },
    },
    forms: { lines: lines, 'lines in another order': pretty },
  },
  sagemaker_invocation: {
    record: capture,
    forged: { ...capture, eventVersion: 'mallory' },
    forms: { lines: lines, 'a line with an end': (records) => `${lines(records)}\n` },
  },
  cloudwatch_log: {
    record: { message: 'INFO model loaded' },
    forged: { message: 'INFO mallory' },
    forms: {
      'a subscription': subscribed('/aws/sagemaker/Endpoints/llm-chat', 'AllTraffic/i-0abc123def4567890'),
      'another subscription': subscribed(
        '/aws/sagemaker/Endpoints/llm-chat',
        'AllTraffic/i-0abc123def4567890',
        OTHER_FILTER,
      ),
    },
  },
  session_log: {
    record: piece,
    forged: { ...piece, sessionData: ['sh-4.2$ whoami', 'mallory'] },
    forms: {
      'a subscription': subscribed('/aws/ssm/sessionlogs', 'alice-0b7c1cc185ccf51a9'),
      'another subscription': subscribed('/aws/ssm/sessionlogs', 'alice-0b7c1cc185ccf51a9', OTHER_FILTER),
    },
  },
}
