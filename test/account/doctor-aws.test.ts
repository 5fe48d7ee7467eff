import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { commandsOf } from '../../src/account/doctor/command.ts'
import { examine, type ReportLine } from '../../src/account/doctor/examine.ts'
import { checks, checksNamed } from '../../src/account/doctor/index.ts'
import type { DoctorSettings } from '../../src/account/doctor/settings.ts'
import type { DestinationFacts, Setup } from '../../src/account/doctor/setup.ts'
import { kindOf } from '../../src/deliver/destinations/index.ts'
import {
  ACCOUNT,
  type Answers,
  type Asked,
  denial,
  ROLE,
  type StandIn,
  startStandIn,
  xmlOf,
} from './aws-stand-in.ts'
import { setupWith, told } from './setups.ts'

/** What no emulator answers: denials in AWS's words, simulations, lists of models, a clock that is wrong. */

let aws: StandIn
const QUEUE = `https://sqs.eu-central-1.amazonaws.com/${ACCOUNT}/logs`

beforeAll(async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAEXAMPLE000000000')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'not-a-secret')
  vi.stubEnv('AWS_CONFIG_FILE', '/nonexistent')
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/nonexistent')
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true')
  aws = await startStandIn()
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await aws.close()
})
beforeEach(() => {
  aws.answers = () => undefined
  aws.asked.length = 0
})

function setup(
  settings: Partial<DoctorSettings> = {},
  destinations: DestinationFacts[] = [],
  more: Partial<Setup> = {},
): Setup {
  const identity = { endpoint: aws.endpoint, region: 'eu-central-1' }
  return setupWith(told(), {
    sources: [{ name: 'logs', type: 's3-queue', queue: QUEUE, identity }],
    destinations: destinations.map((one) => ({ ...one, identity })),
    settings,
    ...(more as object),
  })
}

async function look(names: string[], of = setup(), now?: () => number): Promise<ReportLine[]> {
  return (await examine(of, { checks: checksNamed(names, []), ...(now ? { now } : {}) })).lines
}

const on =
  (operation: string, answer: (asked: Asked) => ReturnType<Answers>): Answers =>
  (asked) =>
    asked.operation === operation ? answer(asked) : undefined

const US = 'arn:aws:iam::111122223333:role/loglake'
const BASE = `User: ${ROLE} is not authorized to perform: bedrock:GetModelInvocationLoggingConfiguration`
const SCP = 'arn:aws:organizations::444455556666:policy/o-exampleorg/service_control_policy/p-examplepolicy'

/** The wordings of https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html */
const WORDINGS: readonly [name: string, message: string, says: RegExp, ask: RegExp, others: boolean][] = [
  [
    'identity-based, implicit',
    `${BASE} because no identity-based policy allows the bedrock:GetModelInvocationLoggingConfiguration action`,
    /no identity-based policy allows it/,
    /put-role-policy --role-name loglake .*GetModelInvocationLoggingConfiguration/,
    false,
  ],
  [
    'identity-based, explicit',
    `${BASE} with an explicit deny in an identity-based policy`,
    /identity-based policy denies it/,
    /IAM administrator/,
    false,
  ],
  [
    'resource-based, implicit',
    `${BASE} on resource: arn:aws:bedrock:eu-central-1:111122223333:x because no resource-based policy allows the action`,
    /no resource-based policy allows it/,
    /owner of arn:aws:bedrock/,
    false,
  ],
  [
    'resource-based, explicit',
    `${BASE} with an explicit deny in a resource-based policy`,
    /resource-based policy denies it/,
    /the owner/,
    false,
  ],
  [
    'service control policy, implicit',
    `${BASE} because no service control policy allows the action`,
    /no service control policy allows it/,
    /administrators of the AWS organisation/,
    true,
  ],
  [
    'service control policy, explicit, named',
    `${BASE} with an explicit deny in a service control policy: ${SCP}`,
    /service control policy \(arn:aws:organizations\S+p-examplepolicy\) denies it/,
    /administrators of the AWS organisation/,
    true,
  ],
  [
    'resource control policy',
    `${BASE} on resource: arn:aws:s3:::x with an explicit deny in a resource control policy`,
    /resource control policy denies it/,
    /administrators of the AWS organisation/,
    true,
  ],
  [
    'VPC endpoint policy, implicit',
    `${BASE} because no VPC endpoint policy allows the action`,
    /no VPC endpoint policy allows it/,
    /the administrators of the network/,
    true,
  ],
  [
    'VPC endpoint policy, explicit',
    `${BASE} with an explicit deny in a VPC endpoint policy`,
    /VPC endpoint policy denies it/,
    /the administrators of the network/,
    true,
  ],
  [
    'permissions boundary, implicit',
    `${BASE} because no permissions boundary allows the action`,
    /no permissions boundary allows it/,
    /set the permissions boundary/,
    true,
  ],
  [
    'permissions boundary, explicit',
    `${BASE} with an explicit deny in a permissions boundary`,
    /permissions boundary denies it/,
    /set the permissions boundary/,
    true,
  ],
  [
    'session policy',
    `${BASE} because no session policy allows the action`,
    /no session policy allows it/,
    /assumes the role: its session policy/,
    true,
  ],
  ['nothing but a refusal', 'Access Denied', /AWS does not say which policy/, /role/, false],
]

