// Turns the same events into those of EventBridge, GuardDuty and CloudWatch: state changes of jobs and
// endpoints, findings, data points and an alarm.
import { gzipSync } from 'node:zlib'
import { endpointOf } from './captures.ts'
import { type LogFile, lines } from './firehose.ts'
import {
  accessKey,
  at,
  isoTime,
  type Json,
  type JsonObject,
  ML,
  named,
  PROD,
  principalId,
  US,
} from './organisation.ts'
import { type Entry, groupBy, sum } from './record.ts'

type Notice = { at: number; record: JsonObject }

export function notices(entries: Entry[]): LogFile[] {
  const events = [...entries.flatMap(stateChanges), alarm()].sort((a, b) => a.at - b.at)
  return [
    ...lines('events', 'events', events),
    ...lines('metrics', 'metrics', dataPoints(entries)),
    findings(),
  ]
}

function event(
  source: string,
  kind: string,
  when: number,
  arn: string,
  account: string,
  detail: Json,
): Notice {
  const id = named('event', kind, arn, String(when)).uuid()
  return {
    at: when,
    record: {
      version: '0',
      id,
      'detail-type': kind,
      source,
      account,
      time: isoTime(when),
      region: US,
      resources: [arn],
      detail,
    },
  }
}

// A job runs and completes, one in six fails; an endpoint is updated and returns to service.
function stateChanges({ record, at: when }: Entry): Notice[] {
  const request = (record.requestParameters ?? {}) as JsonObject
  if (record.eventName === 'CreateTrainingJob' && record.eventType === 'AwsApiCall') {
    const name = request.trainingJobName as string
    const random = named('training', name)
    const failed = random.below(6) === 0
    const end = when + random.between(1200, 5400)
    const times = { CreationTime: `${when * 1000}`, TrainingStartTime: `${(when + 190) * 1000}` }
    const job = {
      TrainingJobName: name,
      TrainingJobArn: `arn:aws:sagemaker:${US}:${ML}:training-job/${name}`,
      HyperParameters: request.hyperParameters as Json,
      RoleArn: request.roleArn as Json,
      ResourceConfig: { InstanceType: 'ml.g5.2xlarge', InstanceCount: 1, VolumeSizeInGB: 100 },
    }
    const change = (timestamp: number, status: string, more: JsonObject) =>
      event('aws.sagemaker', 'SageMaker Training Job State Change', timestamp, job.TrainingJobArn, ML, {
        ...job,
        TrainingJobStatus: status,
        SecondaryStatus: status === 'InProgress' ? 'Training' : status,
        ...times,
        ...more,
        LastModifiedTime: `${timestamp * 1000}`,
      })
    const failure = { FailureReason: 'AlgorithmError: CUDA out of memory, exit code: 1' }
    return [
      change(when + 190, 'InProgress', {}),
      change(end, failed ? 'Failed' : 'Completed', {
        TrainingEndTime: `${end * 1000}`,
        ...(failed && failure),
      }),
    ]
  }
  if (!/^(Create|Update)Endpoint$/.test(record.eventName as string)) return []
  const name = request.endpointName as string
  const arn = `arn:aws:sagemaker:${US}:${ML}:endpoint/${name}`
  const change = (timestamp: number, status: string) =>
    event('aws.sagemaker', 'SageMaker Endpoint State Change', timestamp, arn, ML, {
      EndpointName: name,
      EndpointArn: arn,
      EndpointConfigName: request.endpointConfigName as Json,
      ProductionVariants: [{ VariantName: 'AllTraffic', DesiredWeight: 1, DesiredInstanceCount: 2 }],
      EndpointStatus: status,
      CreationTime: when * 1000,
      LastModifiedTime: timestamp * 1000,
    })
  const busy = record.eventName === 'CreateEndpoint' ? 'CREATING' : 'UPDATING'
  return [change(when + 2, busy), change(when + 412, 'IN_SERVICE')]
}

function alarm(): Notice {
  const when = at(2, '16:04:40')
  const metric = {
    namespace: 'AWS/SageMaker',
    name: 'ModelLatency',
    dimensions: { EndpointName: 'support-llm', VariantName: 'AllTraffic' },
  }
  const stamp = (seconds: number) => isoTime(seconds).replace('Z', '.120+0000')
  return event(
    'aws.cloudwatch',
    'CloudWatch Alarm State Change',
    when,
    `arn:aws:cloudwatch:${US}:${ML}:alarm:support-llm-slow`,
    ML,
    {
      alarmName: 'support-llm-slow',
      configuration: {
        metrics: [{ id: 'm1', metricStat: { metric, period: 3600, stat: 'p99' }, returnData: true }],
      },
      previousState: { value: 'OK', reason: 'no data point was greater', timestamp: stamp(when - 90_000) },
      state: {
        value: 'ALARM',
        reason: 'Threshold Crossed: 1 out of the last 1 datapoints was greater than the threshold.',
        reasonData: JSON.stringify({ version: '1.0', statistic: 'p99', period: 3600, threshold: 900_000 }),
        timestamp: stamp(when),
      },
    },
  )
}

