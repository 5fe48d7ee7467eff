import { randomBytes } from 'node:crypto'
import type { Context as Http } from 'hono'
import { getCookie } from 'hono/cookie'
import type { Services } from '../../api/context.ts'
import { Problem } from '../../api/problem.ts'
import { UserError } from '../../lib/errors.ts'
import { keepSecret } from '../../lib/secrets.ts'
import type { Reader } from '../../query/reader.ts'
import type { Carried } from '../routes.ts'
import type { ServeSettings } from '../settings.ts'
import { albIdentities } from './alb.ts'
import type { Auth } from './contract.ts'
import { cookies } from './cookie.ts'
import { headerIdentity } from './header.ts'
import { oidc } from './oidc.ts'
import { checkOrigin, peerOf } from './requests.ts'
import { type Identity, type Known, readerOf } from './roles.ts'
import { tokenReader } from './token.ts'

const LEAST_SECRET = 32

/**
 * Opens the configured way of signing in; API tokens work with each of them.
 *
 * @param local the reader without sign-in
 * @throws UserError when the configuration would let in people who must not come in, or is incomplete
 */
export function signIn(
  settings: ServeSettings,
  services: Services,
  known: Known,
  local: (asked: string | undefined) => Promise<Reader>,
): Auth {
  checkSettings(settings)
  const secure = settings.url?.startsWith('https:') ?? false
  const keys =
    settings.cookie_keys.length > 0 ? settings.cookie_keys : [randomBytes(32).toString('base64url')]
  for (const key of [...keys, settings.header?.secret ?? '', settings.oidc?.client_secret ?? ''])
    keepSecret(key)
  const provider = settings.oidc
    ? oidc({
        settings: settings.oidc,
        cookies: cookies(keys, secure),
        origin: (http) => settings.url?.replace(/\/$/, '') ?? new URL(http.req.url).origin,
        record: (http, identity, what) => record(http, identity, what),
      })
    : undefined
  const balancer = settings.alb ? albIdentities(settings.alb) : undefined

  async function record(http: Http<Carried>, identity: Identity, operation: string): Promise<void> {
    await services.accessLog.write({
      operation,
      outcome: 'shown',
      input: {},
      seen: {},
      version: null,
      reader: { ...identity, role: 'asked', mayUnmask: false },
      address: peerOf(http),
      requestId: http.get('requestId'),
    })
  }

  async function identityOf(http: Http<Carried>, renews: boolean): Promise<Identity> {
    if (settings.sign_in === 'oidc' && provider) return await provider.identityOf(http, renews)
    if (settings.sign_in === 'alb' && balancer) return await balancer.identityOf(http)
    if (settings.sign_in === 'header' && settings.header) return headerIdentity(http, settings.header)
    throw new Problem(401, 'Not signed in', 'There is no way to sign in.')
  }

  return {
    mount(app) {
      if (settings.sign_in === 'oidc') provider?.mount(app)
    },
    async readerOf(http) {
      checkOrigin(http, settings)
      const byToken = await tokenReader(http, services.tokens, known.spansOf)
      if (byToken) return byToken
      if (settings.sign_in === 'none') return await local(getCookie(http, 'look-as'))
      // A page opens a stream again by itself, which does not show that anybody is there.
      const isUse = http.req.header('accept') !== 'text/event-stream'
      return await readerOf(await identityOf(http, isUse), settings.roles, known)
    },
    async isSignedIn(http) {
      try {
        const byToken = await tokenReader(http, services.tokens, async () => [])
        if (!byToken && settings.sign_in !== 'none') await identityOf(http, false)
        return true
      } catch (thrown) {
        if (thrown instanceof Problem) return false
        throw thrown
      }
    },
    addressOf: peerOf,
    secure: () => secure,
  }
}

function checkSettings(settings: ServeSettings): void {
  const { sign_in: how, host } = settings
  if (how === 'none' && !isLoopback(host))
    throw new UserError(`serve.host is ${host} without sign-in: set serve.sign_in, or listen on 127.0.0.1`)
  if (how !== 'none' && settings[how] === undefined)
    throw new UserError(`serve.sign_in is ${how}, and there is no serve.${how}`)
  if (how === 'oidc' && settings.url === undefined && !isLoopback(host))
    throw new UserError('serve.url is missing: the identity provider sends people back to it')
  for (const secret of [...settings.cookie_keys, ...(settings.header ? [settings.header.secret] : [])])
    if (secret.length < LEAST_SECRET)
      throw new UserError(`a secret of serve has fewer than ${LEAST_SECRET} characters`)
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
}
