import { UserError } from '../lib/errors.ts'
import type { Definition } from './definition.ts'

/** The environment variable with the secret key of hashes that replace sensitive values. */
const HASH_KEY = 'LOGLAKE_HASH_KEY'

const SHORTEST = 16

/**
 * The secret key of the hashes, for log types that need one. Without a key, anyone with a hash could try
 * names and numbers until one matches.
 */
export function hashKeyFor(definitions: readonly Definition[], env: NodeJS.ProcessEnv = process.env): string {
  const key = env[HASH_KEY] ?? ''
  const hashing = definitions.find(({ sensitive }) => sensitive.some(({ store }) => store === 'hash'))
  if (hashing && key.length < SHORTEST) {
    throw new UserError(
      `${hashing.file} stores hashes of sensitive fields: set ${HASH_KEY} to a secret of at least ${SHORTEST} characters, and keep it, since another one makes other hashes`,
    )
  }
  return key
}
