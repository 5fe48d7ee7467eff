// Turns a name into the ids and the userIdentity that CloudTrail would write for it. Every id is derived from
// its name, so that a person has one access key per day in all events.
import { createRandom, type Random, UPPER_AND_DIGITS } from './random.ts'

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }
export type JsonObject = { [key: string]: Json }

export const ORGANISATION = 'o-exampleorgid'
export const PROD = '111122223333'
export const ML = '444455556666'
export const SHARED = '777788889999'
export const ACCOUNTS = [PROD, ML, SHARED]
export const US = 'us-east-1'
export const EU = 'eu-central-1'
export const DAYS = ['2026-01-05', '2026-01-06', '2026-01-07', '2026-01-08', '2026-01-09']

export interface Caller {
  identity: JsonObject
  address: string
  agent: string
  // False for a call that a service makes for a caller: it has no TLS details.
  direct: boolean
  console?: boolean
}

export interface Person {
  name: string
  office: 'eu' | 'us'
  account: string
  permissionSet: string
  address: string
}

export const PEOPLE: Person[] = [
  { name: 'alice', office: 'us', account: ML, permissionSet: 'MlEngineer', address: '203.0.113.17' },
  { name: 'bruno', office: 'eu', account: PROD, permissionSet: 'PlatformAdmin', address: '198.51.100.23' },
  { name: 'chen', office: 'us', account: ML, permissionSet: 'DataScientist', address: '203.0.113.42' },
  { name: 'dalia', office: 'eu', account: SHARED, permissionSet: 'SecurityAudit', address: '198.51.100.77' },
  { name: 'emil', office: 'eu', account: PROD, permissionSet: 'Operator', address: '198.51.100.81' },
  { name: 'farah', office: 'eu', account: ML, permissionSet: 'DataEngineer', address: '2001:db8:40:2::1f' },
  { name: 'goran', office: 'eu', account: PROD, permissionSet: 'Contractor', address: '192.0.2.144' },
  { name: 'hana', office: 'us', account: SHARED, permissionSet: 'Billing', address: '203.0.113.9' },
  { name: 'ines', office: 'eu', account: ML, permissionSet: 'DataScientist', address: '2001:db8:40:2::2a' },
  { name: 'jonas', office: 'us', account: PROD, permissionSet: 'Operator', address: '203.0.113.65' },
]

export const CONSOLE_AGENT =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36'
export const CLI_AGENT =
  'aws-cli/2.32.30 md/awscrt#0.29.2 ua/2.1 os/linux#6.12.58 md/arch#x86_64 lang/python#3.13.11 md/prompt#off md/installer#exe'
export const BOTO_AGENT =
  'Boto3/1.42.21 md/Botocore#1.42.21 ua/2.1 os/linux#6.1.158 md/arch#x86_64 lang/python#3.12.12 Botocore/1.42.21'
export const JS_AGENT =
  'aws-sdk-js/3.964.0 ua/2.1 os/linux#5.10.247 lang/js md/nodejs#22.21.1 exec-env/AWS_Lambda_nodejs22.x'
export const TERRAFORM_AGENT =
  'APN/1.0 HashiCorp/1.0 Terraform/1.14.3 (+https://www.terraform.io) terraform-provider-aws/6.27.0 aws-sdk-go-v2/1.41.0'
export const SSM_AGENT = 'amazon-ssm-agent/3.3.3050.0 aws-sdk-go/1.55.8 (go1.25.3; linux; amd64)'

export function named(...parts: string[]): Random {
  let hash = 0x811c9dc5
  for (const char of parts.join('/')) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193)
  return createRandom(hash, parts.length, parts.join('/').length)
}

export function at(day: number, clock: string): number {
  return Date.parse(`${DAYS[day]}T${clock.length === 5 ? `${clock}:00` : clock}Z`) / 1000
}

