import { denialOf } from '../../../aws/denial.ts'
import { iamOf } from '../../../aws/iam.ts'
import type { Identity } from '../../../aws/identity.ts'
import { type Check, type Fix, type Line, none, not, ok, type Premises, unknown } from '../contract.ts'
import { who } from '../facts.ts'
import { type Need, needsOf } from '../needs.ts'
import { probe } from '../probe.ts'
import { identityKey } from '../setup.ts'
import { principalName, troubleLine } from '../trouble.ts'
import { listed, tagOf, together } from '../words.ts'
import { roleArnOf } from './role.ts'

export const actions: Check = {
  name: 'actions',
  group: 'Who we are',
  title: 'Every action that loglake needs is allowed',
  doc: 'Works out from loglake.yaml which actions the sources, the lake and the destinations need, and asks IAM to simulate them; where that is denied, requests are made that change nothing (a listing of one object, a receipt handle that there is not).',
  permissions: ['iam:SimulatePrincipalPolicy'],
  mends: 'The statement that is missing, and no more.',
  aws: true,
  async run(premises) {
    const needs = await needsOf(premises)
    if (needs.length === 0) return [none('nothing in loglake.yaml needs an action of AWS')]
    const byIdentity = together(needs, ({ identity }) => identityKey(identity))
    return (await Promise.all([...byIdentity.values()].map((own) => linesFor(premises, own)))).flat()
  },
}

async function linesFor(premises: Premises, needs: readonly Need[]): Promise<Line[]> {
  const identity = needs[0]?.identity ?? {}
  const me = await who(premises, identity).catch(() => undefined)
  if (!me) return [unknown(`${needs.length} actions: AWS does not know who we are`)]
  const principal = roleArnOf(me.arn) ?? me.arn
  const results = await simulated(premises, identity, principal, needs)
  const missing = results.filter(({ allowed }) => allowed === false)
  const open = results.filter(({ allowed }) => allowed === undefined)
  const byUser = together(missing, ({ need }) => need.for)
  const lines: Line[] = [...byUser].map(([user, some]) => ({
    ...not(
      `${listed(some.map(({ need }) => `${need.action} on ${need.resource}`))} ${some.length === 1 ? 'is' : 'are'} not allowed${some[0]?.why ? `: ${some[0].why}` : ''}`,
      fixOf(
        some.map(({ need }) => need),
        principal,
        identity,
      ),
      user,
    ),
  }))
  if (open.length > 0)
    lines.push({
      ...unknown(
        `${listed(open.map(({ need }) => need.action))}: only a simulation by IAM shows it, and none was possible`,
        principal,
      ),
      fix: {
        ...fixOf(
          [{ action: 'iam:SimulatePrincipalPolicy', resource: principal, for: 'doctor', identity }],
          principal,
          identity,
        ),
        does: 'Allow the doctor to simulate.',
      },
    })
  if (lines.length === 0) lines.push(ok(`${needs.length} actions are allowed`, principal))
  return lines
}

interface Result {
  need: Need
  /** Undefined when unknown. */
  allowed: boolean | undefined
  why?: string
}

async function simulated(
  premises: Premises,
  identity: Identity,
  principal: string,
  needs: readonly Need[],
): Promise<Result[]> {
  const iam = await iamOf(premises.aws(identity))
  const byResource = together(needs, ({ resource }) => resource)
  const answers = await Promise.all(
    [...byResource].map(async ([resource, some]): Promise<Result[]> => {
      try {
        const { EvaluationResults = [] } = await iam.simulatePrincipalPolicy({
          PolicySourceArn: principal,
          ActionNames: some.map(({ action }) => action),
          ResourceArns: [resource],
          ContextEntries: some.flatMap(({ context = {} }) =>
            Object.entries(context).map(([ContextKeyName, value]) => ({
              ContextKeyName,
              ContextKeyType: 'string' as const,
              ContextKeyValues: [value],
            })),
          ),
        })
        return some.map((need) => {
          const found = EvaluationResults.find(({ EvalActionName }) => EvalActionName === need.action)
          if (found === undefined) return { need, allowed: undefined }
          const why = whyOf(found)
          return { need, allowed: found.EvalDecision === 'allowed', ...(why === undefined ? {} : { why }) }
        })
      } catch {
        return await Promise.all(some.map(async (need) => ({ need, ...(await tried(premises, need)) })))
      }
    }),
  )
  return answers.flat()
}

function whyOf(result: {
  EvalDecision?: string | undefined
  OrganizationsDecisionDetail?: { AllowedByOrganizations?: boolean | undefined } | undefined
  PermissionsBoundaryDecisionDetail?: { AllowedByPermissionsBoundary?: boolean | undefined } | undefined
  MatchedStatements?: { SourcePolicyId?: string | undefined }[] | undefined
}): string | undefined {
  if (result.OrganizationsDecisionDetail?.AllowedByOrganizations === false)
    return 'a service control policy does not allow it: ask the administrators of the AWS organisation'
  if (result.PermissionsBoundaryDecisionDetail?.AllowedByPermissionsBoundary === false)
    return 'the permissions boundary does not allow it: ask the administrator who set it'
  const [statement] = result.MatchedStatements ?? []
  if (result.EvalDecision === 'explicitDeny')
    return `a statement denies it${statement?.SourcePolicyId ? `, in ${statement.SourcePolicyId}` : ''}`
  return undefined
}

/** Tries a request that changes nothing, where there is one. */
async function tried(premises: Premises, need: Need): Promise<Omit<Result, 'need'>> {
  try {
    const asked = await probe(premises, need)
    return asked ? { allowed: true } : { allowed: undefined }
  } catch (thrown) {
    const denial = denialOf(thrown)
    if (!denial) return { allowed: undefined }
    premises.denials.push({ check: 'actions', denial: { ...denial, action: denial.action ?? need.action } })
    return {
      allowed: false,
      why: troubleLine(thrown, { doing: need.action }).says.replace(/^.* is denied: /, ''),
    }
  }
}

/**
 * One policy, with a statement for each resource. Its name is derived from its content: under a fixed name,
 * it would replace what an earlier fix has allowed.
 */
function fixOf(needs: readonly Need[], principal: string, as: Identity): Fix {
  const named = principalName(principal)
  const Statement = [...together(needs, ({ resource }) => resource)].map(([Resource, some]) => ({
    Effect: 'Allow',
    Action: some.map(({ action }) => action),
    Resource,
    ...conditionOf(some),
  }))
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement })
  const user = (needs[0]?.for ?? '').replace(/\W+/g, '-')
  const PolicyName = `loglake-${user}-${tagOf(PolicyDocument)}`
  if (!named) return { does: `Allow it: ${PolicyDocument}` }
  return {
    does: 'Allow what is missing.',
    calls: [
      named.kind === 'role'
        ? {
            as,
            service: 'iam',
            action: 'PutRolePolicy',
            input: { RoleName: named.name, PolicyName, PolicyDocument },
          }
        : {
            as,
            service: 'iam',
            action: 'PutUserPolicy',
            input: { UserName: named.name, PolicyName, PolicyDocument },
          },
    ],
  }
}

/** A role may be handed to one service only. */
function conditionOf(needs: readonly Need[]): object {
  const context = needs.find((need) => need.context)?.context
  return context === undefined ? {} : { Condition: { StringEquals: context } }
}