describe('a denial', () => {
  it.each(WORDINGS)('by %s is read', async (_, message, says, ask, others) => {
    aws.answers = on('GetModelInvocationLoggingConfiguration', (asked) => denial(asked, message))
    const lines = await look(['bedrock-logging', 'denied'])
    const line = lines.find(({ check }) => check === 'bedrock-logging')
    expect(line?.state).toBe('unknown')
    expect(line?.says).toMatch(/^cannot tell: bedrock:GetModelInvocationLoggingConfiguration/)
    expect(line?.says).toMatch(says)
    expect([line?.fix?.does, ...(line?.commands ?? [])].join('\n')).toMatch(ask)
    const told = lines.find(({ check }) => check === 'denied')
    expect(told?.state).toBe(others ? 'not' : 'ok')
    if (others) expect(`${told?.says} ${told?.fix?.does}`).toMatch(/GetModelInvocationLoggingConfiguration/)
  })

  it('names the policy of the organisation, and how to read it', async () => {
    aws.answers = on('GetModelInvocationLoggingConfiguration', (asked) =>
      denial(asked, `${BASE} with an explicit deny in a service control policy: ${SCP}`),
    )
    const [told] = (await look(['bedrock-logging', 'denied'])).filter(({ check }) => check === 'denied')
    expect(told?.says).toContain(SCP)
    expect(told?.commands).toEqual(['aws organizations describe-policy --policy-id p-examplepolicy'])
  })

  it('is gone once the statement is there', async () => {
    let allowed = false
    aws.answers = (asked) => {
      if (asked.operation === 'PutRolePolicy') {
        allowed = String(asked.input.PolicyDocument).includes('GetModelInvocationLoggingConfiguration')
        return xmlOf('PutRolePolicy', '')
      }
      if (asked.operation !== 'GetModelInvocationLoggingConfiguration') return undefined
      if (!allowed) return denial(asked, WORDINGS[0]?.[1] ?? '')
      const all = {
        textDataDeliveryEnabled: true,
        imageDataDeliveryEnabled: true,
        embeddingDataDeliveryEnabled: true,
      }
      return { body: { loggingConfig: { s3Config: { bucketName: 'b' }, ...all } } }
    }
    const [line] = await look(['bedrock-logging'])
    await fixed(line)
    expect((await look(['bedrock-logging']))[0]?.state).toBe('ok')
  })
})

/** Sends what a fix would. */
async function fixed(line: ReportLine | undefined): Promise<void> {
  const { send } = await import('../../src/aws/send.ts')
  const { awsClients } = await import('../../src/aws/clients.ts')
  for (const { as, ...call } of line?.fix?.calls ?? []) {
    const clients = awsClients(as)
    await send(clients, call)
    clients.close()
  }
}

