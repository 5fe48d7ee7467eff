// What happens in a benchmark corpus: each shape is one API call as CloudTrail writes it, by string templates,
// since JSON.stringify of whole events would cost more than gzip does.
import { LETTERS_AND_DIGITS, type Random, UPPER_AND_DIGITS } from '../samples/random.ts'

export type Caller = 'person' | 'workload' | 'service' | 'poller'

export interface Scene {
  account: string
  region: string
  vpcEndpoint: string
  instances: string[]
  buckets: string[]
  prefixes: string[]
  keys: string[]
  functions: string[]
  endpoints: string[]
  jobs: string[]
  models: string[]
  roles: string[]
  secrets: string[]
}

export interface Call {
  request: string
  response?: string
  additional?: string
  resources?: string
}

export interface Shape {
  source: string
  name: string
  host: string
  weight: number
  by: Caller
  readOnly: boolean
  data?: boolean
  // Each call differs from the last one, so that no routine is made of it.
  once: boolean
  deniable?: boolean
  make(random: Random, scene: Scene): Call
}

const ONCE = /^(Run|Create|Put|AssumeRole)/
const READS = /^(Describe|List|Get|BatchGet|Decrypt|GenerateDataKey|AssumeRole|Invoke|Converse)/

export const SHAPES: Shape[] = [
  shape('ec2', 'DescribeInstances', 9, 'workload', (random, scene) => ({
    request: `{"maxResults":${random.pick([100, 500, 1000])},"instancesSet":{},"filterSet":{"items":[{"name":"instance-state-name","valueSet":{"items":[{"value":"running"},{"value":"pending"}]}},{"name":"tag:team","valueSet":{"items":[{"value":"${random.pick(scene.prefixes)}"}]}}]}}`,
  })),
  shape('ec2', 'DescribeNetworkInterfaces', 5, 'workload', (random, scene) => ({
    request: `{"networkInterfaceIdSet":{},"filterSet":{"items":[{"name":"attachment.instance-id","valueSet":{"items":[{"value":"${random.pick(scene.instances)}"}]}},{"name":"status","valueSet":{"items":[{"value":"in-use"}]}}]},"maxResults":1000}`,
  })),
  shape('ec2', 'DescribeVolumes', 4, 'workload', (random, scene) => ({
    request: `{"volumeSet":{},"filterSet":{"items":[{"name":"attachment.instance-id","valueSet":{"items":[{"value":"${random.pick(scene.instances)}"},{"value":"${random.pick(scene.instances)}"}]}}]},"maxResults":500}`,
  })),
  shape('ec2', 'RunInstances', 1, 'workload', runInstances),
  shape('ec2', 'CreateTags', 2, 'workload', (random, scene) => ({
    request: `{"resourcesSet":{"items":[{"resourceId":"${random.pick(scene.instances)}"}]},"tagSet":{"items":[{"key":"team","value":"${random.pick(scene.prefixes)}"},{"key":"cost-center","value":"${random.between(4100, 4120)}"},{"key":"managed-by","value":"platform"}]}}`,
    response: `{"requestId":"${random.uuid()}","_return":true}`,
  })),
  shape('s3', 'GetObject', 12, 'workload', (random, scene) => object(random, scene, true), 'data'),
  shape('s3', 'PutObject', 4, 'workload', (random, scene) => object(random, scene, false), 'data'),
  shape('s3', 'GetBucketAcl', 2, 'service', (random, scene) => {
    const bucket = random.pick(scene.buckets)
    return {
      request: `{"bucketName":"${bucket}","Host":"${bucket}.s3.${scene.region}.amazonaws.com","acl":""}`,
      additional: `{"SignatureVersion":"SigV4","CipherSuite":"TLS_AES_128_GCM_SHA256","bytesTransferredIn":0,"AuthenticationMethod":"AuthHeader","bytesTransferredOut":${random.between(550, 560)}}`,
      resources: `[{"accountId":"${scene.account}","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::${bucket}"}]`,
    }
  }),
  shape('kms', 'Decrypt', 9, 'workload', (random, scene) => ({
    request: `{"encryptionAlgorithm":"SYMMETRIC_DEFAULT","encryptionContext":{"aws:s3:arn":"arn:aws:s3:::${random.pick(scene.buckets)}/${random.pick(scene.prefixes)}/part-${random.between(10000, 99999)}.parquet"}}`,
    resources: kmsKey(random, scene),
  })),
  shape('kms', 'GenerateDataKey', 4, 'workload', (random, scene) => ({
    request: `{"keySpec":"AES_256","encryptionContext":{"aws:s3:arn":"arn:aws:s3:::${random.pick(scene.buckets)}"},"keyId":"alias/${random.pick(scene.prefixes)}"}`,
    resources: kmsKey(random, scene),
  })),
  shape('sts', 'AssumeRole', 4, 'service', assumeRole),
  shape(
    'lambda',
    'Invoke',
    6,
    'workload',
    (random, scene) => {
      const arn = `arn:aws:lambda:${scene.region}:${scene.account}:function:${random.pick(scene.functions)}`
      return {
        request: `{"functionName":"${arn}","invocationType":"RequestResponse","logType":"None"}`,
        additional: `{"customerEniId":"eni-${random.hex(17)}"}`,
        resources: `[{"accountId":"${scene.account}","type":"AWS::Lambda::Function","ARN":"${arn}"}]`,
      }
    },
    'data',
  ),
  shape('logs', 'CreateLogStream', 4, 'workload', (random, scene) => ({
    request: `{"logGroupName":"/aws/sagemaker/TrainingJobs","logStreamName":"${random.pick(scene.jobs)}/algo-${random.between(1, 8)}-17675${random.between(10000, 99999)}"}`,
  })),
  shape('sagemaker', 'DescribeTrainingJob', 8, 'workload', (random, scene) => ({
    request: `{"trainingJobName":"${random.pick(scene.jobs)}"}`,
  })),
  shape('sagemaker', 'ListTrainingJobs', 3, 'person', (random, scene) => ({
    request: `{"maxResults":${random.pick([10, 50, 100])},"sortBy":"CreationTime","sortOrder":"Descending","nameContains":"${random.pick(scene.prefixes)}","statusEquals":"InProgress"}`,
  })),
  shape('sagemaker', 'CreateTrainingJob', 2, 'workload', createTrainingJob),
  shape(
    'sagemaker',
    'InvokeEndpoint',
    6,
    'workload',
    (random, scene) => ({
      request: 'null',
      resources: `[{"accountId":"${scene.account}","type":"AWS::SageMaker::Endpoint","ARN":"arn:aws:sagemaker:${scene.region}:${scene.account}:endpoint/${random.pick(scene.endpoints)}"}]`,
    }),
    'data',
    'runtime.sagemaker',
  ),
  bedrock('InvokeModel', 5),
  bedrock('Converse', 5),
  bedrock('InvokeModelWithResponseStream', 3),
  shape('secretsmanager', 'GetSecretValue', 3, 'workload', (random, scene) => {
    const arn = `arn:aws:secretsmanager:${scene.region}:${scene.account}:secret:${random.pick(scene.secrets)}`
    return {
      request: `{"secretId":"${arn}","versionStage":"AWSCURRENT"}`,
      resources: `[{"accountId":"${scene.account}","type":"AWS::SecretsManager::Secret","ARN":"${arn}"}]`,
    }
  }),
  shape('ssm', 'UpdateInstanceInformation', 3, 'workload', (random, scene) => ({
    request: `{"instanceId":"${random.pick(scene.instances)}","agentVersion":"3.3.3050.0","agentStatus":"Active","platformType":"Linux","platformName":"Amazon Linux","platformVersion":"2023","iPAddress":"198.51.100.${random.between(1, 254)}","computerName":"ip-198-51-100-${random.between(1, 254)}.ec2.internal","agentName":"amazon-ssm-agent","availabilityZone":"${scene.region}${random.pick(['a', 'b', 'c'])}","availabilityZoneId":"use1-az${random.between(1, 6)}","sSMConnectionChannel":"ssmmessages"}`,
  })),
  shape('ssm', 'GetParameter', 3, 'workload', (random, scene) => {
    const name = `/platform/${random.pick(scene.prefixes)}/settings-${random.between(1, 40)}`
    return {
      request: `{"name":"${name}","withDecryption":true}`,
      resources: `[{"accountId":"${scene.account}","ARN":"arn:aws:ssm:${scene.region}:${scene.account}:parameter${name}"}]`,
    }
  }),
  shape('iam', 'GetRole', 3, 'person', (random, scene) => ({
    request: `{"roleName":"${random.pick(scene.roles)}"}`,
  })),
  shape('monitoring', 'DescribeAlarms', 4, 'person', (random, scene) => ({
    request: `{"alarmNamePrefix":"${random.pick(scene.prefixes)}-","maxRecords":${random.pick([50, 100])},"alarmTypes":["MetricAlarm","CompositeAlarm"],"stateValue":"ALARM"}`,
  })),
  shape('ecr', 'BatchGetImage', 2, 'workload', (random, scene) => ({
    request: `{"registryId":"${scene.account}","repositoryName":"${random.pick(scene.prefixes)}/train","imageIds":[{"imageTag":"1.${random.between(0, 40)}.${random.between(0, 9)}"}],"acceptedMediaTypes":["application/vnd.docker.distribution.manifest.v2+json","application/vnd.oci.image.manifest.v1+json","application/vnd.oci.image.index.v1+json"]}`,
    resources: `[{"accountId":"${scene.account}","ARN":"arn:aws:ecr:${scene.region}:${scene.account}:repository/${random.pick(scene.prefixes)}/train"}]`,
  })),
]

