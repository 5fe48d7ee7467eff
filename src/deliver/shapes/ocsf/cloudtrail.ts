import type { Row } from '../../redact.ts'
import { cloud, endpoint, event, given, type Made, rest, status, text } from './event.ts'

type Kind = 'authentication' | 'account change' | 'api activity'

/** Sign-in calls, with their activity in OCSF. */
const SIGN_IN: Readonly<Record<string, number>> = {
  ConsoleLogin: 1,
  AssumeRole: 1,
  AssumeRoleWithSAML: 1,
  AssumeRoleWithWebIdentity: 1,
  GetSessionToken: 1,
  GetFederationToken: 1,
  UserAuthentication: 1,
  CredentialVerification: 1,
  SwitchRole: 7,
  ExitRole: 2,
}

/** Calls of IAM that change an account, by the activity of Account Change. */
const CHANGES: readonly [activity: number, name: string, calls: RegExp][] = [
  [1, 'Create', /^Create(User|AccessKey|ServiceSpecificCredential|VirtualMFADevice)$/],
  [6, 'Delete', /^Delete(User|AccessKey|ServiceSpecificCredential)$/],
  [3, 'Password Change', /^(ChangePassword|UpdateLoginProfile)$/],
  [1, 'Create', /^CreateLoginProfile$/],
  [5, 'Disable', /^DeleteLoginProfile$/],
  [7, 'Attach Policy', /^(AttachUserPolicy|PutUserPolicy|AddUserToGroup|PutUserPermissionsBoundary)$/],
  [
    8,
    'Detach Policy',
    /^(DetachUserPolicy|DeleteUserPolicy|RemoveUserFromGroup|DeleteUserPermissionsBoundary)$/,
  ],
  [10, 'MFA Factor Enable', /^EnableMFADevice$/],
  [11, 'MFA Factor Disable', /^DeactivateMFADevice$/],
  [99, 'Other', /^(Update(User|AccessKey|SSHPublicKey)|UploadSSHPublicKey|Tag(User)|UntagUser)$/],
]

export function classOf({ eventsource, eventname }: Row): Kind {
  const name = String(eventname)
  const isSignIn = ['sts.amazonaws.com', 'signin.amazonaws.com', 'sso.amazonaws.com'].includes(
    String(eventsource),
  )
  if (isSignIn && Object.hasOwn(SIGN_IN, name)) return 'authentication'
  return eventsource === 'iam.amazonaws.com' && change(name) ? 'account change' : 'api activity'
}

function change(name: string) {
  return CHANGES.find(([, , calls]) => calls.test(name))
}

const PLACE = { uid: 'eventid', time: 'eventtime' }

export function apiActivity(row: Row, made: Made): object {
  const activity = activityOf(row)
  return {
    ...event(row, made, { ...API, activity, severity: 1 }, PLACE),
    ...common(row),
    api: api(row),
    ...resources(row),
    ...rest(row, UNMAPPED),
  }
}

const API = {
  class: { uid: 6003, name: 'API Activity' },
  category: { uid: 6, name: 'Application Activity' },
}

const VERBS: readonly [id: number, name: string, verbs: RegExp][] = [
  [1, 'Create', /^(Create|Run|Start|Put|Add|Import|Register|Allocate|Request|Upload)/],
  [
    2,
    'Read',
    /^(Get|List|Describe|Head|Lookup|Search|Query|Scan|Select|Batch(Get|Describe)|Download|View|Converse|Invoke|Retrieve)/,
  ],
  [
    3,
    'Update',
    /^(Update|Modify|Set|Change|Attach|Detach|Associate|Disassociate|Enable|Disable|Tag|Untag|Stop|Reboot|Resume)/,
  ],
  [4, 'Delete', /^(Delete|Remove|Terminate|Deregister|Release|Revoke|Purge|Cancel)/],
]

function activityOf({ eventname, readonly }: Row): { id: number; name: string } {
  const [id = 99, name = 'Other'] = VERBS.find(([, , verbs]) => verbs.test(String(eventname))) ?? []
  return id === 99 && readonly === true ? { id: 2, name: 'Read' } : { id, name }
}

export function authentication(row: Row, made: Made): object {
  const id = SIGN_IN[String(row.eventname)] ?? 99
  const name = { 1: 'Logon', 2: 'Logoff', 7: 'Account Switch' }[id] ?? 'Other'
  return {
    ...event(
      row,
      made,
      { ...IAM, class: SIGNING_IN, activity: { id, name }, severity: row.errorcode ? 3 : 1 },
      PLACE,
    ),
    ...common(row),
    user: userOf(row),
    service: { name: String(row.eventsource ?? 'AWS') },
    api: api(row),
    is_remote: true,
    ...given({ is_mfa: mfa(row) }),
    ...rest(row, UNMAPPED),
  }
}

