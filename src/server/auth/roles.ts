import { Problem } from '../../api/problem.ts'
import type { PersonSpan, Reader, Role, SignedIn } from '../../query/reader.ts'
import type { ServeSettings } from '../settings.ts'

/** A person, as a way of signing in identifies them. */
export interface Identity {
  subject: string
  name: string
  /** Values of the claim of roles or groups. */
  groups: readonly string[]
  signedIn: SignedIn
}

/** Further facts about people, such as whose manager they are now. */
export interface Known {
  /** The people whose rows a manager may see. */
  spansOf(name: string): Promise<readonly PersonSpan[]>
  /** Whether an open review asks this person something. */
  isAsked(name: string): Promise<boolean>
}

/** Most powerful role first: a person has one. */
const ORDER = ['operator', 'analyst', 'manager', 'auditor'] as const

/**
 * The reader of a request. A claim that the configuration does not map gives no role.
 *
 * @throws Problem 403 when this person has no role
 */
export async function readerOf(
  { subject, name, groups, signedIn }: Identity,
  roles: ServeSettings['roles'],
  known: Known,
): Promise<Reader> {
  const has = (wanted: readonly string[]) => wanted.some((one) => one === name || groups.includes(one))
  const role: Role | undefined =
    ORDER.find((one) => has(roles[one])) ?? ((await known.isAsked(name)) ? 'asked' : undefined)
  if (!role)
    throw new Problem(
      403,
      'No role',
      `${name} has no role here: an operator adds one of their groups to serve.roles in loglake.yaml.`,
      signedIn === 'oidc' ? { sign_out: '/auth/sign-out' } : {},
    )
  return {
    subject,
    name,
    role,
    signedIn,
    mayUnmask: role === 'operator' || role === 'manager' || (role === 'analyst' && has(roles.unmask)),
    ...(role === 'manager' ? { people: await known.spansOf(name) } : {}),
  }
}
