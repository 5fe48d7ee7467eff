import type { Hono, Context as Http } from 'hono'
import * as client from 'openid-client'
import { Problem } from '../../api/problem.ts'
import { sentence } from '../../lib/errors.ts'
import type { Carried } from '../routes.ts'
import type { ServeSettings } from '../settings.ts'
import { claimOf, listClaim } from './claims.ts'
import type { Cookies } from './cookie.ts'
import type { Identity } from './roles.ts'

type OidcSettings = NonNullable<ServeSettings['oidc']>

export interface OidcOptions {
  settings: OidcSettings
  cookies: Cookies
  /** The address that browsers use: `https://loglake.example.com`. */
  origin(http: Http<Carried>): string
  /** Called before a person is signed in or out. */
  record(http: Http<Carried>, identity: Identity, what: 'sign-in' | 'sign-out'): Promise<void>
}

export interface Oidc {
  mount(app: Hono<Carried>): void
  /**
   * @param renews whether the request prolongs the session
   * @throws Problem 401 when nobody is signed in
   */
  identityOf(http: Http<Carried>, renews: boolean): Promise<Identity>
}

const SIGN_IN_SECONDS = 600
const STEP = 'loglake-sign-in'
/** Age after which a used session gets a new cookie. */
const RENEW_SECONDS = 300

/**
 * Sign-in by OpenID Connect on the server: authorization code flow with PKCE, state and nonce. The provider's
 * tokens are checked and discarded here; the browser only gets an encrypted cookie.
 *
 * Sources: OpenID Connect Core 1.0; RFC 7636 (PKCE); OpenID Connect Back-Channel Logout 1.0.
 */