export const TOTAL_WEIGHT = SHAPES.reduce((sum, each) => sum + each.weight, 0)

export function shape(
  service: string,
  name: string,
  weight: number,
  by: Caller,
  make: Shape['make'],
  category: 'management' | 'data' = 'management',
  host = service,
): Shape {
  const readOnly = READS.test(name) && !(service === 'lambda' || name === 'UpdateInstanceInformation')
  const base = {
    source: `${service}.amazonaws.com`,
    name,
    host,
    weight,
    by,
    readOnly,
    once: ONCE.test(name),
    make,
  }
  return {
    ...base,
    data: category === 'data',
    deniable: by !== 'service' && service !== 'lambda' && category === 'management',
  }
}

function bedrock(name: string, weight: number): Shape {
  function make(random: Random, scene: Scene): Call {
    const tokens = `"inputTokens":${random.between(200, 9000)},"outputTokens":${random.between(20, 1800)}`
    return {
      request: `{"modelId":"${random.pick(scene.models)}"}`,
      additional: random.chance(0.6)
        ? `{"inferenceRegion":"${scene.region === 'us-east-1' ? 'us-west-2' : 'eu-west-1'}",${tokens}}`
        : `{${tokens}}`,
    }
  }
  return shape('bedrock', name, weight, 'workload', make, 'management', 'bedrock-runtime')
}