describe('who we are', () => {
  it('is nobody: then nothing else is asked of AWS', async () => {
    aws.answers = on('GetCallerIdentity', () => ({
      status: 403,
      xml: '<ErrorResponse><Error><Code>ExpiredToken</Code><Message>The security token included in the request is expired</Message></Error></ErrorResponse>',
    }))
    const lines = await look(['identity', 'trail', 'denied'])
    expect(lines.map(({ check, state }) => [check, state])).toEqual([
      ['identity', 'not'],
      ['trail', 'unknown'],
      ['denied', 'unknown'],
    ])
    expect(lines[0]?.says).toMatch(/have expired/)
    expect(lines[0]?.commands).toEqual(['aws sso login'])
    expect(new Set(aws.asked.map(({ operation }) => operation))).toEqual(new Set(['GetCallerIdentity']))
  })

  it('is the root user', async () => {
    aws.answers = on('GetCallerIdentity', () =>
      xmlOf(
        'GetCallerIdentity',
        `<Arn>arn:aws:iam::${ACCOUNT}:root</Arn><UserId>${ACCOUNT}</UserId><Account>${ACCOUNT}</Account>`,
      ),
    )
    const [line] = await look(['identity'])
    expect(line).toMatchObject({ state: 'not', says: expect.stringMatching(/root user/) })
    aws.answers = () => undefined
    expect((await look(['identity']))[0]).toMatchObject({ state: 'ok', says: `${ROLE}, in eu-central-1` })
  })

  it('is told with a clock that is wrong', async () => {
    const at = (minutes: number) => {
      aws.answers = on('GetCallerIdentity', () => ({
        ...xmlOf('GetCallerIdentity', `<Arn>${ROLE}</Arn><UserId>a</UserId><Account>${ACCOUNT}</Account>`),
        headers: { date: new Date(Date.now() + minutes * 60_000).toUTCString() },
      }))
    }
    at(4)
    const [behind] = await look(['clock'])
    expect(behind).toMatchObject({ state: 'not', says: expect.stringMatching(/^it is .* behind AWS/) })
    expect(behind?.commands).toEqual(['sudo timedatectl set-ntp true'])
    at(-4)
    expect((await look(['clock']))[0]?.says).toMatch(/ahead of AWS/)
    at(0)
    expect((await look(['clock']))[0]?.state).toBe('ok')
  })

  it('is a role that may not be assumed', async () => {
    let trusted = ''
    const role_arn = `arn:aws:iam::444455556666:role/loglake-reader`
    aws.answers = ({ operation, input, service }) => {
      if (operation === 'UpdateAssumeRolePolicy') {
        trusted = String(input.PolicyDocument)
        return xmlOf(operation, '')
      }
      if (operation !== 'AssumeRole') return undefined
      if (!trusted.includes(String(input.ExternalId)))
        return denial(
          { operation, input, service },
          `User: ${ROLE} is not authorized to perform: sts:AssumeRole on resource: ${role_arn} because no role trust policy allows the sts:AssumeRole action`,
        )
      return xmlOf(
        operation,
        `<Credentials><AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>${new Date(Date.now() + 3_600_000).toISOString()}</Expiration></Credentials><AssumedRoleUser><Arn>${role_arn}</Arn><AssumedRoleId>a</AssumedRoleId></AssumedRoleUser>`,
      )
    }
    const of = setup()
    Object.assign(of.sources[0]?.identity ?? {}, { role_arn, external_id: 'an-id' })
    const [line] = await look(['role'], of)
    expect(line).toMatchObject({ state: 'not', says: 'it cannot be assumed: no role trust policy allows it' })
    expect(line?.commands[0]).toMatch(
      /^aws iam update-assume-role-policy --role-name loglake-reader --policy-document '.*"AWS":"arn:aws:iam::111122223333:role\/loglake".*"sts:ExternalId":"an-id"/,
    )
    await fixed(line)
    expect((await look(['role'], of))[0]?.state).toBe('ok')
  })
})

