import { connections } from './connections.ts'
import { type Identity, stsOf } from './identity.ts'

/** Credentials that sign requests. They are never logged, written, or part of an error. */
export interface Credentials {
  accessKeyId: string
  secretAccessKey: string
  sessionToken?: string
  expiration?: Date
}

/** 5 minutes before their expiry, credentials are renewed: a request under way must not outlive them. */
const RENEW_MS = 5 * 60_000
/** 1 second at least between renewals of short-lived credentials. */
const LEAST_MS = 1_000
/** 5 minutes: a session in a file or the environment has no expiry, so it is read again after this time. */
const REREAD_MS = 5 * 60_000

/** Credentials of an identity, requested for every request. */
export interface CredentialsProvider {
  (): Promise<Credentials>
  /** Tells the SDK not to cache them: they are cached here, and may have to be dropped early. */
  memoized: true
  /**
   * Fetches new credentials in place of those that AWS refused, once for all refused requests. False when the
   * source still returns the same ones.
   */
  renew(refused: Credentials): Promise<boolean>
}

/**
 * Credentials of an identity, shared by all its clients and renewed as long as they are used: a run may take
 * days, and a role's session lasts an hour.
 */
export function credentialsOf(identity: Identity): CredentialsProvider {
  let kept: { asked: Promise<Credentials>; until: number } | undefined
  async function current(): Promise<Credentials> {
    if (kept && Date.now() < kept.until) return await kept.asked
    const asked = provide(identity)
    const mine = { asked, until: Number.POSITIVE_INFINITY }
    kept = mine
    try {
      const { expiration } = await asked
      if (expiration) mine.until = Math.max(expiration.getTime() - RENEW_MS, Date.now() + LEAST_MS)
      return await asked
    } catch (thrown) {
      if (kept === mine) kept = undefined
      throw thrown
    }
  }
  async function renew(refused: Credentials): Promise<boolean> {
    if ((await current()) === refused) kept = undefined
    const { accessKeyId, sessionToken } = await current()
    return accessKeyId !== refused.accessKeyId || sessionToken !== refused.sessionToken
  }
  return Object.assign(current, { memoized: true as const, renew })
}

async function provide(identity: Identity): Promise<Credentials> {
  const { fromIni, fromNodeProviderChain, fromTemporaryCredentials } = await import(
    '@aws-sdk/credential-providers'
  )
  const { profile, role_arn, external_id, session_name } = identity
  // For STS, which a profile may need as well as a role.
  const clientConfig = { ...stsOf(identity), requestHandler: connections() }
  // A profile that is named takes precedence over keys in the environment.
  const own =
    profile === undefined
      ? fromNodeProviderChain({ clientConfig, ignoreCache: true })
      : fromIni({ profile, clientConfig, ignoreCache: true })
  if (role_arn === undefined) return untilReread(await own())
  const assume = fromTemporaryCredentials({
    masterCredentials: own,
    params: {
      RoleArn: role_arn,
      RoleSessionName: session_name ?? 'loglake',
      ...(external_id === undefined ? {} : { ExternalId: external_id }),
    },
    clientConfig: { ...clientConfig, ...(profile === undefined ? {} : { profile }) },
  })
  return await assume()
}

function untilReread(found: Credentials): Credentials {
  if (found.sessionToken === undefined || found.expiration) return found
  return { ...found, expiration: new Date(Date.now() + RENEW_MS + REREAD_MS) }
}
