import { gzipSync } from 'node:zlib'
import type { Random } from '../../samples/random.ts'
import type { MadeFile } from './made.ts'
import { ACCOUNTS, hourPath, iso, prose, REGIONS } from './words.ts'

function linesFile(random: Random, folder: string, at: number, lines: string[]): MadeFile {
  const text = `${lines.join('\n')}\n`
  const name = `${folder}-3-${iso(at).slice(0, 19).replaceAll(/[:T]/g, '-')}-${random.uuid()}.gz`
  return {
    key: `${folder}/${hourPath(at)}/${name}`,
    bytes: gzipSync(text),
    expanded: Buffer.byteLength(text),
  }
}

/** State changes of training jobs and endpoints, by EventBridge and Firehose. */
export function eventFile(random: Random, at: number): MadeFile {
  const lines = Array.from({ length: 800 }, (_, index) => {
    const account = random.pick(ACCOUNTS)
    const region = random.pick(REGIONS)
    const time = iso(at + (index >> 2))
    const [type, arn, detail] = random.chance(0.6)
      ? training(random, account, region)
      : endpoint(random, account, region)
    return JSON.stringify({
      version: '0',
      id: random.uuid(),
      'detail-type': type,
      source: 'aws.sagemaker',
      account,
      time,
      region,
      resources: [arn],
      detail,
    })
  })
  return linesFile(random, 'sagemaker-events', at, lines)
}

function training(random: Random, account: string, region: string): [string, string, object] {
  const name = `train-${random.below(500)}`
  const arn = `arn:aws:sagemaker:${region}:${account}:training-job/${name}`
  const detail = {
    TrainingJobName: name,
    TrainingJobArn: arn,
    TrainingJobStatus: random.pick(['InProgress', 'Completed', 'Failed']),
    SecondaryStatus: random.pick(['Starting', 'Training', 'Uploading']),
    HyperParameters: { epochs: '3', learning_rate: `0.${random.below(1000)}`, batch: '64' },
    AlgorithmSpecification: {
      TrainingImage: `${account}.dkr.ecr.${region}.amazonaws.com/train:1`,
      TrainingInputMode: 'File',
    },
    RoleArn: `arn:aws:iam::${account}:role/SageMakerRole`,
    InputDataConfig: [
      {
        ChannelName: 'train',
        DataSource: {
          S3DataSource: {
            S3DataType: 'S3Prefix',
            S3Uri: `s3://example-bucket/in/${random.below(100)}`,
            S3DataDistributionType: 'FullyReplicated',
          },
        },
        ContentType: 'text/csv',
      },
    ],
    OutputDataConfig: { KmsKeyId: '', S3OutputPath: 's3://example-bucket/out' },
    ResourceConfig: { InstanceType: 'ml.m5.xlarge', InstanceCount: random.between(1, 8), VolumeSizeInGB: 20 },
    StoppingCondition: { MaxRuntimeInSeconds: 3600 },
    CreationTime: 1767788000000 + random.below(1e6),
    TrainingStartTime: 1767788100000 + random.below(1e6),
    LastModifiedTime: 1767788701000 + random.below(1e6),
    SecondaryStatusTransitions: [
      { Status: 'Starting', StartTime: 1767788000000, StatusMessage: prose(random, 60) },
    ],
    Tags: { team: random.pick(['search', 'billing']) },
  }
  return ['SageMaker Training Job State Change', arn, detail]
}

function endpoint(random: Random, account: string, region: string): [string, string, object] {
  const name = `endpoint-${random.below(40)}`
  const arn = `arn:aws:sagemaker:${region}:${account}:endpoint/${name}`
  const detail = {
    EndpointName: name,
    EndpointArn: arn,
    EndpointConfigName: `${name}-config`,
    ProductionVariants: [
      {
        VariantName: 'AllTraffic',
        DesiredWeight: 1,
        DesiredInstanceCount: random.between(1, 4),
        DeployedImages: [{ SpecifiedImage: `${account}.dkr.ecr.${region}.amazonaws.com/serve:2` }],
      },
    ],
    EndpointStatus: random.pick(['IN_SERVICE', 'UPDATING', 'FAILED']),
    CreationTime: 1592411992203,
    LastModifiedTime: 1767788701000 + random.below(1e6),
    Tags: {},
  }
  return ['SageMaker Endpoint State Change', arn, detail]
}