describe('actions', () => {
  const simulation =
    (decide: (action: string) => string, more = ''): Answers =>
    (asked) => {
      if (asked.operation === 'GetQueueAttributes')
        return { body: { Attributes: { QueueArn: `arn:aws:sqs:eu-central-1:${ACCOUNT}:logs` } } }
      if (asked.operation !== 'SimulatePrincipalPolicy') return undefined
      const names = Object.entries(asked.input).flatMap(([key, value]) =>
        key.startsWith('ActionNames') ? [String(value)] : [],
      )
      const members = names.map(
        (name) =>
          `<member><EvalActionName>${name}</EvalActionName><EvalDecision>${decide(name)}</EvalDecision>${decide(name) === 'allowed' ? '' : more}</member>`,
      )
      return xmlOf(
        'SimulatePrincipalPolicy',
        `<EvaluationResults>${members.join('')}</EvaluationResults><IsTruncated>false</IsTruncated>`,
      )
    }

  it.each([
    'sqs:ReceiveMessage',
    'sqs:DeleteMessage',
    'sqs:ChangeMessageVisibility',
    'sqs:GetQueueAttributes',
  ])('names %s when it alone is missing, and no other', async (missing) => {
    aws.answers = simulation((action) => (action === missing ? 'implicitDeny' : 'allowed'))
    const lines = await look(['actions'])
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatchObject({
      state: 'not',
      about: 'source logs',
      says: `${missing} on arn:aws:sqs:eu-central-1:${ACCOUNT}:logs is not allowed`,
      needs: ['iam:PutRolePolicy'],
    })
    expect(lines[0]?.commands[0]).toContain(`"Action":["${missing}"]`)
    expect(lines[0]?.commands[0]).toMatch(/^aws iam put-role-policy --role-name loglake /)
    aws.answers = simulation(() => 'allowed')
    expect((await look(['actions']))[0]).toMatchObject({ state: 'ok', about: US })
  })

  it('is allowed by policies that do not replace one another', async () => {
    const put: Record<string, string> = {}
    const allowed = (action: string) =>
      Object.values(put).some((document) => document.includes(`"${action}"`))
    let needed = ['sqs:ReceiveMessage']
    const answers = simulation((action) =>
      needed.includes(action) && !allowed(action) ? 'implicitDeny' : 'allowed',
    )
    aws.answers = (asked) => {
      if (asked.operation !== 'PutRolePolicy') return answers(asked)
      put[String(asked.input.PolicyName)] = String(asked.input.PolicyDocument)
      return xmlOf('PutRolePolicy', '')
    }
    await fixed((await look(['actions']))[0])
    // Later something else is missing as well.
    needed = ['sqs:ReceiveMessage', 'sqs:DeleteMessage']
    await fixed((await look(['actions']))[0])
    expect(Object.keys(put)).toHaveLength(2)
    expect((await look(['actions']))[0]?.state).toBe('ok')
  })

  it('names what each destination of AWS needs, with the ARN of what it sends to', async () => {
    aws.answers = simulation((action) =>
      /^(sns|s3|sqs:Send|events|firehose|logs|kms)/.test(action) ? 'implicitDeny' : 'allowed',
    )
    const key = `arn:aws:kms:eu-central-1:${ACCOUNT}:key/k`
    const settings = {
      sns: { topic: `arn:aws:sns:eu-west-1:${ACCOUNT}:t` },
      sqs: { queue: `https://sqs.eu-west-1.amazonaws.com/${ACCOUNT}/q` },
      eventbridge: { bus: 'b' },
      firehose: { stream: 'f' },
      'cloudwatch-logs': { group: '/g' },
      s3: { bucket: 'siem', prefix: 'a', kms_key: key },
      'security-lake': { bucket: 'security', source: 'loglake', region: 'eu-central-1' },
    }
    const facts = Object.entries(settings).map(([type, given]) => {
      const kind = kindOf({ type })
      return { name: type, type, needs: kind.needs?.(kind.settings.parse(given)) }
    })
    const at = (service: string, what: string) => `arn:aws:${service}:eu-central-1:${ACCOUNT}:${what}`
    const told = (await look(['actions'], setup({}, facts))).map(({ about, says }) => [about, says])
    expect(told).toEqual([
      ['destination sns', `sns:Publish on arn:aws:sns:eu-west-1:${ACCOUNT}:t is not allowed`],
      ['destination sqs', `sqs:SendMessage on arn:aws:sqs:eu-west-1:${ACCOUNT}:q is not allowed`],
      ['destination eventbridge', `events:PutEvents on ${at('events', 'event-bus/b')} is not allowed`],
      [
        'destination firehose',
        `firehose:PutRecordBatch on ${at('firehose', 'deliverystream/f')} is not allowed`,
      ],
      [
        'destination cloudwatch-logs',
        `logs:CreateLogStream on ${at('logs', 'log-group:/g:*')} and logs:PutLogEvents on ${at('logs', 'log-group:/g:*')} are not allowed`,
      ],
      [
        'destination s3',
        `s3:PutObject on arn:aws:s3:::siem/a/* and kms:GenerateDataKey on ${key} are not allowed`,
      ],
      ['destination security-lake', 's3:PutObject on arn:aws:s3:::security/ext/loglake-* is not allowed'],
    ])
  })

  it('names what digests and the log of the lake need, where loglake.yaml has them', async () => {
    const missing = ['cloudtrail:ListPublicKeys', 'kms:GetPublicKey', 'kms:Sign']
    aws.answers = simulation((action) => (missing.includes(action) ? 'implicitDeny' : 'allowed'))
    const identity = { endpoint: aws.endpoint, region: 'eu-central-1' }
    const logKey = { arn: `arn:aws:kms:eu-central-1:${ACCOUNT}:key/k`, identity }
    const lines = await look(['actions'], setup({}, [], { evidence: { publicKeys: true, logKey } }))
    expect(lines.map(({ about, says }) => [about, says])).toEqual([
      ['digests of CloudTrail', 'cloudtrail:ListPublicKeys on * is not allowed'],
      [
        'the log of the lake',
        `kms:GetPublicKey on ${logKey.arn} and kms:Sign on ${logKey.arn} are not allowed`,
      ],
    ])
    expect((await look(['actions']))[0]?.state).toBe('ok')
  })

  it('says when the organisation or a boundary is why', async () => {
    const details = (inner: string) => simulation(() => 'implicitDeny', inner)
    aws.answers = details(
      '<OrganizationsDecisionDetail><AllowedByOrganizations>false</AllowedByOrganizations></OrganizationsDecisionDetail>',
    )
    expect((await look(['actions']))[0]?.says).toMatch(/a service control policy does not allow it/)
    aws.answers = details(
      '<PermissionsBoundaryDecisionDetail><AllowedByPermissionsBoundary>false</AllowedByPermissionsBoundary></PermissionsBoundaryDecisionDetail>',
    )
    expect((await look(['actions']))[0]?.says).toMatch(/the permissions boundary does not allow it/)
    aws.answers = simulation(
      () => 'explicitDeny',
      '<MatchedStatements><member><SourcePolicyId>no-queues</SourcePolicyId></member></MatchedStatements>',
    )
    expect((await look(['actions']))[0]?.says).toMatch(/a statement denies it, in no-queues/)
  })

  it('makes requests that change nothing where it may not simulate', async () => {
    const simulate = `User: ${ROLE} is not authorized to perform: iam:SimulatePrincipalPolicy`
    aws.answers = (asked) => {
      const { operation } = asked
      if (operation === 'SimulatePrincipalPolicy') return denial(asked, simulate)
      if (operation === 'GetQueueAttributes')
        return { body: { Attributes: { QueueArn: `arn:aws:sqs:eu-central-1:${ACCOUNT}:logs` } } }
      if (operation === 'DeleteMessage')
        return denial(
          asked,
          `User: ${ROLE} is not authorized to perform: sqs:DeleteMessage because no identity-based policy allows the sqs:DeleteMessage action`,
        )
      if (operation === 'ChangeMessageVisibility')
        return {
          status: 400,
          body: {
            __type: 'com.amazonaws.sqs#ReceiptHandleIsInvalid',
            message: 'The input receipt handle is invalid.',
          },
        }
      return undefined
    }
    const lines = await look(['actions'])
    expect(lines.map(({ state }) => state)).toEqual(['not', 'unknown'])
    expect(lines[0]?.says).toMatch(
      /^sqs:DeleteMessage on .* is not allowed: no identity-based policy allows it/,
    )
    expect(lines[1]?.says).toMatch(/^sqs:ReceiveMessage: only a simulation by IAM shows it/)
    expect(lines[1]?.commands[0]).toMatch(/"Action":\["iam:SimulatePrincipalPolicy"\]/)
    expect(aws.asked.map(({ operation }) => operation)).not.toContain('ReceiveMessage')
  })
})

