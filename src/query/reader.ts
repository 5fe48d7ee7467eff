/**
 * Who asks. One reader is made for each request, from how the person signed in, and every question goes through a desk with the
 * reader's scope: there is no way to a table without.
 */

/** What a reader is there for. Which operations that allows, each operation says; which rows, `accessOf`. */
export type Role = 'operator' | 'analyst' | 'manager' | 'auditor' | 'asked'

export const ROLES: readonly Role[] = ['operator', 'analyst', 'manager', 'auditor', 'asked']

/** How a reader proved who they are. `none` is somebody on this machine, where no sign-in is set up. */
export type SignedIn = 'none' | 'oidc' | 'token' | 'header' | 'alb' | 'shell'

/** A person whose rows a reader may see, in a span of time; both ends as ISO 8601 in UTC, `until` exclusive. */
export interface PersonSpan {
  /** A name as the logs have it: the source identity, the session name of a role, the name of a user. */
  person: string
  from?: string
  until?: string
}

export interface Reader {
  /** Who it is, as the identity provider names them for good. */
  subject: string
  /** As people know them: an address of mail, a name. */
  name: string
  role: Role
  signedIn: SignedIn
  /** Accounts and Regions that they are limited to; all when there are none. */
  accounts?: readonly string[]
  regions?: readonly string[]
  /** Of a manager: the only people whose rows they see. Undefined for those who see everybody's. */
  people?: readonly PersonSpan[]
  /** Whether they may ask for text without masks; each time is recorded. */
  mayUnmask: boolean
  /** Of a token: what it is for, as in `query`; undefined when everything that the role may. */
  tokenScopes?: readonly string[]
  tokenId?: string
}

/** The person at the command line of the machine that the lake is opened on. */
export function localOwner(signedIn: 'none' | 'shell', name: string): Reader {
  return { subject: `local:${name}`, name, role: 'operator', signedIn, mayUnmask: true }
}

/** The names of everything that decides what rows a reader sees, as a key for caches. */
export function accessKey({ role, accounts, regions, people, mayUnmask }: Reader): string {
  return JSON.stringify([role, accounts ?? null, regions ?? null, people ?? null, mayUnmask])
}
