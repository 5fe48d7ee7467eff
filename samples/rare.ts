// Rare events: sign-ins, root, a leaked key, service events, anonymous callers, a hidden policy.

import { runCodeAgent } from './bedrock.ts'
import {
  at,
  type Caller,
  CONSOLE_AGENT,
  DAYS,
  EU,
  findPerson,
  instanceId,
  internalCaller,
  type JsonObject,
  keyArn,
  ML,
  named,
  PEOPLE,
  PROD,
  personCaller,
  principalId,
  rootCaller,
  SHARED,
  US,
  userCaller,
} from './organisation.ts'
import { call, denied, resource, type Stage } from './record.ts'
import { tune } from './sagemaker.ts'

export function playRareEvents(stage: Stage): void {
  for (let day = 0; day < DAYS.length; day++) signInsOf(stage, day)
  failedSignIns(stage)
  useRoot(stage)
  useLeakedKey(stage)
  serviceEvents(stage)
  anonymousReads(stage)
  hiddenPolicy(stage)
  hostileText(stage)
  tune(stage, at(1, '09:12:40'))
  tune(stage, at(3, '14:05:11'))
  runCodeAgent(stage, at(4, '19:44:02'))
}

function signIn(
  stage: Stage,
  when: number,
  by: Caller,
  account: string,
  result: JsonObject,
  more: { mfa: string; error?: string; readOnly?: boolean },
): void {
  call(stage, {
    at: when,
    account,
    region: US,
    service: 'signin',
    name: 'ConsoleLogin',
    type: 'AwsConsoleSignIn',
    by,
    host: 'signin.aws.amazon.com',
    response: result,
    // A refused sign-in has a message and no code.
    ...(more.error && { error: ['', more.error] as [string, string] }),
    additional: {
      LoginTo: 'https://console.aws.amazon.com/console/home',
      MobileVersion: 'No',
      MFAUsed: more.mfa,
    },
  })
}

// Identity Center issues the role's credentials, then the role signs in to the console.
function signInsOf(stage: Stage, day: number): void {
  for (const person of PEOPLE.filter((each) => named('comes', each.name, String(day)).chance(0.7))) {
    const when = at(day, person.office === 'eu' ? '07:30' : '14:00') + stage.random.below(2400)
    const by: Caller = {
      identity: {
        type: 'IdentityCenterUser',
        accountId: SHARED,
        onBehalfOf: {
          userId: named('identity', person.name).uuid(),
          identityStoreArn: `arn:aws:identitystore::${SHARED}:identitystore/d-example000`,
        },
        credentialId: stage.random.uuid(),
      },
      address: person.address,
      agent: CONSOLE_AGENT,
      direct: true,
    }
    call(stage, {
      at: when,
      account: SHARED,
      region: EU,
      service: 'sso',
      name: 'Federate',
      type: 'AwsServiceEvent',
      readOnly: false,
      by,
      details: { role_name: person.permissionSet, account_id: person.account },
    })
    const caller = personCaller(person, when + 2)
    signIn(stage, when + 2, caller, person.account, { ConsoleLogin: 'Success' }, { mfa: 'No' })
  }
}

function failedSignIns(stage: Stage): void {
  const known: Caller = {
    identity: {
      type: 'IAMUser',
      principalId: principalId('AIDA', PROD, 'break-glass'),
      accountId: PROD,
      accessKeyId: '',
      userName: 'break-glass',
    },
    address: '203.0.113.250',
    agent: CONSOLE_AGENT,
    direct: true,
  }
  const unknown: Caller = {
    ...known,
    identity: { ...known.identity, principalId: '', userName: 'HIDDEN_DUE_TO_SECURITY_REASONS' },
  }
  for (let i = 0; i < 5; i++)
    signIn(
      stage,
      at(2, '03:20:10') + i * 14,
      known,
      PROD,
      { ConsoleLogin: 'Failure' },
      { mfa: 'No', error: 'Failed authentication' },
    )
  for (let i = 0; i < 3; i++)
    signIn(
      stage,
      at(2, '03:22:30') + i * 9,
      unknown,
      PROD,
      { ConsoleLogin: 'Failure' },
      { mfa: 'No', error: 'No username found in supplied account' },
    )
}

function useRoot(stage: Stage): void {
  const by = rootCaller(SHARED, '198.51.100.77')
  signIn(
    stage,
    at(1, '08:02:31'),
    by,
    SHARED,
    { ConsoleLogin: 'Failure' },
    { mfa: 'Yes', error: 'Failed authentication' },
  )
  signIn(stage, at(1, '08:03:05'), by, SHARED, { ConsoleLogin: 'Success' }, { mfa: 'Yes' })
  const base = { account: SHARED, region: US, by: { ...by, console: true } }
  call(stage, { ...base, at: at(1, '08:03:40'), service: 'iam', name: 'GetAccountSummary' })
  call(stage, {
    ...base,
    at: at(1, '08:05:12'),
    service: 'account',
    name: 'PutAlternateContact',
    request: {
      alternateContactType: 'SECURITY',
      emailAddress: 'HIDDEN_DUE_TO_SECURITY_REASONS',
      name: 'HIDDEN_DUE_TO_SECURITY_REASONS',
    },
  })
}