describe('what emulators do not have', () => {
  const wanted = (model: string) => setup({ models: [model] })

  it.each([
    ['is not offered', 'no.such-model', /offers no model and no inference profile/],
    ['is at the end of its life', 'a.old', /end of its life/],
    ['is to be had by a profile alone', 'a.new', /by an inference profile only/],
  ])('a model that %s', async (_, model, says) => {
    aws.answers = ({ operation }) => {
      if (operation === 'ListFoundationModels')
        return {
          body: {
            modelSummaries: [
              { modelArn: 'x', modelId: 'a.old', modelLifecycle: { status: 'LEGACY' } },
              {
                modelArn: 'x',
                modelId: 'a.new',
                inferenceTypesSupported: ['INFERENCE_PROFILE'],
                modelLifecycle: { status: 'ACTIVE' },
              },
              { modelArn: 'x', modelId: 'a.good', modelLifecycle: { status: 'ACTIVE' } },
            ],
          },
        }
      if (operation === 'ListInferenceProfiles')
        return {
          body: {
            inferenceProfileSummaries: [
              {
                inferenceProfileId: 'eu.a.new',
                inferenceProfileArn: 'y',
                inferenceProfileName: 'n',
                models: [],
                status: 'ACTIVE',
                type: 'SYSTEM_DEFINED',
              },
            ],
          },
        }
      return undefined
    }
    const [line] = await look(['models'], wanted(model))
    expect(line?.state).toBe('not')
    expect(line?.says).toMatch(says)
    expect(line?.commands[0]).toMatch(/^aws bedrock list-/)
    expect((await look(['models'], wanted('a.good')))[0]?.state).toBe('ok')
    expect((await look(['models'], wanted('eu.a.new')))[0]?.state).toBe('ok')
  })

  it('the quota of batch jobs', async () => {
    const of = setup({ batch_role: US })
    aws.answers = ({ operation }) => {
      if (operation === 'ListServiceQuotas')
        return {
          body: {
            Quotas: [
              { QuotaName: 'Minimum number of records per batch inference job for Claude', Value: 100 },
            ],
          },
        }
      if (operation === 'GetRole')
        return {
          status: 404,
          xml: '<ErrorResponse><Error><Type>Sender</Type><Code>NoSuchEntity</Code><Message>The role with name loglake cannot be found.</Message></Error></ErrorResponse>',
        }
      return undefined
    }
    const lines = await look(['models'], of)
    expect(lines.map(({ state, says }) => [state, says])).toEqual([
      ['not', 'there is no such role'],
      ['ok', 'a batch job needs at least 100 records: fewer go on demand'],
    ])
  })

  it('a trail that cannot deliver, one that fell silent, and one of the organisation', async () => {
    const trail = (account: string) => ({
      Name: 'audit',
      TrailARN: `arn:aws:cloudtrail:eu-central-1:${account}:trail/audit`,
      HomeRegion: 'eu-central-1',
      S3BucketName: 'example-logs',
      IsMultiRegionTrail: true,
      LogFileValidationEnabled: account === ACCOUNT,
      IsOrganizationTrail: account !== ACCOUNT,
    })
    const standsAs =
      (account: string, status: object): Answers =>
      ({ operation }) => {
        if (operation === 'DescribeTrails') return { body: { trailList: [trail(account)] } }
        if (operation === 'GetTrailStatus') return { body: { IsLogging: true, ...status } }
        return undefined
      }
    aws.answers = standsAs(ACCOUNT, { LatestDeliveryError: 'AccessDenied' })
    const [denied] = await look(['trail'])
    expect(denied).toMatchObject({
      state: 'not',
      says: 'it cannot deliver to s3://example-logs: AccessDenied',
    })
    expect(denied?.fix?.does).toMatch(/must let cloudtrail\.amazonaws\.com write/)
    aws.answers = standsAs(ACCOUNT, { LatestDeliveryTime: Date.now() / 1000 - 3 * 86_400 })
    expect((await look(['trail']))[0]?.says).toBe('it logs, and has delivered nothing for 3 days')
    aws.answers = standsAs(ACCOUNT, { LatestDeliveryTime: Date.now() / 1000 })
    expect((await look(['trail']))[0]?.state).toBe('ok')
    aws.answers = standsAs('444455556666', { LatestDeliveryTime: Date.now() / 1000 })
    const [theirs] = await look(['trail'])
    expect(theirs?.fix?.does).toMatch(/ask the administrator of account 444455556666/)
    expect(theirs?.commands).toEqual([])
  })

  it('an export of GuardDuty that cannot write', async () => {
    const exported =
      (status: string): Answers =>
      ({ operation }) => {
        if (operation === 'ListDetectors') return { body: { detectorIds: ['d1'] } }
        if (operation === 'GetDetector') return { body: { status: 'ENABLED', serviceRole: 'r' } }
        if (operation === 'ListPublishingDestinations')
          return { body: { destinations: [{ destinationId: 'x', destinationType: 'S3', status }] } }
        return undefined
      }
    aws.answers = exported('UNABLE_TO_PUBLISH_FIX_DESTINATION_PROPERTY')
    const [line] = await look(['guardduty'])
    expect(line).toMatchObject({
      state: 'not',
      says: expect.stringMatching(/the export x is UNABLE_TO_PUBLISH/),
    })
    expect(line?.commands[0]).toMatch(
      /^aws guardduty describe-publishing-destination --detector-id d1 --destination-id x/,
    )
    aws.answers = exported('PUBLISHING')
    expect((await look(['guardduty']))[0]?.state).toBe('ok')
  })

  it('subscriptions that nobody has confirmed', async () => {
    const topic = `arn:aws:sns:eu-central-1:${ACCOUNT}:findings`
    const of = setup({}, [{ name: 'findings', type: 'sns', topic }])
    const subscribed =
      (arn: string): Answers =>
      ({ operation }) => {
        if (operation === 'GetTopicAttributes') return xmlOf(operation, '<Attributes></Attributes>')
        if (operation === 'ListSubscriptionsByTopic')
          return xmlOf(
            operation,
            `<Subscriptions><member><SubscriptionArn>${arn}</SubscriptionArn><Protocol>email</Protocol><Endpoint>security@example.com</Endpoint></member></Subscriptions>`,
          )
        return undefined
      }
    aws.answers = subscribed('PendingConfirmation')
    const [line] = await look(['topics'], of)
    expect(line?.says).toBe('none of its 1 subscription is confirmed')
    expect(line?.commands[0]).toMatch(
      /^aws sns subscribe --topic-arn \S+ --protocol email --notification-endpoint security@example.com/,
    )
    aws.answers = subscribed(`${topic}:1`)
    expect((await look(['topics'], of))[0]?.state).toBe('ok')
  })

  it('an object whose key we may not use', async () => {
    const of = setup({ buckets: ['example-logs'] })
    const answer =
      (read: Answers): Answers =>
      (asked) => {
        if (asked.service !== 's3') return undefined
        if (/list-type=2/.test(asked.operation))
          return {
            xml: '<ListBucketResult><Contents><Key>a.gz</Key><Size>9</Size></Contents></ListBucketResult>',
          }
        if (/^GET \/example-logs\/a\.gz/.test(asked.operation)) return read(asked)
        return {
          status: 404,
          xml: '<Error><Code>ServerSideEncryptionConfigurationNotFoundError</Code><Message>none</Message></Error>',
        }
      }
    aws.answers = answer((asked) =>
      denial(
        asked,
        `User: ${ROLE} is not authorized to perform: kms:Decrypt on resource: arn:aws:kms:eu-central-1:${ACCOUNT}:key/k because no identity-based policy allows the kms:Decrypt action`,
      ),
    )
    const [line] = await look(['bucket-key'], of)
    expect(line).toMatchObject({
      state: 'not',
      says: 'kms:Decrypt is denied: no identity-based policy allows it',
    })
    expect(line?.commands[0]).toMatch(
      /put-role-policy .*"Action":"kms:Decrypt","Resource":"arn:aws:kms:\S+key\/k"/,
    )
    aws.answers = answer(() => ({
      status: 403,
      xml: "<Error><Code>InvalidObjectState</Code><Message>The operation is not valid for the object's storage class</Message></Error>",
    }))
    expect((await look(['bucket-key'], of))[0]?.commands[0]).toMatch(/restore-object/)
    aws.answers = answer(() => ({ xml: 'x' }))
    expect((await look(['bucket-key'], of))[0]?.state).toBe('ok')
  })

  it('a stream of Firehose that failed', async () => {
    const of = setup({ log_groups: ['/a'] })
    const stream =
      (status: string): Answers =>
      ({ operation }) => {
        if (operation === 'DescribeSubscriptionFilters')
          return {
            body: {
              subscriptionFilters: [
                {
                  destinationArn: `arn:aws:firehose:eu-central-1:${ACCOUNT}:deliverystream/s`,
                  filterPattern: '',
                },
              ],
            },
          }
        if (operation === 'DescribeDeliveryStream')
          return {
            body: {
              DeliveryStreamDescription: {
                DeliveryStreamName: 's',
                DeliveryStreamStatus: status,
                FailureDescription: { Type: 'KMS_ACCESS_DENIED', Details: 'the key is disabled' },
                Destinations: [],
              },
            },
          }
        if (operation === 'GetDocument')
          return { status: 400, body: { __type: 'InvalidDocument', message: 'none' } }
        return undefined
      }
    aws.answers = stream('CREATING_FAILED')
    expect((await look(['subscriptions'], of))[0]?.says).toBe(
      'the stream is CREATING_FAILED: the key is disabled',
    )
    aws.answers = stream('ACTIVE')
    expect((await look(['subscriptions'], of))[0]?.state).toBe('ok')
  })
})

it('answers when everything is denied: each check says so, and none is ok of those that ask', async () => {
  aws.answers = (asked) =>
    asked.operation === 'GetCallerIdentity' ? undefined : denial(asked, 'Access Denied')
  const of = setup(
    { buckets: ['example-logs'], glue_database: 'audit', models: ['a'], batch_role: US, log_groups: ['/a'] },
    [{ name: 'findings', type: 'sns', topic: `arn:aws:sns:eu-central-1:${ACCOUNT}:findings` }],
  )
  const report = await examine(of, { checks: checks.filter(({ aws }) => aws) })
  const ok = report.lines.filter(({ state }) => state === 'ok').map(({ check }) => check)
  // What it costs is told by the numbers of the ledger.
  expect(ok.sort()).toEqual(['clock', 'cost', 'denied'])
  for (const line of report.lines.filter(({ denied }) => denied))
    expect(commandsOf(line.fix ?? { does: '' }).length + (line.fix?.does.length ?? 0)).toBeGreaterThan(0)
})
