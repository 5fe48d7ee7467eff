import { connections } from './connections.ts'
import { type Identity, stsOf } from './identity.ts'

/** What requests are signed with. Never logged, never written, in no error. */
export interface Credentials {
  accessKeyId: string
  secretAccessKey: string
  sessionToken?: string
  expiration?: Date
}

/** Renewed so long before they expire: a request under way must not outlive them. */
const RENEW_MS = 5 * 60_000
/** Those that last no longer than that are asked for again so often at most. */
const LEAST_MS = 1_000
/** A session in a file or the environment does not tell its end; who renews it there expects it to be read again. */
const REREAD_MS = 5 * 60_000

/** Credentials of an identity, asked for with every request. */
export interface CredentialsProvider {
  (): Promise<Credentials>
  /** The SDK is not to keep them: we do, and may have to drop them before their time. */
  memoized: true
  /**
   * Asks for others in place of those that AWS has refused, once for all requests that were. False when there are no others:
   * whoever gives them out has the same still.
   */
  renew(refused: Credentials): Promise<boolean>
}

/**
 * Credentials of an identity, shared by all its clients and renewed for as long as they are asked for: a run may take
 * days, and a role is assumed for an hour.
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
  // Of STS, which a profile may need as well as a role.
  const clientConfig = { ...stsOf(identity), requestHandler: connections() }
  // A profile that was named comes before keys in the environment.
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
