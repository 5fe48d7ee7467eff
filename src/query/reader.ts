/**
 * The person who asks. Each request creates one reader from how the person signed in, and every question runs
 * with the reader's scope: no other path leads to a table.
 */

/**
 * A reader's role. Each operation declares which roles may run it; `accessOf` decides which rows they see.
 */
export type Role = 'operator' | 'analyst' | 'manager' | 'auditor' | 'asked'

export const ROLES: readonly Role[] = ['operator', 'analyst', 'manager', 'auditor', 'asked']

/** How a reader signed in. `none` is a person on this machine, where no sign-in is configured. */
export type SignedIn = 'none' | 'oidc' | 'token' | 'header' | 'alb' | 'shell'

/**
 * A person whose rows a reader may see, in a span of time; both ends as ISO 8601 in UTC, `until` exclusive.
 */
export interface PersonSpan {
  /** A name as the logs give it: a source identity, a role's session name, a user name. */
  person: string
  from?: string
  until?: string
}

export interface Reader {
  /** The permanent id that the identity provider gives the person. */
  subject: string
  /** The name to show: a mail address, a name. */
  name: string
  role: Role
  signedIn: SignedIn
  /** Accounts and Regions that the reader is limited to; all when undefined. */
  accounts?: readonly string[]
  regions?: readonly string[]
  /**
   * For a manager: the only people whose rows the reader sees. Undefined for readers who see all people's.
   */
  people?: readonly PersonSpan[]
  /** Whether the reader may request text without masks; each time is recorded. */
  mayUnmask: boolean
  /** For a token: the operations it allows, as in `query`; undefined for all that the role allows. */
  tokenScopes?: readonly string[]
  tokenId?: string
}

/** The person at the command line of the machine on which the lake is open. */
export function localOwner(signedIn: 'none' | 'shell', name: string): Reader {
  return { subject: `local:${name}`, name, role: 'operator', signedIn, mayUnmask: true }
}

/** All that decides which rows a reader sees, as a key for caches. */
export function accessKey({ role, accounts, regions, people, mayUnmask }: Reader): string {
  return JSON.stringify([role, accounts ?? null, regions ?? null, people ?? null, mayUnmask])
}
