import { type Denial, denialOf, whoToAsk, wordsOfDenial } from '../../aws/denial.ts'
import { saidBy, troubleOf, wayOutOf } from '../../aws/errors.ts'
import type { Identity } from '../../aws/identity.ts'
import { LakeError, UserError } from '../../lib/errors.ts'
import type { Fix, Line } from './contract.ts'
import { tagOf } from './words.ts'

/** A line for what could not be determined: the denying policy and its owner, or why AWS does not answer. */
export function troubleLine(
  thrown: unknown,
  {
    about,
    doing,
    as = {},
    state = 'unknown',
  }: { about?: string | undefined; doing: string; as?: Identity; state?: 'unknown' | 'not' },
): Line {
  const denial = denialOf(thrown)
  if (denial) {
    const what = denial.action ?? doing
    return {
      state,
      about,
      says: `${state === 'not' ? '' : 'cannot tell: '}${what} is denied: ${wordsOfDenial(denial)}`,
      fix: fixOfDenial(denial, as, doing),
      denied: { ...denial, action: denial.action ?? actionIn(doing) },
    }
  }
  const { what, wayOut } = wayOutOf(thrown)
  return { state, about, says: `cannot tell: ${what} (${saidBy(thrown)})`, fix: { does: wayOut } }
}

/** `s3:ListBucket` of `s3:ListBucket on example-logs` */
function actionIn(doing: string): string | undefined {
  return /^[a-z0-9]+:\w+/.exec(doing)?.[0]
}

/** A statement that allows the action, when one of our policies lacks it; else whom to ask. */
function fixOfDenial(denial: Denial, as: Identity, doing: string): Fix {
  const action = denial.action ?? actionIn(doing)
  const ask = `Ask ${whoToAsk(denial)}.`
  if (action === undefined) return { does: ask }
  const [service = ''] = action.split(':')
  const statement = { Effect: 'Allow', Action: action, Resource: denial.resource ?? '*' }
  const mayAllow = !denial.explicit && ['identity', 'unsaid'].includes(denial.policy)
  const named = principalName(denial.principal)
  if (!mayAllow || !named)
    return {
      does: `${ask} ${denial.explicit ? 'The statement that denies it must leave out' : 'What is wanted:'} ${JSON.stringify(statement)}`,
    }
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
  // One policy for each resource: another bucket's must not replace this one's.
  const PolicyName = `loglake-${service}-${action.split(':')[1]}-${tagOf(PolicyDocument)}`
  return {
    does: `Allow ${action}.`,
    calls: [
      named.kind === 'role'
        ? {
            service: 'iam',
            action: 'PutRolePolicy',
            input: { RoleName: named.name, PolicyName, PolicyDocument },
            as,
          }
        : {
            service: 'iam',
            action: 'PutUserPolicy',
            input: { UserName: named.name, PolicyName, PolicyDocument },
            as,
          },
    ],
  }
}

/** The role or user behind an ARN, including a session's. */
export function principalName(arn: string | undefined): { kind: 'role' | 'user'; name: string } | undefined {
  const [, kind, path] = /^arn:[\w-]+:(?:iam|sts)::\d*:(assumed-role|role|user)\/(.+)$/.exec(arn ?? '') ?? []
  if (kind === undefined || path === undefined) return undefined
  const parts = path.split('/')
  const name = kind === 'assumed-role' ? parts[0] : parts.at(-1)
  return name ? { kind: kind === 'user' ? 'user' : 'role', name } : undefined
}

/**
 * Runs work that returns lines; an error of AWS becomes a line.
 *
 * @param doing the action as IAM names it, and its resource: `s3:ListBucket on example-logs`
 */
export async function guarded(
  doing: string,
  { about, as, state }: { about?: string | undefined; as?: Identity; state?: 'unknown' | 'not' },
  work: () => Promise<Line | readonly Line[]>,
): Promise<Line[]> {
  try {
    return [await work()].flat() as Line[]
  } catch (thrown) {
    if (thrown instanceof UserError || thrown instanceof LakeError)
      return [{ state: 'unknown', about, says: firstLine(thrown) }]
    return [troubleLine(thrown, { about, doing, ...(as ? { as } : {}), ...(state ? { state } : {}) })]
  }
}

function firstLine(thrown: Error): string {
  return `cannot tell: ${thrown.message.split('\n')[0]}`
}

/** Whether an error means that the resource does not exist. */
export function isMissing(thrown: unknown): boolean {
  const name = thrown instanceof Error ? thrown.name : ''
  return (
    ['missing', 'no bucket'].includes(troubleOf(thrown)) ||
    /^(NoSuch|ResourceNotFound|EntityNotFound|NotFound|InvalidDocument$|TrailNotFound|.*DoesNotExist|QueueDoesNotExist|.*NotFoundError$)/.test(
      name,
    )
  )
}

/** A part of a bucket's settings, or undefined when it is not set. */
export async function ifThere<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked
  } catch (thrown) {
    if (isMissing(thrown)) return undefined
    throw thrown
  }
}
