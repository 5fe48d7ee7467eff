// Activity around the clock and in office hours: services, instances, pipelines, people. Each activity is a
// few calls of one caller, one after another.
import {
  accessKey,
  EU,
  instanceCaller,
  instanceId,
  isoTime,
  type JsonObject,
  keyArn,
  lambdaCaller,
  linkedRoleCaller,
  ML,
  PROD,
  SHARED,
  serviceCaller,
  US,
  workloadCaller,
} from './organisation.ts'
import { BASE64, LETTERS_AND_DIGITS, type Random } from './random.ts'
import { call, resource, type Stage } from './record.ts'

const INSTANCES = ['web-1', 'web-2', 'worker-1', 'bastion']
const BUCKETS = ['example-orders', 'example-features', 'example-models', 'example-reports']

function place(random: Random): { account: string; region: string } {
  const account = random.pick([PROD, PROD, PROD, ML, ML, SHARED])
  return { account, region: random.chance(0.7) ? US : EU }
}

export function assumeByService(stage: Stage, at: number): void {
  const { random } = stage
  const { account, region } = place(random)
  const [service, role, session] = random.pick([
    ['lambda', 'orders-api-role', 'orders-api'],
    ['sagemaker', 'service-role/StudioExecutionRole', 'SageMaker'],
    ['ec2', 'web-instance-role', instanceId(account, 'web-1')],
    ['config', 'aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig', 'AWSConfig-Describe'],
    ['scheduler', 'nightly-report-role', 'nightly-report'],
  ] as const)
  const arn = `arn:aws:iam::${account}:role/${role}`
  const name = role.split('/').at(-1) as string
  const key = accessKey('ASIA', account, role, session, String(at))
  call(stage, {
    at,
    account,
    region,
    service: 'sts',
    name: 'AssumeRole',
    by: serviceCaller(service),
    request: { roleArn: arn, roleSessionName: session },
    response: {
      credentials: {
        accessKeyId: key,
        sessionToken: `IQoJb3JpZ2luX2VjE${random.text(LETTERS_AND_DIGITS, 12)}EXAMPLE`,
        expiration: isoTime(at + 21_600),
      },
      assumedRoleUser: {
        assumedRoleId: `AROAEXAMPLE:${session}`,
        arn: `arn:aws:sts::${account}:assumed-role/${name}/${session}`,
      },
    },
    resources: [resource(account, 'AWS::IAM::Role', arn)],
    ...(random.chance(0.5) && { sharedId: random.uuid() }),
  })
}

export function configSweep(stage: Stage, at: number): void {
  const { random } = stage
  const { account, region } = place(random)
  const by = linkedRoleCaller(account, 'config', 'AWSServiceRoleForConfig', 'AWSConfig-Describe', at)
  for (let i = random.between(2, 5); i > 0; i--) {
    const [service, name, request] = random.pick<[string, string, JsonObject | null]>([
      ['ec2', 'DescribeInstances', { instancesSet: {}, filterSet: {}, maxResults: 1000 }],
      ['ec2', 'DescribeSecurityGroups', { securityGroupSet: {}, securityGroupIdSet: {}, filterSet: {} }],
      ['s3', 'GetBucketPolicyStatus', { bucketName: random.pick(BUCKETS), policyStatus: '' }],
      ['iam', 'ListRoles', { maxItems: 1000 }],
      ['lambda', 'ListFunctions20150331', { maxItems: 50 }],
      ['sagemaker', 'ListEndpoints', { maxResults: 100 }],
      ['kms', 'ListKeys', null],
      ['ec2', 'DescribeVolumes', { volumeSet: {}, filterSet: {}, maxResults: 500 }],
    ])
    call(stage, {
      at: at + random.below(20),
      account,
      region: service === 'iam' ? US : region,
      service,
      name,
      by,
      request,
    })
  }
}

export function instanceAgent(stage: Stage, at: number): void {
  const { random } = stage
  const account = random.pick([PROD, PROD, ML])
  const name = random.pick(INSTANCES)
  const region = random.chance(0.8) ? US : EU
  const by = instanceCaller(account, region, name, 'web-instance-role', at)
  call(stage, {
    at,
    account,
    region,
    service: 'ssm',
    name: 'UpdateInstanceInformation',
    by,
    request: {
      instanceId: instanceId(account, name),
      agentVersion: '3.3.3050.0',
      agentStatus: 'Active',
      platformType: 'Linux',
      platformName: 'Amazon Linux',
      platformVersion: '2023',
      iPAddress: by.address,
      computerName: `${name}.example.internal`,
      agentName: 'amazon-ssm-agent',
      availabilityZone: `${region}a`,
    },
  })
}

// Jobs read and write yesterday's data today.
function objectIn(random: Random, at: number): { bucket: string; key: string } {
  const bucket = random.pick(BUCKETS)
  return {
    bucket,
    key: `daily/${isoTime(at - 86_400).slice(0, 10)}/part-${String(random.below(64)).padStart(5, '0')}.parquet`,
  }
}

