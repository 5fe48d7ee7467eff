// The privileged sessions: the calls before, the session itself, and its person's calls during it.
import {
  at,
  type Caller,
  CLI_AGENT,
  EU,
  findPerson,
  instanceId,
  ML,
  PROD,
  personCaller,
  principalId,
  roleIdentity,
  SHARED,
  US,
  userCaller,
} from './organisation.ts'
import { LOWER_AND_DIGITS } from './random.ts'
import { call, denied, resource, type Stage } from './record.ts'

import { type PrivilegedSession, SESSIONS } from './sessions.ts'

export function playSessions(stage: Stage): void {
  for (const session of SESSIONS) playSession(stage, session)
  otherStartSessions(stage)
}

function callerOf(session: PrivilegedSession, when: number): { by: Caller; name: string } {
  if (session.who === 'break-glass') {
    return { by: userCaller(PROD, 'break-glass', CLI_AGENT, '198.51.100.77'), name: 'break-glass' }
  }
  if (session.who === 'kofi') {
    const created = when - 900
    const identity = roleIdentity({
      account: ML,
      role: 'CorporateFederation',
      session: 'kofi-corporate',
      created,
      mfa: true,
    })
    return {
      by: { identity, address: '203.0.113.101', agent: CLI_AGENT, direct: true },
      name: 'kofi-corporate',
    }
  }
  const person = findPerson(session.who)
  // When one role assumes another, the source identity keeps the original caller.
  if (session.who === 'goran' && session.id === 'letters') {
    const identity = roleIdentity({
      account: PROD,
      role: 'BreakGlassAdmin',
      session: 'maintenance',
      created: when - 95,
      sourceIdentity: 'goran@example.com',
    })
    return { by: { identity, address: '203.0.113.250', agent: CLI_AGENT, direct: true }, name: 'maintenance' }
  }
  const night = session.who === 'goran' ? { address: '203.0.113.250' } : {}
  return {
    by: personCaller(person, when, 'cli', { account: session.account, ...night }),
    name: `${person.name}@example.com`,
  }
}

function playSession(stage: Stage, session: PrivilegedSession): void {
  const { random } = stage
  const start = at(session.day, session.clock)
  const end = start + session.minutes * 60 + random.below(40)
  const { by, name } = callerOf(session, start)
  const base = { account: session.account, region: session.region }
  const target = instanceId(session.account, session.target)
  const targetArn = `arn:aws:ec2:${session.region}:${session.account}:instance/${target}`
  signInBefore(stage, session, start, by)
  for (const [index, step] of (session.around ?? []).entries()) {
    const [service, action, request, refused] = step
    // Read-only calls come before the session, the others during it.
    const early = /^(Describe|List)/.test(action) || session.minutes === 0
    const when = early ? start - 80 + index * 20 : start + Math.floor(((index + 1) * (end - start)) / 8)
    const region = service === 'iam' ? US : session.region
    call(stage, {
      ...base,
      at: when,
      region,
      service,
      name: action,
      by,
      request,
      ...(refused && { error: denied(by, service, action, '*') }),
    })
  }
  const request = {
    target,
    ...(session.document && {
      documentName: session.document,
      parameters: { host: ['orders-db.example.internal'], portNumber: ['5432'], localPortNumber: ['15432'] },
    }),
  }
  if (session.refused) {
    call(stage, {
      ...base,
      at: start,
      service: 'ssm',
      name: 'StartSession',
      by,
      request,
      error: denied(by, 'ssm', 'StartSession', targetArn),
    })
    return
  }
  const sessionId = `${name}-${session.id === 'hex' ? `0${random.hex(16)}` : random.text(LOWER_AND_DIGITS, 26)}`
  const opened = {
    sessionId,
    tokenValue: 'Value hidden due to security reasons.',
    streamUrl: `wss://ssmmessages.${session.region}.amazonaws.com/v1/data-channel/${sessionId}?role=publish_subscribe`,
  }
  call(stage, { ...base, at: start, service: 'ssm', name: 'StartSession', by, request, response: opened })
  if (session.resumed) {
    call(stage, {
      ...base,
      at: start + 1210,
      service: 'ssm',
      name: 'ResumeSession',
      by,
      request: { sessionId },
      response: opened,
    })
  }
  if (session.end === 'none') return
  const closer =
    session.end === 'by security' ? personCaller(findPerson('dalia'), end, 'console', { account: PROD }) : by
  call(stage, {
    ...base,
    at: end,
    service: 'ssm',
    name: 'TerminateSession',
    by: closer,
    request: { sessionId },
    response: { sessionId },
  })
}