function kmsKey(random: Random, scene: Scene): string {
  return `[{"accountId":"${scene.account}","type":"AWS::KMS::Key","ARN":"arn:aws:kms:${scene.region}:${scene.account}:key/${random.pick(scene.keys)}"}]`
}

function object(random: Random, scene: Scene, read: boolean): Call {
  const bucket = random.pick(scene.buckets)
  const key = `${random.pick(scene.prefixes)}/2026/part-${random.between(10000, 99999)}.parquet`
  const bytes = random.between(20_000, 9_000_000)
  return {
    request: `{"bucketName":"${bucket}","Host":"${bucket}.s3.${scene.region}.amazonaws.com","key":"${key}"${read ? '' : ',"x-amz-server-side-encryption":"aws:kms"'}}`,
    response: read
      ? 'null'
      : `{"x-amz-server-side-encryption":"aws:kms","x-amz-server-side-encryption-aws-kms-key-id":"arn:aws:kms:${scene.region}:${scene.account}:key/${random.pick(scene.keys)}"}`,
    additional: `{"SignatureVersion":"SigV4","CipherSuite":"TLS_AES_128_GCM_SHA256","bytesTransferredIn":${read ? 0 : bytes},"SSEApplied":"SSE_KMS","AuthenticationMethod":"AuthHeader","bytesTransferredOut":${read ? bytes : 0}}`,
    resources: `[{"type":"AWS::S3::Object","ARN":"arn:aws:s3:::${bucket}/${key}"},{"accountId":"${scene.account}","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::${bucket}"}]`,
  }
}