export function isoTime(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`
}

// EXAMPLE at the end, as in AWS's own documentation: no scanner for leaked keys should report these.
export function accessKey(prefix: 'AKIA' | 'ASIA', ...name: string[]): string {
  return `${prefix}${named(prefix, ...name).text(UPPER_AND_DIGITS, 9)}EXAMPLE`
}

export function principalId(prefix: 'AROA' | 'AIDA', account: string, name: string): string {
  return `${prefix}${named(prefix, account, name).text(UPPER_AND_DIGITS, 10)}EXAMPLE`
}

export function instanceId(account: string, name: string): string {
  return `i-${named('instance', account, name).hex(17)}`
}

export function keyArn(account: string, region: string, name: string): string {
  return `arn:aws:kms:${region}:${account}:key/${named('kms', account, region, name).uuid()}`
}

export function findPerson(name: string): Person {
  const person = PEOPLE.find((each) => each.name === name)
  if (!person) throw new Error(`nobody is called ${name}`)
  return person
}

export function peopleAtWork(seconds: number, names = PEOPLE.map((each) => each.name)): Person[] {
  const hour = (seconds % 86_400) / 3600
  const offices = [...(hour < 16.5 ? ['eu'] : []), ...(hour >= 13.75 ? ['us'] : [])]
  return PEOPLE.filter((each) => names.includes(each.name) && offices.includes(each.office))
}

export interface RoleSession {
  account: string
  role: string
  session: string
  created: number
  path?: string
  mfa?: boolean
  sourceIdentity?: string
  ec2?: boolean
  scope?: { issuerType: string; credentialsIssuedTo: string }
  invokedBy?: string
}

export function roleIdentity(of: RoleSession): JsonObject {
  const id = principalId('AROA', of.account, of.role)
  const created = isoTime(of.created)
  return {
    type: 'AssumedRole',
    principalId: `${id}:${of.session}`,
    arn: `arn:aws:sts::${of.account}:assumed-role/${of.role}/${of.session}`,
    accountId: of.account,
    accessKeyId: accessKey('ASIA', of.account, of.role, of.session, created),
    sessionContext: {
      sessionIssuer: {
        type: 'Role',
        principalId: id,
        arn: `arn:aws:iam::${of.account}:role/${of.path ?? ''}${of.role}`,
        accountId: of.account,
        userName: of.role,
      },
      attributes: { creationDate: created, mfaAuthenticated: String(of.mfa ?? false) },
      ...(of.sourceIdentity && { sourceIdentity: of.sourceIdentity }),
      ...(of.ec2 && { ec2RoleDelivery: '2.0' }),
    },
    ...(of.scope && { inScopeOf: of.scope }),
    ...(of.invokedBy && { invokedBy: of.invokedBy }),
  }
}

export function ssoRole(permissionSet: string): string {
  return `AWSReservedSSO_${permissionSet}_${named('sso', permissionSet).hex(16)}`
}

export function dayStart(person: Person, seconds: number): number {
  const day = Math.floor(seconds / 86_400)
  const opening = person.office === 'eu' ? 7 * 3600 : 13.5 * 3600
  const start = day * 86_400 + opening + named('morning', person.name, String(day)).below(1500)
  // A person who works outside office hours has signed in for it.
  return start < seconds
    ? start
    : seconds - (seconds % 3600) - named('night', person.name, String(day)).below(900)
}

export function personCaller(
  person: Person,
  seconds: number,
  via: 'console' | 'cli' = 'console',
  change: { account?: string; permissionSet?: string; address?: string } = {},
): Caller {
  const identity = roleIdentity({
    account: change.account ?? person.account,
    role: ssoRole(change.permissionSet ?? person.permissionSet),
    path: `aws-reserved/sso.amazonaws.com/${EU}/`,
    session: `${person.name}@example.com`,
    created: dayStart(person, seconds),
  })
  const agent = via === 'console' ? CONSOLE_AGENT : CLI_AGENT
  return {
    identity,
    address: change.address ?? person.address,
    agent,
    direct: true,
    console: via === 'console',
  }
}

// A workload's credentials are valid for six hours.
export function workloadCaller(
  of: Omit<RoleSession, 'created'>,
  seconds: number,
  agent: string,
  address: string,
): Caller {
  const offset = named('block', of.role, of.session).below(21_600)
  const created = Math.floor((seconds - offset - 5) / 21_600) * 21_600 + offset
  return { identity: roleIdentity({ ...of, created }), address, agent, direct: true }
}

export function instanceCaller(
  account: string,
  region: string,
  name: string,
  role: string,
  seconds: number,
): Caller {
  const instance = instanceId(account, name)
  const of = {
    account,
    role,
    session: instance,
    ec2: true,
    scope: {
      issuerType: 'AWS::EC2::Instance',
      credentialsIssuedTo: `arn:aws:ec2:${region}:${account}:instance/${instance}`,
    },
  }
  return workloadCaller(of, seconds, SSM_AGENT, `192.0.2.${10 + named('address', name).below(80)}`)
}

export function lambdaCaller(
  account: string,
  region: string,
  name: string,
  role: string,
  seconds: number,
): Caller {
  const scope = {
    issuerType: 'AWS::Lambda::Function',
    credentialsIssuedTo: `arn:aws:lambda:${region}:${account}:function:${name}`,
  }
  const address = `198.51.100.${150 + named('address', name).below(80)}`
  return workloadCaller({ account, role, session: name, scope }, seconds, JS_AGENT, address)
}

// In Studio all sessions are named SageMaker; the domain's setting passes the profile as source identity.
export function studioCaller(profile: string, seconds: number): Caller {
  const of = {
    account: ML,
    role: 'StudioExecutionRole',
    path: 'service-role/',
    session: 'SageMaker',
    sourceIdentity: profile,
  }
  return workloadCaller(of, seconds, BOTO_AGENT, `192.0.2.${100 + named('studio', profile).below(40)}`)
}

export function serviceCaller(service: string): Caller {
  const host = `${service}.amazonaws.com`
  return { identity: { type: 'AWSService', invokedBy: host }, address: host, agent: host, direct: false }
}

// A service's call on its own behalf: an identity without a type.
export function internalCaller(account: string, service = 'AWS Internal'): Caller {
  return {
    identity: { accountId: account, invokedBy: service },
    address: service,
    agent: service,
    direct: false,
  }
}

export function linkedRoleCaller(
  account: string,
  service: string,
  role: string,
  session: string,
  seconds: number,
): Caller {
  const host = `${service}.amazonaws.com`
  const of = { account, role, path: `aws-service-role/${host}/`, session, invokedBy: host }
  return { ...workloadCaller(of, seconds, host, host), direct: false }
}

export function userCaller(account: string, name: string, agent: string, address: string): Caller {
  const identity = {
    type: 'IAMUser',
    principalId: principalId('AIDA', account, name),
    arn: `arn:aws:iam::${account}:user/${name}`,
    accountId: account,
    accessKeyId: accessKey('AKIA', account, name),
    userName: name,
  }
  return { identity, address, agent, direct: true }
}

export function rootCaller(account: string, address: string): Caller {
  const identity = {
    type: 'Root',
    principalId: account,
    arn: `arn:aws:iam::${account}:root`,
    accountId: account,
    accessKeyId: '',
  }
  return { identity, address, agent: CONSOLE_AGENT, direct: true }
}
