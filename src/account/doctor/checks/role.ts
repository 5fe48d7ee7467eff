import { denialOf, wordsOfDenial } from '../../../aws/denial.ts'
import { awsError } from '../../../aws/errors.ts'
import { iamOf } from '../../../aws/iam.ts'
import type { Identity } from '../../../aws/identity.ts'
import { type Check, type Fix, type Line, none, not, ok, type Premises } from '../contract.ts'
import { who } from '../facts.ts'
import { type PolicyDocument, policyOf, type Statement } from '../policy.ts'
import { identitiesOf } from '../setup.ts'
import { listed } from '../words.ts'

export const role: Check = {
  name: 'role',
  group: 'Who we are',
  title: 'Roles can be assumed, and only with the external id',
  doc: 'Every role that loglake.yaml names is assumed. Where its trust policy can be read, it is looked at: a role that another account may assume asks for an external id, and its Allow names nobody but us.',
  permissions: ['sts:AssumeRole', 'iam:GetRole'],
  mends: 'A statement in the trust policy of the role.',
  async run(premises) {
    const roles = identitiesOf(premises.setup).filter(({ identity }) => identity.role_arn !== undefined)
    if (roles.length === 0) return [none('loglake.yaml names no role')]
    return (
      await Promise.all(roles.map(({ identity, users }) => roleLines(premises, identity, listed(users))))
    ).flat()
  },
}

async function roleLines(premises: Premises, identity: Identity, users: string): Promise<Line[]> {
  const { role_arn: arn = '', external_id: externalId } = identity
  const about = `${arn}, for ${users}`
  const { role_arn: _, external_id: __, session_name: ___, ...own } = identity
  const us = await who(premises, own).catch(() => undefined)
  try {
    await who(premises, identity)
  } catch (thrown) {
    const denial = denialOf(thrown)
    if (!denial)
      return [
        not(
          `it cannot be assumed: ${awsError('assume it', arn, thrown).message.split('\n')[0]}`,
          { does: 'See the check identity.' },
          about,
        ),
      ]
    return [
      not(
        `it cannot be assumed: ${wordsOfDenial(denial)}${externalId === undefined ? '; no external id is given' : ''}`,
        trustFix(own, arn, us?.arn, externalId, undefined),
        about,
      ),
    ]
  }
  const name = arn.split('/').at(-1) ?? ''
  const document = await trustOf(premises, identity, name)
  if (!document) return [ok('it is assumed; its trust policy cannot be read from here', about)]
  const account = arn.split(':')[4]
  const open = document.Statement.filter((one) => isOpenToOthers(one, account))
  if (open.length === 0) return [ok('it is assumed, and its trust policy names who may', about)]
  return [
    not(
      'its trust policy lets another account assume it without an external id',
      trustFix(own, arn, us?.arn, externalId ?? 'an-id-that-nobody-guesses', document),
      about,
    ),
  ]
}

async function trustOf(
  premises: Premises,
  identity: Identity,
  name: string,
): Promise<PolicyDocument | undefined> {
  try {
    const iam = await iamOf(premises.aws(identity))
    const { Role } = await iam.getRole({ RoleName: name })
    return policyOf(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? ''))
  } catch {
    return undefined
  }
}

/**
 * Whether a statement allows `arn:aws:iam::111122223333:root` of another account, or everybody, without a
 * condition on the external id.
 */
function isOpenToOthers(
  { Effect, Principal, Condition = {} }: Statement,
  account: string | undefined,
): boolean {
  if (Effect !== 'Allow') return false
  const named = Principal === '*' ? ['*'] : [Principal?.AWS ?? []].flat()
  const others = named.some((one) => one === '*' || (/\d{12}/.exec(one)?.[0] ?? account) !== account)
  const asks = Object.values(Condition).some((keys) =>
    Object.keys(keys).some((key) => /^(sts:externalid|aws:principal(arn|orgid))$/i.test(key)),
  )
  return others && !asks
}

/** The trust policy with a statement that names us; if the policy cannot be read, that statement alone. */
function trustFix(
  as: Identity,
  arn: string,
  us: string | undefined,
  externalId: string | undefined,
  document: PolicyDocument | undefined,
): Fix {
  const [, partition, , , account] = arn.split(':')
  const ours = roleArnOf(us) ?? `arn:${partition}:iam::${account}:root`
  const statement: Statement = {
    Sid: 'loglake',
    Effect: 'Allow',
    Principal: { AWS: ours },
    Action: 'sts:AssumeRole',
    ...(externalId === undefined ? {} : { Condition: { StringEquals: { 'sts:ExternalId': externalId } } }),
  }
  const others =
    document?.Statement.filter((one) => !isOpenToOthers(one, account) && one.Sid !== 'loglake') ?? []
  return {
    does: 'Name us, and the external id, in the trust policy of the role (in its own account); the policy replaces the one that is there.',
    calls: [
      {
        as,
        service: 'iam',
        action: 'UpdateAssumeRolePolicy',
        input: {
          RoleName: arn.split('/').at(-1),
          PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [...others, statement] }),
        },
      },
    ],
  }
}

/** A session's role: trust policies name roles. */
export function roleArnOf(arn: string | undefined): string | undefined {
  const [, partition, account, name] =
    /^arn:([\w-]+):sts::(\d+):assumed-role\/([^/]+)\//.exec(arn ?? '') ?? []
  return name === undefined ? arn : `arn:${partition}:iam::${account}:role/${name}`
}
