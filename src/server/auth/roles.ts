import { Problem } from '../../api/problem.ts'
import type { PersonSpan, Reader, Role, SignedIn } from '../../query/reader.ts'
import type { ServeSettings } from '../settings.ts'

/** Who a way of signing in says that somebody is. */
export interface Identity {
  subject: string
  name: string
  /** Values of the claim with roles or groups. */
  groups: readonly string[]
  signedIn: SignedIn
}

/** What is known of people besides: whose manager they are now. */
export interface Known {
  /** The people whose rows a manager may see. */
  spansOf(name: string): Promise<readonly PersonSpan[]>
  /** Whether a review asks this person something. */
  isAsked(name: string): Promise<boolean>
}

/** The role that sees most comes first: a person has one. */
const ORDER = ['operator', 'analyst', 'manager', 'auditor'] as const

/**
 * The reader that a request has. A claim that the configuration does not name gives no role.
 *
 * @throws Problem 403 when nothing gives this person a role
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