// A key for backups lists the models that it may use, and tries to switch off their log.
function useLeakedKey(stage: Stage): void {
  const by = userCaller(PROD, 'legacy-backup', 'python-requests/2.32.5', '2001:db8:bad:7::66')
  const base = { account: PROD, region: US, by }
  let now = at(3, '04:41:07')
  call(stage, { ...base, at: now, service: 'sts', name: 'GetCallerIdentity' })
  for (const name of [
    'ListFoundationModels',
    'GetModelInvocationLoggingConfiguration',
    'DeleteModelInvocationLoggingConfiguration',
  ]) {
    now += stage.random.between(3, 9)
    call(stage, { ...base, at: now, service: 'bedrock', name, error: denied(by, 'bedrock', name, '*') })
  }
  for (let i = 0; i < 8; i++) {
    now += stage.random.between(1, 4)
    const modelId = stage.random.pick([
      'anthropic.claude-sonnet-4-5-20250929-v1:0',
      'amazon.nova-pro-v1:0',
      'meta.llama3-3-70b-instruct-v1:0',
    ])
    const error = denied(by, 'bedrock', 'InvokeModel', `arn:aws:bedrock:${US}::foundation-model/${modelId}`)
    call(stage, {
      ...base,
      at: now,
      service: 'bedrock',
      name: 'InvokeModel',
      host: `bedrock-runtime.${US}.amazonaws.com`,
      request: { modelId },
      error,
    })
  }
}

function serviceEvents(stage: Stage): void {
  for (const [day, account, region] of [
    [0, PROD, US],
    [2, ML, US],
    [3, PROD, EU],
  ] as const) {
    const key = keyArn(account, region, 'data')
    call(stage, {
      at: at(day, '00:06:08') + stage.random.below(600),
      account,
      region,
      service: 'kms',
      name: 'RotateKey',
      type: 'AwsServiceEvent',
      readOnly: false,
      by: internalCaller(account),
      resources: [resource(account, 'AWS::KMS::Key', key)],
      details: { keyId: key.split('/')[1] as string },
    })
  }
  // Secrets Manager records a rotation under its own name.
  call(stage, {
    at: at(4, '01:00:12'),
    account: PROD,
    region: US,
    service: 'secretsmanager',
    name: 'RotationSucceeded',
    type: 'AwsServiceEvent',
    readOnly: false,
    by: internalCaller(PROD, 'secretsmanager.amazonaws.com'),
    details: { SecretARN: `arn:aws:secretsmanager:${US}:${PROD}:secret:orders/database-EXAMPL` },
  })
}

function anonymousReads(stage: Stage): void {
  const by: Caller = {
    identity: { type: 'AWSAccount', principalId: '', accountId: 'anonymous' },
    address: '192.0.2.250',
    agent: '[curl/8.17.0]',
    direct: true,
  }
  const host = `example-reports.s3.${US}.amazonaws.com`
  for (const key of ['2025/annual.pdf', 'customers.csv', '.env']) {
    call(stage, {
      at: at(0, '11:47:20') + stage.random.below(60),
      account: PROD,
      region: US,
      service: 's3',
      name: 'GetObject',
      by,
      data: true,
      host,
      request: { bucketName: 'example-reports', Host: host, key },
      error: ['AccessDenied', 'Access Denied'],
      additional: { CipherSuite: 'TLS_AES_128_GCM_SHA256', bytesTransferredIn: 0, bytesTransferredOut: 243 },
      resources: [
        { type: 'AWS::S3::Object', ARN: `arn:aws:s3:::example-reports/${key}` },
        resource(PROD, 'AWS::S3::Bucket', 'arn:aws:s3:::example-reports'),
      ],
    })
  }
}

// A policy too long for the log, so its content cannot be read here. And a record that CloudTrail delivered
// late.
function hiddenPolicy(stage: Stage): void {
  const by = personCaller(findPerson('bruno'), at(2, '15:31:00'), 'cli')
  const omitted = { reason: 'requestParameters too large', omitted: 'true', originalSize: '131207' }
  call(stage, {
    at: at(2, '15:31:00'),
    account: PROD,
    region: US,
    service: 'iam',
    name: 'PutRolePolicy',
    by,
    request: omitted,
  })
  call(stage, {
    at: at(3, '10:02:00'),
    account: PROD,
    region: EU,
    service: 'ec2',
    name: 'CreateSnapshot',
    by: personCaller(findPerson('emil'), at(3, '10:02:00')),
    request: { volumeId: `vol-${stage.random.hex(17)}`, description: 'before the upgrade' },
    response: { snapshotId: `snap-${stage.random.hex(17)}`, status: 'pending' },
    more: { addendum: { reason: 'DELIVERY_DELAY' } },
  })
}

// Fields that a caller may choose freely: here they would clear a terminal and run in a page.
function hostileText(stage: Stage): void {
  const agent = "\u001b[2J\u001b]0;owned\u0007<img src=x onerror=alert(1)> '; DROP TABLE cloudtrail; --"
  const by = userCaller(PROD, 'legacy-backup', agent, '2001:db8:bad:7::66')
  const tagSet = { items: [{ key: 'büro', value: 'Zürich – 東京 "quoted" \\ back' }] }
  const request = { resourcesSet: { items: [{ resourceId: instanceId(PROD, 'web-2') }] }, tagSet }
  const of = { at: at(3, '04:43:55'), account: PROD, region: US, service: 'ec2', name: 'CreateTags' }
  call(stage, { ...of, by, request, error: denied(by, 'ec2', 'CreateTags', '*') })
}