// An hour of an endpoint: its number of calls, and its model's latency in microseconds.
function dataPoints(entries: Entry[]): Notice[] {
  const calls = entries.filter((each) => endpointOf(each) !== undefined)
  const hours = groupBy(calls, (each) => `${endpointOf(each)} ${Math.floor(each.at / 3600)}`)
  return [...hours].flatMap(([name, group]) => {
    const [endpoint = '', hour] = name.split(' ')
    const random = named('latency', name)
    const slow = endpoint === 'support-llm' ? 380_000 : 21_000
    const values = group.map(() => slow + random.below(slow))
    const when = Number(hour) * 3600
    return [
      point(
        when,
        endpoint,
        'Invocations',
        'None',
        group.map(() => 1),
      ),
      point(when, endpoint, 'ModelLatency', 'Microseconds', values),
    ]
  })
}

function point(when: number, endpoint: string, metric: string, unit: string, values: number[]): Notice {
  return {
    at: when,
    record: {
      metric_stream_name: 'models',
      account_id: ML,
      region: US,
      namespace: 'AWS/SageMaker',
      metric_name: metric,
      dimensions: { EndpointName: endpoint, VariantName: 'AllTraffic' },
      timestamp: when * 1000,
      value: {
        count: values.length,
        sum: sum(values),
        max: Math.max(...values),
        min: Math.min(...values),
      },
      unit,
    },
  }
}

// The finding on the leaked key of `legacy-backup`, in two versions: GuardDuty's count rises in the second.
// And goran's new user.
function findings(): LogFile {
  const detector = named('detector', PROD).hex(32)
  const finding = (
    kind: string,
    severity: number,
    title: string,
    who: { accessKeyId: string; principalId: string; userType: string; userName: string },
    action: { api: string; serviceName: string; errorCode?: string; from: JsonObject },
    [first, last, told, count]: [number, number, number, number],
  ) => {
    const id = named('finding', kind, who.userName).hex(32)
    const { from, ...call } = action
    return {
      schemaVersion: '2.0',
      accountId: PROD,
      region: US,
      partition: 'aws',
      id,
      arn: `arn:aws:guardduty:${US}:${PROD}:detector/${detector}/finding/${id}`,
      type: kind,
      resource: { resourceType: 'AccessKey', accessKeyDetails: who },
      service: {
        serviceName: 'guardduty',
        detectorId: detector,
        action: {
          actionType: 'AWS_API_CALL',
          awsApiCallAction: {
            ...call,
            callerType: 'Remote IP',
            remoteIpDetails: from,
            affectedResources: {},
          },
        },
        resourceRole: 'TARGET',
        additionalInfo: { value: '{}', type: 'default' },
        eventFirstSeen: `${isoTime(first).slice(0, 19)}.000Z`,
        eventLastSeen: `${isoTime(last).slice(0, 19)}.000Z`,
        archived: false,
        count,
      },
      severity,
      createdAt: `${isoTime(first + 290).slice(0, 19)}.123Z`,
      updatedAt: `${isoTime(told).slice(0, 19)}.456Z`,
      title,
      description: title,
    }
  }
  const leaked = {
    accessKeyId: accessKey('AKIA', PROD, 'legacy-backup'),
    principalId: principalId('AIDA', PROD, 'legacy-backup'),
    userType: 'IAMUser',
    userName: 'legacy-backup',
  }
  const contractor = {
    accessKeyId: accessKey('ASIA', PROD, 'BreakGlassAdmin', 'maintenance', isoTime(at(3, '02:17:26') - 95)),
    principalId: `${principalId('AROA', PROD, 'BreakGlassAdmin')}:maintenance`,
    userType: 'AssumedRole',
    userName: 'BreakGlassAdmin',
  }
  const invoke = {
    api: 'InvokeModel',
    serviceName: 'bedrock.amazonaws.com',
    errorCode: 'AccessDenied',
    from: { ipAddressV6: '2001:db8:bad:7::66' },
  }
  const title = 'The user legacy-backup called models in an unusual way.'
  const kind = 'Impact:IAMUser/AnomalousModelInvocation'
  const [first, last] = [at(3, '04:41:07'), at(3, '04:42:00')]
  const all = [
    finding(
      'Persistence:IAMUser/AnomalousBehavior',
      5,
      'The role BreakGlassAdmin created a user, which it has never done before.',
      contractor,
      { api: 'CreateUser', serviceName: 'iam.amazonaws.com', from: { ipAddressV4: '203.0.113.250' } },
      [at(3, '02:30:00'), at(3, '02:30:00'), at(3, '02:45:10'), 1],
    ),
    finding(kind, 8, title, leaked, invoke, [first, first, at(3, '04:46:00'), 1]),
    finding(kind, 8, title, leaked, invoke, [first, last, at(3, '05:01:00'), 8]),
  ]
  const text = all.map((each) => `${JSON.stringify(each)}\n`).join('')
  const name = named('guardduty', PROD).uuid()
  return {
    key: `findings/AWSLogs/${PROD}/GuardDuty/${US}/2026/01/08/${name}.jsonl.gz`,
    bytes: gzipSync(text),
  }
}