/** GuardDuty's export to S3. */
export function findingFile(random: Random, at: number): MadeFile {
  const account = random.pick(ACCOUNTS)
  const region = random.pick(REGIONS)
  const lines = Array.from({ length: 400 }, (_, index) =>
    JSON.stringify(finding(random, account, region, at + index)),
  )
  const text = `${lines.join('\n')}\n`
  const key = `AWSLogs/${account}/GuardDuty/${region}/${iso(at).slice(0, 10).replaceAll('-', '/')}/${random.uuid()}.jsonl.gz`
  return { key, bytes: gzipSync(text), expanded: Buffer.byteLength(text) }
}

function finding(random: Random, accountId: string, region: string, at: number): object {
  const id = random.hex(32)
  const detectorId = '12abc34d567e8fa901bc2d34e56789f0'
  return {
    schemaVersion: '2.0',
    accountId,
    region,
    partition: 'aws',
    id,
    arn: `arn:aws:guardduty:${region}:${accountId}:detector/${detectorId}/finding/${id}`,
    type: random.pick([
      'Recon:IAMUser/UserPermissions',
      'UnauthorizedAccess:IAMUser/TorIPCaller',
      'Discovery:S3/AnomalousBehavior',
    ]),
    resource: {
      resourceType: 'AccessKey',
      accessKeyDetails: {
        accessKeyId: `AKIAEXAMPLE${random.text('ABCDEFGHIJKLMNOPQRSTUVWXYZ', 9)}`,
        principalId: `AIDAEXAMPLE${random.text('ABCDEFGHIJKLMNOPQRSTUVWXYZ', 9)}`,
        userType: 'IAMUser',
        userName: random.pick(['alice', 'bob', 'carol']),
      },
    },
    service: {
      serviceName: 'guardduty',
      detectorId,
      action: {
        actionType: 'AWS_API_CALL',
        awsApiCallAction: {
          api: random.pick(['GetObject', 'ListBuckets', 'InvokeModel']),
          serviceName: 's3.amazonaws.com',
          callerType: 'Remote IP',
          userAgent: 'aws-cli/2.15.0',
          remoteIpDetails: {
            ipAddressV4: `198.51.100.${random.below(255)}`,
            organization: { asn: '64500', asnOrg: 'Example', isp: 'Example', org: 'Example' },
            country: { countryName: 'Switzerland' },
            city: { cityName: 'Bern' },
            geoLocation: { lat: 46.9, lon: 7.4 },
          },
          affectedResources: {},
        },
      },
      resourceRole: 'TARGET',
      additionalInfo: { value: JSON.stringify({ unusual: prose(random, 200) }), type: 'default' },
      eventFirstSeen: `${iso(at - 600).slice(0, 19)}.000Z`,
      eventLastSeen: `${iso(at - 60).slice(0, 19)}.000Z`,
      archived: false,
      count: random.between(1, 90),
    },
    severity: random.pick([2, 5, 8]),
    createdAt: `${iso(at).slice(0, 19)}.123Z`,
    updatedAt: `${iso(at).slice(0, 19)}.456Z`,
    title: prose(random, 60),
    description: prose(random, 150),
  }
}

const METRICS = [
  ['AWS/SageMaker', 'ModelLatency', 'Microseconds'],
  ['AWS/SageMaker', 'OverheadLatency', 'Microseconds'],
  ['AWS/SageMaker', 'Invocations', 'None'],
  ['AWS/Bedrock', 'InvocationLatency', 'Milliseconds'],
  ['AWS/Bedrock', 'InputTokenCount', 'Count'],
] as const

/** A metric stream in JSON. */
export function metricFile(random: Random, at: number): MadeFile {
  const lines = Array.from({ length: 4000 }, (_, index) => {
    const [namespace, metric, unit] = random.pick(METRICS)
    const dimensions =
      namespace === 'AWS/Bedrock'
        ? { ModelId: `example.model-v${random.below(4)}:0` }
        : { EndpointName: `endpoint-${random.below(40)}`, VariantName: 'AllTraffic' }
    const [count, max] = [random.between(1, 60), random.below(1e6) / 10]
    return JSON.stringify({
      metric_stream_name: 'stream',
      account_id: random.pick(ACCOUNTS),
      region: random.pick(REGIONS),
      namespace,
      metric_name: metric,
      dimensions,
      timestamp: (at + 60 * (index >> 11)) * 1000,
      value: '@',
      unit,
    }).replace('"@"', statistics({ max, min: max / 7, sum: (count * max) / 2, count }))
  })
  return linesFile(random, 'metric-stream', at, lines)
}

/** As metric streams write them: whole numbers, too, have a point. */
function statistics(values: Record<string, number>): string {
  const members = Object.entries(values).map(
    ([name, value]) => `"${name}":${Number.isInteger(value) ? value.toFixed(1) : value}`,
  )
  return `{${members.join(',')}}`
}
