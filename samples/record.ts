// Turns a call into a CloudTrail record, its keys in the order in which AWS writes them.
import { type Caller, isoTime, type Json, type JsonObject } from './organisation.ts'
import type { Random } from './random.ts'

export type Folder = 'CloudTrail' | 'CloudTrail-Insight' | 'CloudTrail-NetworkActivity'

export interface Call {
  at: number
  account: string
  region: string
  service: string
  name: string
  by: Caller
  request?: Json
  response?: Json
  additional?: JsonObject
  resources?: JsonObject[]
  // Whether it only reads: by default decided by its name.
  readOnly?: boolean
  error?: [code: string, message?: string]
  data?: boolean
  host?: string
  sharedId?: string
  vpcEndpoint?: string
  // For events that are not API calls: AwsServiceEvent, AwsConsoleSignIn, AwsConsoleAction.
  type?: string
  details?: JsonObject
  more?: JsonObject
}

export interface Entry {
  folder: Folder
  account: string
  region: string
  at: number
  id: string
  record: JsonObject
}

export interface Stage {
  random: Random
  entries: Entry[]
}

const VERSIONS: Record<string, string> = {
  signin: '1.08',
  sts: '1.08',
  secretsmanager: '1.08',
  config: '1.09',
  ssm: '1.10',
  ecr: '1.10',
  lambda: '1.10',
  sso: '1.08',
}
const NO_REQUEST_ID = new Set(['AwsConsoleSignIn', 'AwsServiceEvent'])
const READS =
  /^(Describe|List|Get|BatchGet|Head|Search|Lookup|Filter|Decrypt$|GenerateDataKey|AssumeRole|InvokeModel|InvokeEndpoint|Converse)/

export function call(stage: Stage, of: Call): Entry {
  const { random } = stage
  const type = of.type ?? 'AwsApiCall'
  const version = VERSIONS[of.service] ?? '1.11'
  const failed = of.error?.[0] !== undefined && of.error[0] !== ''
  const id = random.uuid()
  const record: JsonObject = {
    eventVersion: type === 'AwsServiceEvent' ? '1.08' : version,
    userIdentity: of.by.identity,
    eventTime: isoTime(of.at),
    eventSource: `${of.service}.amazonaws.com`,
    eventName: of.name,
    awsRegion: of.region,
    sourceIPAddress: of.by.address,
    userAgent: of.by.agent,
    ...(of.error?.[0] && { errorCode: of.error[0] }),
    ...(of.error?.[1] && { errorMessage: of.error[1] }),
    requestParameters: of.request ?? null,
    responseElements: failed ? null : (of.response ?? null),
    ...(of.additional && { additionalEventData: of.additional }),
    ...(!NO_REQUEST_ID.has(type) && { requestID: requestId(random, of.service) }),
    eventID: id,
    readOnly: of.readOnly ?? READS.test(of.name),
    ...(of.resources && { resources: of.resources }),
    eventType: type,
    managementEvent: !of.data,
    recipientAccountId: of.account,
    ...(of.sharedId && { sharedEventID: of.sharedId }),
    ...(of.vpcEndpoint && { vpcEndpointId: of.vpcEndpoint, vpcEndpointAccountId: of.account }),
    ...(of.details && { serviceEventDetails: of.details }),
    eventCategory: of.data ? 'Data' : 'Management',
    ...of.more,
    ...(of.by.direct && type !== 'AwsServiceEvent' && { tlsDetails: tlsDetails(of, version) }),
    ...(of.by.console && type === 'AwsApiCall' && { sessionCredentialFromConsole: 'true' }),
  }
  const entry: Entry = { folder: 'CloudTrail', account: of.account, region: of.region, at: of.at, id, record }
  stage.entries.push(entry)
  return entry
}

// S3's request ids have their own format.
function requestId(random: Random, service: string): string {
  return service === 's3' ? random.text('0123456789ABCDEFGHJKMNPQRSTVWXYZ', 16) : random.uuid()
}

function tlsDetails(of: Call, version: string): JsonObject {
  const host = of.host ?? `${of.service}.${of.region}.amazonaws.com`
  return {
    tlsVersion: 'TLSv1.3',
    cipherSuite: 'TLS_AES_128_GCM_SHA256',
    clientProvidedHostHeader: host,
    ...(version === '1.11' && { keyExchange: 'X25519MLKEM768' }),
  }
}

export function resource(account: string, type: string, arn: string): JsonObject {
  return { accountId: account, type, ARN: arn }
}

export function denied(by: Caller, service: string, action: string, on: string): [string, string] {
  return [
    'AccessDenied',
    `User: ${by.identity.arn} is not authorized to perform: ${service}:${action} on resource: ${on} because no identity-based policy allows the ${service}:${action} action`,
  ]
}

export function sum(list: readonly number[]): number {
  return list.reduce((total, each) => total + each, 0)
}

export function groupBy<T>(list: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of list) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group) group.push(item)
    else groups.set(key, [item])
  }
  return groups
}
