import { sentence } from '../lib/errors.ts'
import { saidBy, troubleOf } from './trouble.ts'

/** The kind of policy that denies a request. */
export type DenyingPolicy =
  | 'identity'
  | 'resource'
  | 'trust'
  | 'boundary'
  | 'session'
  | 'service control'
  | 'resource control'
  | 'VPC endpoint'
  | 'key'
  | 'unsaid'

/** A denied request, as far as AWS's message describes it. */
export interface Denial {
  /** `s3:GetObject`; undefined where AWS does not say. */
  action: string | undefined
  resource: string | undefined
  principal: string | undefined
  policy: DenyingPolicy
  /** Whether a statement denies it, rather than none allowing it. */
  explicit: boolean
  /** The ARN of the policy, where AWS names it. */
  policyArn: string | undefined
  /** AWS's own message, in one line. */
  said: string
}

/**
 * AWS's words for each kind of policy, after `because no … allows` and `with an explicit deny in a …`:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
const POLICIES: readonly (readonly [DenyingPolicy, RegExp])[] = [
  ['service control', /\bservice control polic/i],
  ['resource control', /\bresource control polic/i],
  ['VPC endpoint', /\bVPC endpoint polic/i],
  ['boundary', /\bpermissions? boundar/i],
  ['session', /\bsession polic/i],
  ['trust', /\b(role )?trust polic/i],
  ['identity', /\bidentity-based polic/i],
  ['resource', /\bresource-based polic/i],
  ['key', /\bkms:[A-Z]\w+|\bciphertext refers to/],
]

/** The denial in an error, and the kind of policy; undefined when the error is not a denial. */
export function denialOf(thrown: unknown): Denial | undefined {
  if (!['denied', 'role denied', 'KMS denied'].includes(troubleOf(thrown))) return undefined
  const message = sentence(thrown)
  const grab = (form: RegExp) => form.exec(message)?.[1]
  const action = grab(/not authorized to perform:? ([a-z0-9-]+:\w+)/i)
  return {
    action,
    resource: grab(/on (?:the )?resource:? "?((?:arn:\S+?|\*))"?(?=[\s,.]|$)/),
    principal: grab(/\b(?:User|Role): (arn:\S+)/) ?? grab(/^(arn:\S+) is not authorized/),
    policy: POLICIES.find(([, words]) => words.test(message))?.[0] ?? 'unsaid',
    explicit: /explicit deny|explicitly denies/i.test(message),
    policyArn: grab(/(arn:[\w-]+:(?:organizations|iam)::[^\s"]*policy\/[\w+=,.@/-]*\w)/),
    said: saidBy(thrown),
  }
}

/** Describes the policy, and whether it denies or does not allow. */
export function wordsOfDenial({ policy, explicit, policyArn }: Denial): string {
  const named = policyArn === undefined ? '' : ` (${policyArn})`
  const kind = KINDS[policy]
  if (policy === 'unsaid') return 'AWS does not say which policy'
  return explicit ? `${kind}${named} denies it` : `no ${kind}${named} allows it`
}

const KINDS: Record<DenyingPolicy, string> = {
  identity: 'identity-based policy',
  resource: 'resource-based policy',
  trust: 'role trust policy',
  boundary: 'permissions boundary',
  session: 'session policy',
  'service control': 'service control policy',
  'resource control': 'resource control policy',
  'VPC endpoint': 'VPC endpoint policy',
  key: 'policy of the KMS key',
  unsaid: 'policy',
}

/** Who can change a policy of that kind. */
export function whoToAsk({ policy, resource }: Denial): string {
  const of = resource === undefined ? '' : ` of ${resource}`
  return {
    identity: 'an IAM administrator of this account, who can change the role or user that loglake signs with',
    resource: `the owner${of}, whose policy must name us`,
    trust: 'the owner of the role, whose trust policy must name us and the external id',
    boundary:
      'the administrator who set the permissions boundary of the role: an identity-based policy alone cannot exceed it',
    session:
      'the owner of the program that assumes the role: its session policy narrows the permissions of the role',
    'service control':
      'the administrators of the AWS organisation: a service control policy binds every principal of the account, root too',
    'resource control':
      'the administrators of the AWS organisation: a resource control policy binds the resource',
    'VPC endpoint':
      'the administrators of the network: the policy of the VPC endpoint that requests go through must allow it',
    key: `the owner of the KMS key${of}: its policy must allow it, and ours too`,
    unsaid:
      'the administrators of the role and of the resource; without s3:ListBucket, S3 also denies missing objects',
  }[policy]
}

/** A permission that a request needs. */
export interface Need {
  /** `s3:PutObject` */
  action: string
  /** Its ARN, where it is known. */
  resource?: string
  /** The service that a role is handed to, for `iam:PassRole`. */
  passedTo?: string
}

interface PolicyStatement {
  Effect: 'Allow'
  Action: string
  Resource: string
  Condition?: Record<string, Record<string, string>>
}

/** The statement that allows a need. */
function statementOf({ action, resource = '*', passedTo }: Need): PolicyStatement {
  return {
    Effect: 'Allow',
    Action: action,
    Resource: resource,
    ...(passedTo === undefined ? {} : { Condition: { StringEquals: { 'iam:PassedToService': passedTo } } }),
  }
}

/**
 * The way out of a denial whose permission is known: who needs which statement, and whom to ask where a
 * statement of ours does not help.
 *
 * @param needs of the request; the first is meant where AWS's own message does not name one
 */
export function wayOutOfDenial(thrown: unknown, needs: readonly Need[] = []): string | undefined {
  if (troubleOf(thrown) !== 'denied') return undefined
  const denial = denialOf(thrown)
  const wanted = denial?.action === undefined ? needs[0] : needOf(denial, needs)
  if (!denial || !wanted) return undefined
  const who = denial.principal ?? 'who we are (`aws sts get-caller-identity`)'
  const on = wanted.resource === undefined ? '' : ` on ${wanted.resource}`
  const statement = JSON.stringify(statementOf(wanted))
  const isOurs = !denial.explicit && ['identity', 'unsaid'].includes(denial.policy)
  const missing =
    wanted.action === 's3:GetObject' ? '; without s3:ListBucket, S3 also denies missing objects' : ''
  return isOurs
    ? `allow ${wanted.action}${on} to ${who}: ${statement}${missing}`
    : `ask ${whoToAsk(denial)}; ${who} needs ${wanted.action}${on}: ${statement}`
}

/** What AWS names, with what we know more of it. */
function needOf({ action = '', resource }: Denial, needs: readonly Need[]): Need {
  const known = needs.find((need) => need.action.toLowerCase() === action.toLowerCase())
  const where = resource ?? known?.resource
  return { ...(known ?? { action }), ...(where === undefined ? {} : { resource: where }) }
}
