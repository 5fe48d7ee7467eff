import type { Context as Http } from 'hono'
import { Problem } from '../../api/problem.ts'
import type { Tokens } from '../../api/tokens.ts'
import type { PersonSpan, Reader } from '../../query/reader.ts'
import type { Carried } from '../routes.ts'

/**
 * The reader of a request with an API token; undefined without one.
 *
 * @throws Problem 401 when the token is unknown, expired, or sent together with a cookie
 */
export async function tokenReader(
  http: Http<Carried>,
  tokens: Tokens,
  spansOf: (name: string) => Promise<readonly PersonSpan[]>,
): Promise<Reader | undefined> {
  const header = http.req.header('authorization')
  // PyIceberg sends the word None if it has no token.
  if (header === undefined || header === 'Bearer None') return undefined
  const [, token] = /^Bearer ([A-Za-z0-9_]{20,200})$/.exec(header) ?? []
  const found = token === undefined ? undefined : await tokens.find(token)
  if (!found) throw new Problem(401, 'Not signed in', 'This token is unknown, or it has ended.')
  const { owner, scopes, id } = found
  return {
    subject: owner.subject,
    name: owner.name,
    role: owner.role,
    signedIn: 'token',
    mayUnmask: false,
    tokenScopes: scopes,
    ...(owner.role === 'manager' ? { people: await spansOf(owner.name) } : {}),
    tokenId: id,
  }
}
