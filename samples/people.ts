// Activity of people and pipelines in office hours: they look around, change little, and deploy.
import {
  CLI_AGENT,
  EU,
  instanceId,
  type JsonObject,
  ML,
  PROD,
  peopleAtWork,
  personCaller,
  SHARED,
  TERRAFORM_AGENT,
  US,
  workloadCaller,
} from './organisation.ts'
import { call, denied, resource, type Stage } from './record.ts'

// The console requests everything on a page at once.
export function browse(stage: Stage, at: number): void {
  const { random } = stage
  const person = random.pick(peopleAtWork(at))
  const region = person.office === 'us' ? US : EU
  const by = personCaller(person, at)
  for (let i = random.between(2, 7); i > 0; i--) {
    const [service, name, request] = random.pick<[string, string, JsonObject | null]>([
      ['ec2', 'DescribeInstances', { maxResults: 100, instancesSet: {}, filterSet: {} }],
      ['ec2', 'DescribeInstanceStatus', { instancesSet: {}, filterSet: {}, includeAllInstances: false }],
      ['monitoring', 'DescribeAlarms', { maxRecords: 100, stateValue: 'ALARM' }],
      ['logs', 'DescribeLogGroups', { limit: 50, includeLinkedAccounts: false }],
      [
        'health',
        'DescribeEventAggregates',
        { aggregateField: 'eventTypeCategory', filter: { eventStatusCodes: ['open', 'upcoming'] } },
      ],
      ['iam', 'GetRole', { roleName: 'orders-api-role' }],
      ['cloudtrail', 'LookupEvents', { maxResults: 50 }],
      ['lambda', 'GetFunction20150331v2', { functionName: 'orders-api' }],
      ['s3', 'ListBuckets', { Host: `s3.${region}.amazonaws.com` }],
      ['ssm', 'DescribeInstanceInformation', { maxResults: 50 }],
    ])
    const refused = (person.name === 'goran' || person.name === 'hana') && random.chance(0.18)
    call(stage, {
      at: at + random.below(40),
      account: person.account,
      region: service === 'iam' ? US : region,
      service,
      name,
      by,
      request,
      ...(refused && { error: denied(by, service, name, '*') }),
    })
  }
}

export function commandLine(stage: Stage, at: number): void {
  const { random } = stage
  const person = random.pick(peopleAtWork(at).filter((each) => each.name !== 'hana'))
  const region = person.office === 'us' ? US : EU
  const by = personCaller(person, at, 'cli')
  const base = { account: person.account, region, by }
  call(stage, { ...base, at, service: 'sts', name: 'GetCallerIdentity' })
  call(stage, { ...base, at: at + 4, service: 'ecs', name: 'ListClusters', request: { maxResults: 100 } })
  for (let i = random.between(1, 3); i > 0; i--) {
    const request = { cluster: 'orders', services: [random.pick(['orders-api', 'search', 'support'])] }
    call(stage, { ...base, at: at + 5 + random.below(60), service: 'ecs', name: 'DescribeServices', request })
  }
}

export function change(stage: Stage, at: number): void {
  const { random } = stage
  const person = random.pick(peopleAtWork(at, ['bruno', 'emil', 'jonas']))
  const region = person.office === 'us' ? US : EU
  const base = { at, account: PROD, region, by: personCaller(person, at) }
  const instance = instanceId(PROD, random.pick(['web-1', 'web-2', 'worker-1']))
  const kind = random.below(4)
  if (kind === 0) {
    const tagSet = { items: [{ key: 'owner', value: person.name }] }
    call(stage, {
      ...base,
      service: 'ec2',
      name: 'CreateTags',
      request: { resourcesSet: { items: [{ resourceId: instance }] }, tagSet },
      response: { requestId: random.uuid(), _return: true },
    })
  } else if (kind === 1) {
    const request = {
      alarmName: `orders-${random.pick(['latency', 'errors'])}`,
      metricName: 'Errors',
      namespace: 'AWS/Lambda',
      threshold: random.between(1, 20),
      period: 60,
      evaluationPeriods: 3,
      comparisonOperator: 'GreaterThanThreshold',
      statistic: 'Sum',
    }
    call(stage, { ...base, service: 'monitoring', name: 'PutMetricAlarm', request })
  } else if (kind === 2) {
    const items = [{ instanceId: instance }]
    call(stage, {
      ...base,
      service: 'ec2',
      name: 'RebootInstances',
      request: { instancesSet: { items } },
      response: { requestId: random.uuid(), _return: true },
    })
  } else {
    const functionName = `arn:aws:lambda:${region}:${PROD}:function:orders-api`
    call(stage, {
      ...base,
      service: 'lambda',
      name: 'UpdateFunctionConfiguration20150331v2',
      request: { functionName, timeout: random.between(5, 60), memorySize: 512 },
      response: { functionName: 'orders-api', runtime: 'nodejs22.x', state: 'Active', version: '$LATEST' },
    })
  }
}

