import type { Context as Http } from 'hono'
import { Problem } from '../../api/problem.ts'
import type { Carried } from '../routes.ts'
import type { ServeSettings } from '../settings.ts'

/** What `@hono/node-server` passes on of the request. */
interface Node {
  incoming?: { socket?: { remoteAddress?: string }; rawHeaders?: string[] }
}

/** The address of the peer of the socket, independent of headers; null without a socket. */
export function peerOf(http: Http<Carried>): string | null {
  const address = (http.env as Node | undefined)?.incoming?.socket?.remoteAddress
  return address?.replace(/^::ffff:/, '') ?? null
}

/** Header names as sent, including repeated ones. */
export function rawHeaders(http: Http<Carried>): string[] {
  const raw = (http.env as Node | undefined)?.incoming?.rawHeaders
  return raw ? raw.filter((_, at) => at % 2 === 0) : [...http.req.raw.headers.keys()]
}

const LOOPBACK = /^(127(\.\d{1,3}){3}|localhost|\[::1\])(:\d+)?$/i

/**
 * Refuses requests from pages of other sites. Browsers name the origin of a request; one with a token comes
 * from no page. Without sign-in, the `Host` must be a name of this machine: otherwise another site's own
 * domain name could resolve to this machine, and its page could read the lake.
 *
 * @throws Problem 403
 */
export function checkOrigin(
  http: Http<Carried>,
  { sign_in: how, url }: Pick<ServeSettings, 'sign_in' | 'url'>,
): void {
  const host = http.req.header('host') ?? ''
  if (how === 'none' && !LOOPBACK.test(host))
    throw new Problem(403, 'Wrong host', 'This server answers to names of this machine only.')
  const site = http.req.header('sec-fetch-site')
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw elsewhere()
  if (http.req.method === 'GET' || http.req.method === 'HEAD') return
  const origin = http.req.header('origin')
  if (origin === undefined) return
  const expected = url === undefined ? host : new URL(url).host
  if (hostOf(origin) !== expected) throw elsewhere()
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined
}

function elsewhere(): Problem {
  return new Problem(403, 'From another site', 'A page of another site may not ask this server.')
}
