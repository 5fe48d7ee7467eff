import { createHash, timingSafeEqual } from 'node:crypto'
import { BlockList, isIP } from 'node:net'
import type { Context as Http } from 'hono'
import { Problem } from '../../api/problem.ts'
import type { Carried } from '../routes.ts'
import type { ServeSettings } from '../settings.ts'
import { peerOf, rawHeaders } from './requests.ts'
import type { Identity } from './roles.ts'

type HeaderSettings = NonNullable<ServeSettings['header']>

const SECRET = 'x-loglake-secret'

/**
 * Identifies people by a header of a proxy. The header counts only if the socket belongs to a listed address
 * and the secret matches; otherwise the request is refused rather than treated as anonymous, so that a wrong
 * set-up is noticed. A repeated header is refused too, and one written with `_`, which some proxies treat as
 * the same.
 *
 * @throws Problem 400 or 401
 */
export function headerIdentity(http: Http<Carried>, settings: HeaderSettings): Identity {
  const names = [settings.user, settings.groups, SECRET].map((name) => name.toLowerCase())
  const sent = rawHeaders(http)
  for (const name of names) {
    const alike = sent.filter((header) => header.toLowerCase().replaceAll('_', '-') === name)
    if (alike.length > 1 || alike.some((header) => header.includes('_')))
      throw new Problem(400, 'Wrong header', `The header ${name} is there twice, or written with "_".`)
  }
  const user = http.req.header(settings.user)
  if (user === undefined) throw new Problem(401, 'Not signed in', 'The request has no name from the proxy.')
  if (!isPeer(peerOf(http), settings.peers))
    throw new Problem(
      400,
      'Wrong header',
      `The header ${settings.user} comes from an address that may not set it.`,
    )
  if (!sameSecret(http.req.header(SECRET) ?? '', settings.secret))
    throw new Problem(400, 'Wrong header', `The header ${settings.user} comes without the secret.`)
  const groups = (http.req.header(settings.groups) ?? '').split(',').map((group) => group.trim())
  return { subject: user, name: user, groups: groups.filter((group) => group !== ''), signedIn: 'header' }
}

function isPeer(address: string | null, peers: readonly string[]): boolean {
  if (address === null) return false
  const list = new BlockList()
  for (const peer of peers) {
    const [network = '', bits] = peer.split('/')
    const kind = isIP(network) === 6 ? 'ipv6' : 'ipv4'
    if (bits === undefined) list.addAddress(network, kind)
    else list.addSubnet(network, Number(bits), kind)
  }
  return list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}

/** Compares in constant time. */
function sameSecret(given: string, wanted: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(given), hash(wanted))
}
