import { definitionFixture } from './own.ts'

/** Good records of every log type: they must be stored, whatever stands beside them. */
export interface Neighbour {
  table: string
  /** The column that holds what each of them alone has. */
  column: string
  record(name: string): object
}

const time = '2026-01-07T22:16:43Z'
const account = '111122223333'
const region = 'us-east-1'

function events(logStream: string, message: string, id: string): object {
  return {
    ...{ messageType: 'DATA_MESSAGE', owner: account, logGroup: '/app', logStream },
    subscriptionFilters: ['all'],
    logEvents: [{ id, timestamp: 1767824203123, message }],
  }
}

/** A digit for each letter: ids of CloudWatch Logs are numbers. */
function number(name: string): string {
  return Array.from(name, (letter) => letter.charCodeAt(0) % 10).join('')
}

export const NEIGHBOURS: readonly Neighbour[] = [
  {
    table: 'cloudtrail',
    column: 'eventid',
    record: (eventID) => ({
      ...{ eventVersion: '1.11', userIdentity: { type: 'IAMUser', userName: 'bob' }, eventTime: time },
      ...{ eventSource: 'ec2.amazonaws.com', eventName: 'DescribeInstances', awsRegion: region, eventID },
    }),
  },
  {
    table: 'guardduty_finding',
    column: 'id',
    record: (id) => ({
      ...{
        schemaVersion: '2.0',
        accountId: account,
        region,
        partition: 'aws',
        id,
        type: 'Recon:EC2/Portscan',
      },
      ...{ resource: { resourceType: 'Instance' }, service: { count: 1 }, severity: 5 },
      ...{ createdAt: time, updatedAt: time, title: 'a title', description: 'a description' },
    }),
  },
  {
    table: 'sagemaker_event',
    column: 'id',
    record: (id) => ({
      ...{ version: '0', id, 'detail-type': 'SageMaker Training Job State Change', source: 'aws.sagemaker' },
      ...{ account, time, region, resources: [], detail: { TrainingJobName: 'demo' } },
    }),
  },
  {
    table: 'bedrock_invocation',
    column: 'requestid',
    record: (requestId) => ({
      ...{ schemaType: 'ModelInvocationLog', schemaVersion: '1.0', timestamp: time, accountId: account },
      ...{ region, requestId, operation: 'InvokeModel', modelId: 'demo.model-v1:0' },
      input: { inputContentType: 'application/json', inputBodyJson: { prompt: 'hello' } },
    }),
  },
  {
    table: 'cloudwatch_metric',
    column: 'modelid',
    record: (ModelId) => ({
      ...{ metric_stream_name: 'all', account_id: account, region, namespace: 'AWS/Bedrock' },
      ...{ metric_name: 'Invocations', dimensions: { ModelId }, timestamp: 1767824203000, unit: 'Count' },
      value: { max: 1, min: 1, sum: 1, count: 1 },
    }),
  },
  {
    table: 'sagemaker_invocation',
    column: 'eventmetadata_eventid',
    record: (eventId) => ({
      captureData: {
        endpointInput: { observedContentType: 'text/plain', mode: 'INPUT', data: 'hello', encoding: 'JSON' },
      },
      ...{ eventMetadata: { eventId, inferenceTime: time }, eventVersion: '0' },
    }),
  },
  {
    table: 'cloudwatch_log',
    column: 'message',
    record: (message) => events('stream', message, number(message)),
  },
  {
    table: 'session_log',
    column: 'target_id',
    record: (id) => {
      const sessionId = 'alice-0123456789abcdef0'
      const message = {
        ...{ eventVersion: '1.0', eventTime: time, awsRegion: region, target: { id }, sessionId },
        ...{ userIdentity: { arn: `arn:aws:iam::${account}:user/alice` }, sessionData: ['$ ls'] },
      }
      return events(sessionId, JSON.stringify(message), number(id))
    },
  },
  { table: definitionFixture.name, column: 'who', record: (who) => definitionFixture.record(who) },
]