function signInBefore(stage: Stage, session: PrivilegedSession, start: number, by: Caller): void {
  const { account } = session
  if (session.who === 'kofi') {
    const role = `arn:aws:iam::${account}:role/CorporateFederation`
    const provider = `arn:aws:iam::${account}:saml-provider/corporate`
    const identity = {
      type: 'SAMLUser',
      principalId: 'exampleNameQualifier=:kofi',
      userName: 'kofi',
      identityProvider: 'exampleNameQualifier=',
    }
    call(stage, {
      at: start - 900,
      account,
      region: US,
      service: 'sts',
      name: 'AssumeRoleWithSAML',
      by: { ...by, identity },
      request: {
        sAMLAssertionID: '_example-assertion',
        roleSessionName: 'kofi-corporate',
        durationSeconds: 3600,
        roleArn: role,
        principalArn: provider,
      },
      response: {
        subject: 'kofi',
        audience: 'https://signin.aws.amazon.com/saml',
        issuer: 'https://login.example.com',
        assumedRoleUser: { arn: `arn:aws:sts::${account}:assumed-role/CorporateFederation/kofi-corporate` },
      },
      resources: [
        resource(account, 'AWS::IAM::Role', role),
        resource(account, 'AWS::IAM::SAMLProvider', provider),
      ],
    })
  }
  if (session.who === 'goran' && !session.refused) {
    const role = `arn:aws:iam::${PROD}:role/BreakGlassAdmin`
    const from = personCaller(findPerson('goran'), start - 95, 'cli', { address: '203.0.113.250' })
    const sourceIdentity = 'goran@example.com'
    call(stage, {
      at: start - 95,
      account,
      region: US,
      service: 'sts',
      name: 'AssumeRole',
      by: from,
      request: { roleArn: role, roleSessionName: 'maintenance', sourceIdentity },
      response: {
        assumedRoleUser: {
          assumedRoleId: `${principalId('AROA', PROD, 'BreakGlassAdmin')}:maintenance`,
          arn: `arn:aws:sts::${PROD}:assumed-role/BreakGlassAdmin/maintenance`,
        },
        sourceIdentity,
      },
      resources: [resource(PROD, 'AWS::IAM::Role', role)],
    })
  }
  if (session.who === 'break-glass') {
    call(stage, {
      at: start - 420,
      account,
      region: US,
      service: 'signin',
      name: 'ConsoleLogin',
      type: 'AwsConsoleSignIn',
      by,
      host: 'signin.aws.amazon.com',
      response: { ConsoleLogin: 'Success' },
      additional: {
        LoginTo: 'https://console.aws.amazon.com/console/home',
        MobileVersion: 'No',
        MFAUsed: 'Yes',
      },
    })
  }
}

// Athena and SageMaker have a StartSession too: one opens Spark, the other an editor. Neither is a privileged
// session.
function otherStartSessions(stage: Stage): void {
  const { random } = stage
  const farah = personCaller(findPerson('farah'), at(1, '10:31:00'))
  for (const clock of ['10:31:12', '15:02:44']) {
    call(stage, {
      at: at(1, clock),
      account: ML,
      region: EU,
      service: 'athena',
      name: 'StartSession',
      by: farah,
      request: { workGroup: 'spark', engineConfiguration: { maxConcurrentDpus: 20 } },
      response: { sessionId: random.uuid(), state: 'CREATING' },
    })
  }
  const space = `arn:aws:sagemaker:${US}:${ML}:space/d-exampledomain/chen-lab`
  const sessionId = `sagemaker-${random.text(LOWER_AND_DIGITS, 26)}`
  call(stage, {
    at: at(2, '17:15:30'),
    account: ML,
    region: US,
    service: 'sagemaker',
    name: 'StartSession',
    host: `api.sagemaker.${US}.amazonaws.com`,
    by: personCaller(findPerson('chen'), at(2, '17:15:30'), 'cli'),
    request: { resourceIdentifier: space },
    response: {
      sessionId,
      streamUrl: `wss://ssmmessages.${US}.amazonaws.com/v1/data-channel/${sessionId}`,
      tokenValue: 'Value hidden due to security reasons.',
    },
  })
  // Dalia lists open sessions: in this account she starts none.
  call(stage, {
    at: at(4, '15:20:00'),
    account: SHARED,
    region: EU,
    service: 'ssm',
    name: 'DescribeSessions',
    by: personCaller(findPerson('dalia'), at(4, '15:20:00')),
    request: { state: 'Active' },
  })
}