const IAM = { category: { uid: 3, name: 'Identity & Access Management' } }
const SIGNING_IN = { uid: 3002, name: 'Authentication' }
const CHANGING = { uid: 3001, name: 'Account Change' }

export function accountChange(row: Row, made: Made): object {
  const [id = 99, name = 'Other'] = change(String(row.eventname)) ?? []
  const target = text(parsed(row.requestparameters).userName)
  return {
    ...event(row, made, { ...IAM, class: CHANGING, activity: { id, name }, severity: 2 }, PLACE),
    ...common(row),
    user: target === undefined ? userOf(row) : { name: target, type_id: 1, type: 'User' },
    api: api(row),
    ...rest(row, UNMAPPED),
  }
}

function common(row: Row): object {
  return {
    cloud: cloud(row.recipientaccountid ?? row.useridentity_accountid, row.awsregion),
    actor: actor(row),
    src_endpoint: endpoint(row.sourceipaddress, 'AWS'),
    ...status(row.errorcode, row.errormessage),
    ...given({
      http_request: row.useragent === undefined ? undefined : { user_agent: String(row.useragent) },
    }),
  }
}

function actor(row: Row): object {
  const session = given({
    uid: text(row.useridentity_principalid),
    issuer: text(row.useridentity_sessioncontext_sessionissuer_arn),
    is_mfa: mfa(row),
  })
  return {
    user: userOf(row),
    ...(Object.keys(session).length === 0 ? {} : { session }),
    ...given({ invoked_by: text(row.useridentity_invokedby) }),
  }
}

function mfa(row: Row): boolean | undefined {
  const told = row.useridentity_sessioncontext_attributes_mfaauthenticated
  return told === undefined ? undefined : String(told) === 'true'
}

const USER_TYPE: Readonly<Record<string, [id: number, name: string]>> = {
  Root: [2, 'Admin'],
  IAMUser: [1, 'User'],
  AWSService: [3, 'System'],
  AssumedRole: [99, 'AssumedRole'],
}

function userOf(row: Row): object {
  const kind = text(row.useridentity_type)
  const [type_id, type] = USER_TYPE[kind ?? ''] ?? [kind === undefined ? 0 : 99, kind ?? 'Unknown']
  const name = text(row.useridentity_username) ?? text(row.actor)
  const account = text(row.useridentity_accountid)
  return {
    type_id,
    type,
    ...given({
      name: name ?? 'unknown',
      uid: text(row.useridentity_arn) ?? text(row.useridentity_principalid),
      credential_uid: text(row.useridentity_accesskeyid),
      account: account === undefined ? undefined : { uid: account, type: 'AWS Account', type_id: 10 },
    }),
  }
}

function api(row: Row): object {
  return {
    operation: String(row.eventname ?? 'unknown'),
    service: { name: String(row.eventsource ?? 'AWS') },
    ...given({ version: text(row.apiversion) }),
    ...(row.requestid === undefined ? {} : { request: { uid: String(row.requestid) } }),
    ...(row.errorcode === undefined
      ? {}
      : { response: { error: String(row.errorcode), ...given({ error_message: text(row.errormessage) }) } }),
  }
}

function resources({ resources: told }: Row): object {
  const listed = parsedList(told).flatMap((one) => {
    const uid = text(one.ARN) ?? text(one.arn)
    if (uid === undefined) return []
    return [{ uid, ...given({ type: text(one.type) }) }]
  })
  return listed.length === 0 ? {} : { resources: listed }
}

/** Columns of a call that no OCSF field holds. */
const UNMAPPED = [
  'requestparameters',
  'responseelements',
  'additionaleventdata',
  'serviceeventdetails',
  'eventcategory',
  'eventtype',
  'eventversion',
  'managementevent',
  'readonly',
  'sharedeventid',
  'vpcendpointid',
  'unmapped',
]

function parsed(value: Row[string] | undefined): Record<string, unknown> {
  const found = json(value)
  return typeof found === 'object' && found !== null && !Array.isArray(found)
    ? (found as Record<string, unknown>)
    : {}
}

function parsedList(value: Row[string] | undefined): Record<string, unknown>[] {
  const found = json(value)
  return Array.isArray(found) ? found.filter((one) => typeof one === 'object' && one !== null) : []
}

function json(value: Row[string] | undefined): unknown {
  if (typeof value !== 'string') return undefined
  try {
    return JSON.parse(value)
  } catch {
    return undefined
  }
}