// A pipeline signs in with its own token, then works in another account: both accounts record that call.
export function deploy(stage: Stage, at: number): void {
  const { random } = stage
  const run = `deploy-${random.between(21_000, 24_999)}`
  const target = random.pick([PROD, ML])
  const ci = workloadCaller(
    { account: SHARED, role: 'ci-deploy', session: run },
    at,
    CLI_AGENT,
    '192.0.2.200',
  )
  const web: typeof ci = {
    identity: {
      type: 'WebIdentityUser',
      principalId: `ci.example.com:sts.amazonaws.com:repo:example/orders:ref:refs/heads/main`,
      userName: 'repo:example/orders:ref:refs/heads/main',
      identityProvider: `arn:aws:iam::${SHARED}:oidc-provider/ci.example.com`,
    },
    address: '192.0.2.200',
    agent: CLI_AGENT,
    direct: true,
  }
  const ciRole = `arn:aws:iam::${SHARED}:role/ci-deploy`
  call(stage, {
    at,
    account: SHARED,
    region: US,
    service: 'sts',
    name: 'AssumeRoleWithWebIdentity',
    by: web,
    readOnly: true,
    request: { roleArn: ciRole, roleSessionName: run, durationSeconds: 3600 },
    response: {
      subjectFromWebIdentityToken: 'repo:example/orders:ref:refs/heads/main',
      provider: `arn:aws:iam::${SHARED}:oidc-provider/ci.example.com`,
      audience: 'sts.amazonaws.com',
    },
    resources: [resource(SHARED, 'AWS::IAM::Role', ciRole)],
  })
  const role = `arn:aws:iam::${target}:role/terraform-apply`
  const sharedId = random.uuid()
  for (const account of [SHARED, target]) {
    const by =
      account === SHARED
        ? ci
        : {
            ...ci,
            identity: {
              type: 'AWSAccount',
              principalId: ci.identity.principalId as string,
              accountId: SHARED,
            },
          }
    call(stage, {
      at: at + 3,
      account,
      region: US,
      service: 'sts',
      name: 'AssumeRole',
      by,
      request: { roleArn: role, roleSessionName: run },
      response: { assumedRoleUser: { arn: `arn:aws:sts::${target}:assumed-role/terraform-apply/${run}` } },
      resources: [resource(target, 'AWS::IAM::Role', role)],
      sharedId,
    })
  }
  const by = workloadCaller(
    { account: target, role: 'terraform-apply', session: run },
    at + 8,
    TERRAFORM_AGENT,
    '192.0.2.200',
  )
  for (let i = random.between(5, 12); i > 0; i--) {
    const [service, name, request] = random.pick<[string, string, JsonObject | null]>([
      [
        'iam',
        'GetRole',
        { roleName: random.pick(['orders-api-role', 'feature-loader-role', 'SupportAgentRole']) },
      ],
      ['iam', 'ListAttachedRolePolicies', { roleName: 'orders-api-role' }],
      ['ec2', 'DescribeVpcs', { vpcSet: {}, filterSet: {} }],
      ['ec2', 'DescribeSubnets', { subnetSet: {}, filterSet: {} }],
      [
        's3',
        'GetBucketVersioning',
        { bucketName: random.pick(['example-orders', 'example-models']), versioning: '' },
      ],
      ['lambda', 'GetFunction20150331v2', { functionName: 'orders-api' }],
      ['kms', 'DescribeKey', { keyId: 'alias/data' }],
    ])
    call(stage, { at: at + 10 + random.below(50), account: target, region: US, service, name, by, request })
  }
  if (random.chance(0.6)) {
    const functionName = `arn:aws:lambda:${US}:${target}:function:orders-api`
    call(stage, {
      at: at + 65,
      account: target,
      region: US,
      service: 'lambda',
      name: 'UpdateFunctionCode20150331v2',
      by,
      request: { functionName, publish: true, dryRun: false },
      response: {
        functionName: 'orders-api',
        codeSize: random.between(2_000_000, 2_400_000),
        version: String(random.between(300, 420)),
        runtime: 'nodejs22.x',
      },
    })
  }
}