export function oidc({ settings, cookies, origin, record }: OidcOptions): Oidc {
  let discovered: Promise<client.Configuration> | undefined
  /** Sessions that the provider has ended, kept for the lifetime of a cookie. */
  const ended = new Map<string, number>()

  function provider(): Promise<client.Configuration> {
    discovered ??= client.discovery(
      new URL(settings.issuer),
      settings.client_id,
      settings.client_secret,
      settings.client_secret === undefined ? client.None() : undefined,
      settings.insecure ? { execute: [client.allowInsecureRequests] } : {},
    )
    discovered.catch(() => {
      discovered = undefined
    })
    return discovered
  }

  const callback = (http: Http<Carried>) => `${origin(http)}/auth/callback`

  /** A person at a browser gets the page that says what went wrong, with a way to try again. */
  function told(step: (http: Http<Carried>) => Promise<Response>) {
    return async (http: Http<Carried>): Promise<Response> => {
      try {
        return await step(http)
      } catch (thrown) {
        if (!(thrown instanceof Problem) || !http.req.header('accept')?.includes('text/html')) throw thrown
        const error = REASONS[thrown.status] ?? 'refused'
        return http.redirect(`/sign-in?${new URLSearchParams({ error, to: backTo(http.req.query('to')) })}`)
      }
    }
  }

  async function begin(http: Http<Carried>): Promise<Response> {
    const config = await reach(provider())
    const verifier = client.randomPKCECodeVerifier()
    const state = client.randomState()
    const nonce = client.randomNonce()
    await cookies.keep(
      http,
      STEP,
      { verifier, state, nonce, to: backTo(http.req.query('to')) },
      SIGN_IN_SECONDS,
    )
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri: callback(http),
      scope: settings.scopes.join(' '),
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      nonce,
    })
    return http.redirect(url.href)
  }

  async function finish(http: Http<Carried>): Promise<Response> {
    const kept = await cookies.take(http, STEP)
    if (!kept)
      throw new Problem(400, 'Sign-in broke off', 'Signing in took too long, or began elsewhere: try again.')
    const config = await reach(provider())
    const here = new URL(`${callback(http)}${new URL(http.req.url).search}`)
    const tokens = await client
      .authorizationCodeGrant(config, here, {
        pkceCodeVerifier: String(kept.verifier),
        expectedState: String(kept.state),
        expectedNonce: String(kept.nonce),
        idTokenExpected: true,
      })
      .catch((cause) => {
        throw new Problem(401, 'Not signed in', `The identity provider refused: ${sentence(cause)}`, {
          cause,
        })
      })
    const claims = { ...tokens.claims() } as Record<string, unknown> & { sub: string }
    const wanted = [settings.name_claim, settings.roles_claim.split('.')[0] as string]
    if (wanted.some((name) => claims[name] === undefined) && config.serverMetadata().userinfo_endpoint)
      Object.assign(claims, await client.fetchUserInfo(config, tokens.access_token, claims.sub))
    const identity = identityIn(claims)
    await record(http, identity, 'sign-in')
    await cookies.set(http, {
      subject: identity.subject,
      name: identity.name,
      groups: [...identity.groups],
      sid: claimOf(claims, 'sid') ?? null,
      at: Math.floor(Date.now() / 1000),
    })
    return http.redirect(backTo(String(kept.to ?? '/')))
  }

  function identityIn(claims: Record<string, unknown> & { sub: string }): Identity {
    return {
      subject: claims.sub,
      name: claimOf(claims, settings.name_claim) ?? claims.sub,
      groups: listClaim(claims, settings.roles_claim),
      signedIn: 'oidc',
    }
  }

  return {
    mount(app) {
      app.get('/auth/sign-in', told(begin))
      app.get('/auth/callback', told(finish))
      app.post('/auth/sign-out', async (http) => {
        const session = await cookies.get(http)
        if (session) await record(http, { ...session, signedIn: 'oidc' }, 'sign-out')
        cookies.clear(http)
        // A form sent this: without a page to go to, the browser would stay, as if nothing had happened.
        return http.redirect('/sign-in?out=1', 303)
      })
      app.post('/auth/back-channel-logout', async (http) => {
        const { logout_token: token } = await http.req.parseBody()
        const sid = await endedSession(await reach(provider()), String(token ?? ''))
        ended.set(sid, Date.now())
        for (const [old, atMs] of ended) if (Date.now() - atMs > 9 * 3_600_000) ended.delete(old)
        http.header('cache-control', 'no-store')
        return http.body(null, 200)
      })
    },
    async identityOf(http, renews) {
      const session = await cookies.get(http)
      if (!session || (session.sid !== null && ended.has(session.sid)))
        throw new Problem(401, 'Not signed in', 'Sign in to go on.', { sign_in: '/auth/sign-in' })
      if (renews && Date.now() / 1000 - session.at > RENEW_SECONDS) await cookies.set(http, session)
      return { subject: session.subject, name: session.name, groups: session.groups, signedIn: 'oidc' }
    },
  }
}

/** What the page for signing in says of a failure, by its status. */
const REASONS: Readonly<Record<number, string>> = { 400: 'state', 503: 'down' }

/** A path of this server to return to, never another site. */
function backTo(given: string | undefined): string {
  return given !== undefined && /^\/(?![/\\])/.test(given) && !/[\p{Cc}\\]/u.test(given) ? given : '/'
}

async function reach(provider: Promise<client.Configuration>): Promise<client.Configuration> {
  return await provider.catch((cause) => {
    throw new Problem(503, 'No sign-in now', `The identity provider cannot be reached: ${sentence(cause)}`, {
      retryAfter: 10,
      cause,
    })
  })
}

const LOGOUT = 'http://schemas.openid.net/event/backchannel-logout'

/** @throws Problem 400 when the token is not from the provider, or names no session */
async function endedSession(config: client.Configuration, token: string): Promise<string> {
  const { createRemoteJWKSet, jwtVerify } = await import('jose')
  const { issuer, jwks_uri: keys } = config.serverMetadata()
  try {
    const { payload } = await jwtVerify(token, createRemoteJWKSet(new URL(String(keys))), {
      issuer,
      audience: config.clientMetadata().client_id,
      maxTokenAge: '5m',
    })
    const events = payload.events as Record<string, unknown> | undefined
    if (events?.[LOGOUT] === undefined || payload.nonce !== undefined || typeof payload.sid !== 'string')
      throw new Error('it names no session that ended')
    return payload.sid
  } catch (cause) {
    throw new Problem(400, 'Wrong token', `The logout token is not right: ${sentence(cause)}`, { cause })
  }
}
