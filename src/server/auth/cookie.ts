import { createHash } from 'node:crypto'
import type { Context as Http } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { EncryptJWT, jwtDecrypt } from 'jose'
import type { Carried } from '../routes.ts'

/** The content of a session cookie. Tokens of the identity provider never reach the browser. */
export interface Session {
  subject: string
  name: string
  groups: string[]
  /** The session at the identity provider, which may end it. */
  sid: string | null
  /** When the person signed in, in seconds since 1970. */
  at: number
}

export interface Cookies {
  set(http: Http<Carried>, session: Session): Promise<void>
  get(http: Http<Carried>): Promise<Session | undefined>
  clear(http: Http<Carried>): void
  /** A short-lived value between two steps of signing in. */
  keep(http: Http<Carried>, name: string, value: Record<string, unknown>, seconds: number): Promise<void>
  take(http: Http<Carried>, name: string): Promise<Record<string, unknown> | undefined>
}

/** A session ends after this long without use, and in any case after eight hours. */
const IDLE_SECONDS = 30 * 60
const LONGEST_SECONDS = 8 * 60 * 60

/** @param keys secrets, newest first; cookies of the older ones are still accepted */
export function cookies(keys: readonly string[], secure: boolean): Cookies {
  const secrets = keys.map((key) => createHash('sha256').update(`loglake cookie\n${key}`).digest())
  // The prefix binds a cookie to this host; browsers require TLS for it.
  const nameOf = (name: string) => (secure ? `__Host-${name}` : name)
  const how = { path: '/', httpOnly: true, secure, sameSite: 'Lax' } as const

  async function sealed(payload: Record<string, unknown>, seconds: number): Promise<string> {
    return await new EncryptJWT(payload)
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
      .setIssuedAt()
      .setExpirationTime(`${seconds}s`)
      .encrypt(secrets[0] as Uint8Array)
  }

  async function opened(text: string | undefined): Promise<Record<string, unknown> | undefined> {
    if (text === undefined) return undefined
    for (const secret of secrets) {
      try {
        return (await jwtDecrypt(text, secret, { contentEncryptionAlgorithms: ['A256GCM'] })).payload
      } catch {
        // The cookie belongs to another key, was modified, or has expired: try the next key.
      }
    }
    return undefined
  }

  const session = nameOf('loglake')
  return {
    async set(http, value) {
      setCookie(http, session, await sealed({ ...value }, IDLE_SECONDS), how)
    },
    async get(http) {
      const found = (await opened(getCookie(http, session))) as
        | (Session & { at: number; purpose?: string })
        | undefined
      if (!found || typeof found.subject !== 'string' || found.purpose !== undefined) return undefined
      if (Date.now() / 1000 - found.at > LONGEST_SECONDS) return undefined
      const { subject, name, groups, sid, at } = found
      return { subject, name, groups, sid, at }
    },
    clear(http) {
      deleteCookie(http, session, { path: '/', secure })
    },
    async keep(http, name, value, seconds) {
      setCookie(http, nameOf(name), await sealed({ ...value, purpose: name }, seconds), {
        ...how,
        maxAge: seconds,
      })
    },
    async take(http, name) {
      const found = await opened(getCookie(http, nameOf(name)))
      deleteCookie(http, nameOf(name), { path: '/', secure })
      return found?.purpose === name ? found : undefined
    },
  }
}