function assumeRole(random: Random, scene: Scene): Call {
  const role = random.pick(scene.roles)
  const key = `ASIA${random.text(UPPER_AND_DIGITS, 16)}`
  return {
    request: `{"roleArn":"arn:aws:iam::${scene.account}:role/${role}","roleSessionName":"${random.pick(scene.prefixes)}-${random.hex(8)}","durationSeconds":3600}`,
    response: `{"credentials":{"accessKeyId":"${key}","sessionToken":"IQoJb3JpZ2luX2VjE${random.text(LETTERS_AND_DIGITS, 60)}","expiration":"Jan 9, 2026, ${random.between(1, 12)}:${random.between(10, 59)}:00 PM"},"assumedRoleUser":{"assumedRoleId":"AROA${scene.account}${role.slice(0, 4).toUpperCase()}:${role}","arn":"arn:aws:sts::${scene.account}:assumed-role/${role}/${role}"}}`,
    resources: `[{"accountId":"${scene.account}","type":"AWS::IAM::Role","ARN":"arn:aws:iam::${scene.account}:role/${role}"}]`,
  }
}

function runInstances(random: Random, scene: Scene): Call {
  const subnet = `subnet-${random.hex(17)}`
  const team = random.pick(scene.prefixes)
  return {
    request: `{"instancesSet":{"items":[{"imageId":"ami-${random.hex(17)}","minCount":1,"maxCount":1}]},"instanceType":"g5.2xlarge","blockDeviceMapping":{"items":[{"deviceName":"/dev/xvda","ebs":{"volumeSize":200,"deleteOnTermination":true,"volumeType":"gp3","encrypted":true}}]},"monitoring":{"enabled":true},"disableApiTermination":false,"subnetId":"${subnet}","metadataOptions":{"httpTokens":"required","httpPutResponseHopLimit":2},"tagSpecificationSet":{"items":[{"resourceType":"instance","tags":[{"key":"team","value":"${team}"}]}]}}`,
    response: `{"requestId":"${random.uuid()}","reservationId":"r-${random.hex(17)}","ownerId":"${scene.account}","groupSet":{},"instancesSet":{"items":[{"instanceId":"i-${random.hex(17)}","instanceState":{"code":0,"name":"pending"},"amiLaunchIndex":0,"productCodes":{},"instanceType":"g5.2xlarge","placement":{"availabilityZone":"${scene.region}a","tenancy":"default"},"monitoring":{"state":"pending"},"subnetId":"${subnet}","privateIpAddress":"198.51.100.${random.between(1, 254)}","stateReason":{"code":"pending","message":"pending"},"architecture":"x86_64","rootDeviceType":"ebs","rootDeviceName":"/dev/xvda","virtualizationType":"hvm","hypervisor":"xen","tagSet":{"items":[{"key":"team","value":"${team}"}]},"sourceDestCheck":true,"ebsOptimized":true,"cpuOptions":{"coreCount":4,"threadsPerCore":2}}]}}`,
  }
}

function createTrainingJob(random: Random, scene: Scene): Call {
  const job = `${random.pick(scene.prefixes)}-2026-01-${random.between(10, 28)}-${random.between(10, 23)}-${random.between(10, 59)}-${random.between(100, 999)}`
  const bucket = random.pick(scene.buckets)
  return {
    request: `{"trainingJobName":"${job}","hyperParameters":{"epochs":"${random.between(1, 30)}","learning_rate":"0.000${random.between(1, 9)}","batch_size":"${random.pick([16, 32, 64])}","sagemaker_program":"train.py","sagemaker_submit_directory":"s3://${bucket}/${job}/source/sourcedir.tar.gz","sagemaker_region":"${scene.region}"},"algorithmSpecification":{"trainingImage":"${scene.account}.dkr.ecr.${scene.region}.amazonaws.com/pytorch-training:2.5-gpu-py311","trainingInputMode":"File","enableSageMakerMetricsTimeSeries":true},"roleArn":"arn:aws:iam::${scene.account}:role/${random.pick(scene.roles)}","inputDataConfig":[{"channelName":"training","dataSource":{"s3DataSource":{"s3DataType":"S3Prefix","s3Uri":"s3://${bucket}/${random.pick(scene.prefixes)}/","s3DataDistributionType":"FullyReplicated"}},"compressionType":"None","recordWrapperType":"None"}],"outputDataConfig":{"kmsKeyId":"","s3OutputPath":"s3://${bucket}/models"},"resourceConfig":{"instanceType":"ml.g5.2xlarge","instanceCount":${random.between(1, 4)},"volumeSizeInGB":${random.pick([50, 100, 200])}},"stoppingCondition":{"maxRuntimeInSeconds":86400},"enableNetworkIsolation":false,"enableInterContainerTrafficEncryption":false,"enableManagedSpotTraining":false}`,
    response: `{"trainingJobArn":"arn:aws:sagemaker:${scene.region}:${scene.account}:training-job/${job}"}`,
  }
}