function objectCall(
  stage: Stage,
  at: number,
  by: ReturnType<typeof lambdaCaller>,
  account: string,
  read: boolean,
): void {
  const { random } = stage
  const { bucket, key } = objectIn(random, at)
  const bytes = random.between(900, 4_000_000)
  const host = `${bucket}.s3.${US}.amazonaws.com`
  const missing = read && random.chance(0.03)
  call(stage, {
    at,
    account,
    region: US,
    service: 's3',
    name: read ? 'GetObject' : 'PutObject',
    by,
    data: true,
    host,
    request: { bucketName: bucket, Host: host, key },
    ...(missing && { error: ['NoSuchKey', 'The specified key does not exist.'] }),
    ...(!read && { response: { 'x-amz-server-side-encryption': 'AES256' } }),
    additional: {
      SignatureVersion: 'SigV4',
      CipherSuite: 'TLS_AES_128_GCM_SHA256',
      bytesTransferredIn: read ? 0 : bytes,
      AuthenticationMethod: 'AuthHeader',
      'x-amz-id-2': `${random.text(BASE64, 43)}=`,
      bytesTransferredOut: missing ? 278 : read ? bytes : 0,
    },
    resources: [
      { type: 'AWS::S3::Object', ARN: `arn:aws:s3:::${bucket}/${key}` },
      resource(account, 'AWS::S3::Bucket', `arn:aws:s3:::${bucket}`),
    ],
  })
}

export function readObjects(stage: Stage, at: number): void {
  const { random } = stage
  const account = random.pick([PROD, ML])
  const by = lambdaCaller(account, US, 'feature-loader', 'feature-loader-role', at)
  for (let i = random.between(1, 4); i > 0; i--) objectCall(stage, at + random.below(8), by, account, true)
}

export function writeObject(stage: Stage, at: number): void {
  const by = lambdaCaller(PROD, US, 'orders-api', 'orders-api-role', at)
  objectCall(stage, at, by, PROD, false)
}

export function useKey(stage: Stage, at: number): void {
  const { random } = stage
  const { account, region } = place(random)
  const caller = lambdaCaller(account, region, 'feature-loader', 'feature-loader-role', at)
  const by = {
    ...caller,
    identity: { ...caller.identity, invokedBy: 'AWS Internal' },
    address: 'AWS Internal',
    agent: 'AWS Internal',
  }
  const key = keyArn(account, region, 'data')
  const name = random.pick(['Decrypt', 'Decrypt', 'Decrypt', 'GenerateDataKey'])
  const encryptionContext = { 'aws:s3:arn': `arn:aws:s3:::${objectIn(random, at).bucket}` }
  call(stage, {
    at,
    account,
    region,
    service: 'kms',
    name,
    by: { ...by, direct: false },
    request:
      name === 'Decrypt'
        ? { encryptionContext, encryptionAlgorithm: 'SYMMETRIC_DEFAULT' }
        : { encryptionContext, keySpec: 'AES_256', keyId: key },
    resources: [resource(account, 'AWS::KMS::Key', key)],
  })
}

export function invokeFunction(stage: Stage, at: number): void {
  const { random } = stage
  const region = random.chance(0.8) ? US : EU
  const name = random.pick(['orders-api', 'feature-loader', 'ticket-router'])
  const arn = `arn:aws:lambda:${region}:${PROD}:function:${name}`
  call(stage, {
    at,
    account: PROD,
    region,
    service: 'lambda',
    name: 'Invoke',
    by: workloadCaller(
      { account: PROD, role: 'api-gateway-role', session: 'BackplaneAssumeRoleSession' },
      at,
      'AmazonAPIGateway_exampleapi',
      'apigateway.amazonaws.com',
    ),
    data: true,
    readOnly: false,
    request: { functionName: arn, invocationType: random.pick(['RequestResponse', 'Event']) },
    additional: { functionVersion: `${arn}:$LATEST` },
    resources: [resource(PROD, 'AWS::Lambda::Function', arn)],
  })
}

export function readSecret(stage: Stage, at: number): void {
  const { random } = stage
  const by = lambdaCaller(PROD, US, 'orders-api', 'orders-api-role', at)
  if (random.chance(0.5)) {
    const name = `/orders/${random.pick(['endpoint', 'limits', 'flags'])}`
    const resources = [{ accountId: PROD, ARN: `arn:aws:ssm:${US}:${PROD}:parameter${name}` }]
    call(stage, {
      at,
      account: PROD,
      region: US,
      service: 'ssm',
      name: 'GetParameter',
      by,
      request: { name, withDecryption: true },
      resources,
    })
    return
  }
  const secretId = `orders/${random.pick(['database', 'payment-gateway'])}`
  call(stage, {
    at,
    account: PROD,
    region: US,
    service: 'secretsmanager',
    name: 'GetSecretValue',
    by,
    request: { secretId },
  })
}

export function openLogStream(stage: Stage, at: number): void {
  const { random } = stage
  const name = random.pick(['orders-api', 'feature-loader', 'ticket-router'])
  const request = {
    logGroupName: `/aws/lambda/${name}`,
    logStreamName: `${isoTime(at).slice(0, 10).replaceAll('-', '/')}/[$LATEST]${random.hex(32)}`,
  }
  const by = lambdaCaller(PROD, US, name, `${name}-role`, at)
  call(stage, {
    at,
    account: PROD,
    region: US,
    service: 'logs',
    name: 'CreateLogStream',
    by,
    request,
    readOnly: false,
  })
}
